//! The tests of an exercise, and what they say to a learner.
//!
//! `tests/check.rs` (`harness = false`) lists its cases; they run in this order, and the first
//! one that fails is the next thing to do:
//!
//! ```ignore
//! testkit::exercise! {
//!     t1_one_client_gets_its_echo,
//!     t2_a_hundred_clients: limit(Duration::from_secs(30)),
//!     t3_waiting_costs_nothing: cpu(Duration::from_millis(500)),
//!     t4_short_writes: faults(short_writes),
//! }
//! ```
//!
//! - A case is a function of no arguments. It fails by a panic, so `assert!(…, "…")` and
//!   [`equal!`](crate::equal) are all it needs: their words are what the learner reads.
//!   [`step!`](crate::step) notes what has gone well; the notes are shown when the case fails.
//! - It is a process and a session of its own, with an empty folder as its current directory and
//!   TMPDIR, descriptors 0 (/dev/null), 1 and 2 (captured), one thread and no child.
//! - It fails by what it leaves: descriptors, zombies, children, threads, daemons, socket files,
//!   and IPC objects with a name from [`name`].
//! - One that calls [`skip!`](crate::skip) is told as skipped, and neither passes nor fails.
//! - When its time is over, every task is told with the line where it sleeps or runs.
//!
//! Three processes, so that nothing a learner does can stay: the keeper, which `cargo test` has
//! started; the harness, its child, which adopts every orphan below it; and the case. Whichever of
//! the first two dies, the other one ends and clears all that is below (`keeper`, `clear`). No
//! case can signal every process of the user: kill(-1) ends its caller (`guard`).

mod beside;
mod case;
mod clear;
mod descriptor;
mod echoes;
mod ending;
mod errno;
mod folder;
mod guard;
mod hang;
mod harness;
pub mod http;
mod inside;
mod judge;
mod keeper;
mod left;
mod observed;
mod output;
mod page;
mod panics;
mod runner;
mod traced;

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use trace::Fault;

pub use beside::{Beside, beside};
pub use echoes::Echoes;
pub(crate) use inside::skip;
pub use inside::{leave, name, note};
pub use observed::{Observed, PATIENCE, SPIN};

/// What a healthy case needs in milliseconds may take so long on a busy machine.
const LIMIT: Duration = Duration::from_secs(10);

/// A case: its function, and what is special about it.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    name: &'static str,
    function: fn(),
    limit: Duration,
    cpu: Option<Duration>,
    faults: Option<fn() -> Vec<Fault>>,
}

impl Case {
    /// As [`exercise!`](crate::exercise) makes it from the name of a function.
    #[must_use]
    pub const fn new(name: &'static str, function: fn()) -> Self {
        Self { name, function, limit: LIMIT, cpu: None, faults: None }
    }

    /// How long it may take: 10 s, unless this says more.
    #[must_use]
    pub const fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// How much processor time it may use, with the children that it has waited for. This does
    /// not depend on what else the machine does; a loop that only asks again uses all there is.
    #[must_use]
    pub const fn cpu(mut self, most: Duration) -> Self {
        self.cpu = Some(most);
        self
    }

    /// It runs under the tracer with these faults, which meet the calls of `src/` only. It fails
    /// if one of them never came to pass. Skipped aloud where tracing is denied.
    #[must_use]
    pub const fn faults(mut self, faults: fn() -> Vec<Fault>) -> Self {
        self.faults = Some(faults);
        self
    }

    /// `t2_the_end` as `t2: the end`.
    fn title(&self) -> String {
        let number = |part: &str| part.starts_with('t') && part[1..].parse::<u32>().is_ok();
        match self.name.split_once('_').filter(|(first, _)| number(first)) {
            Some((number, rest)) => format!("{number}: {}", rest.replace('_', " ")),
            None => self.name.replace('_', " "),
        }
    }
}

/// `fn main` of `tests/check.rs`: the cases, in their order.
#[macro_export]
macro_rules! exercise {
    ($($case:ident $(: $($option:ident($($value:expr),*))+)?),* $(,)?) => {
        fn main() -> std::process::ExitCode {
            $crate::exercise::run(
                env!("CARGO_MANIFEST_DIR"),
                &[$($crate::exercise::Case::new(stringify!($case), $case)
                    $($(.$option($($value),*))+)?),*],
            )
        }
    };
}

/// Notes a step that has gone well: shown, with those before it, when the case fails.
#[macro_export]
macro_rules! step {
    ($($what:tt)*) => { $crate::exercise::note(&format!($($what)*)) };
}

/// `equal!(got, wanted, "what this is, and why it matters: {}", …)`
///
/// # Panics
/// When they differ, with the sentence and both.
#[macro_export]
macro_rules! equal {
    ($got:expr, $wanted:expr, $($what:tt)+) => {
        match (&$got, &$wanted) {
            (got, wanted) => assert!(
                *got == *wanted,
                "{}\n  got:    {}\n  wanted: {}",
                format_args!($($what)+),
                $crate::exercise::shown(got),
                $crate::exercise::shown(wanted),
            ),
        }
    };
}

/// A value for a learner's eyes: its beginning, and how much there is, when it is long.
pub fn shown(value: &impl std::fmt::Debug) -> String {
    const MOST: usize = 240;
    let text = format!("{value:?}");
    match text.char_indices().nth(MOST) {
        None => text,
        Some((cut, _)) => format!("{} … ({} characters)", &text[..cut], text.chars().count()),
    }
}

/// Runs the cases of the exercise in this folder. Which of the three processes this is, the
/// arguments say; what `cargo test` hands on are parts of names, `--exact` and `--list`.
pub fn run(root: &'static str, cases: &[Case]) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, name, page] = arguments.as_slice()
        && flag == inside::FLAG
        && let Some(case) = cases.iter().find(|case| case.name == name)
    {
        return inside::run(root, case, Path::new(page));
    }
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let names: Vec<&String> = arguments.iter().filter(|name| !name.starts_with('-')).collect();
    let fits =
        |case: &str, name: &str| if has("--exact") { case == name } else { case.contains(name) };
    let is_wanted =
        |case: &Case| names.is_empty() || names.iter().any(|name| fits(case.name, name));
    let wanted: Vec<Case> = cases.iter().copied().filter(is_wanted).collect();
    if has("--list") {
        for case in &wanted {
            harness::say(&format!("{}: test\n", case.name));
        }
        return ExitCode::SUCCESS;
    }
    keeper::run(root, &wanted)
}
