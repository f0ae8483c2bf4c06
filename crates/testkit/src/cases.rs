//! A test harness for what forks: each case runs in a fresh process, which begins with one
//! thread, under a watchdog that kills its process group. A case fails by a panic, by anything
//! that it leaves over (descriptors, threads, children, zombies), and by a process that is still
//! in its group when it has ended.
//!
//! The test binary says `harness = false` in its Cargo.toml and `testkit::cases!(…)` in its file;
//! `cargo test` hands names, `--exact` and `--list` on to it as to any other.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a panic is a failed test")]

use std::io::{self, Read as _, Write as _};
use std::num::NonZero;
use std::os::fd::OwnedFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use nix::errno::Errno;

use crate::{Program, leaks};

/// What a healthy case needs in milliseconds may take so long on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// A case and its name.
pub type Case = (&'static str, fn());

/// `fn main` of a test binary: all cases by the names of their functions, `module::name` where they
/// lie in modules.
#[macro_export]
macro_rules! cases {
    ($($case:path),* $(,)?) => {
        fn main() -> std::process::ExitCode {
            $crate::cases::run(&[$((stringify!($case), $case as fn())),*])
        }
    };
}

/// Understands what `cargo test` hands on: names to look for, `--exact`, `--list`,
/// `--test-threads N`. As many cases run at a time as there are processors, unless that says
/// otherwise.
pub fn run(cases: &[Case]) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, name] = arguments.as_slice()
        && flag == "--case"
    {
        let (_, case) = cases.iter().find(|(known, _)| known == name).unwrap();
        leaks::none(case);
        return ExitCode::SUCCESS;
    }
    let asked = Asked::of(&arguments);
    let names: Vec<_> =
        cases.iter().map(|(name, _)| *name).filter(|name| asked.has(name)).collect();
    if asked.list {
        for name in names {
            say(&format!("{name}: test\n"));
        }
        return ExitCode::SUCCESS;
    }
    let (waiting, failed) = (Mutex::new(names.iter()), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..asked.at_once {
            scope.spawn(|| {
                // The lock is held for a moment only, not while a case runs.
                let next = || waiting.lock().unwrap().next();
                for name in std::iter::from_fn(next) {
                    match one(name) {
                        Ok(skipped) => say(&format!("test {name} ... ok\n{skipped}")),
                        Err(why) => {
                            say(&format!("test {name} ... FAILED\n{why}\n"));
                            failed.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    let failed = failed.into_inner();
    say(&format!("{} passed, {failed} failed\n", names.len() - failed));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What the command line asks for.
struct Asked<'a> {
    names: Vec<&'a str>,
    exact: bool,
    list: bool,
    at_once: usize,
}

impl<'a> Asked<'a> {
    fn of(arguments: &'a [String]) -> Self {
        let at_once = thread::available_parallelism().map_or(1, usize::from);
        let mut asked = Self { names: Vec::new(), exact: false, list: false, at_once };
        let mut arguments = arguments.iter().map(String::as_str);
        while let Some(argument) = arguments.next() {
            match argument {
                "--exact" => asked.exact = true,
                "--list" => asked.list = true,
                "--test-threads" => asked.at_once = number(arguments.next().unwrap()),
                other => match other.strip_prefix("--test-threads=") {
                    Some(count) => asked.at_once = number(count),
                    // The rest is about what libtest would print.
                    None if other.starts_with('-') => {}
                    None => asked.names.push(other),
                },
            }
        }
        asked
    }

    fn has(&self, case: &str) -> bool {
        let fits = |name: &&str| if self.exact { case == *name } else { case.contains(*name) };
        self.names.is_empty() || self.names.iter().any(fits)
    }
}

/// Nobody would run a case, and none would fail, with zero threads.
fn number(text: &str) -> usize {
    text.parse::<NonZero<usize>>().expect("--test-threads wants a number from 1 on").get()
}

/// Runs a case in a process of its own. Gives what it said about being skipped.
fn one(name: &str) -> Result<String, String> {
    let this = std::env::current_exe().unwrap();
    let program = Program::new(this).args(["--case", name]).limit(LIMIT);
    let done = catch_unwind(AssertUnwindSafe(|| program.run())).map_err(|payload| {
        payload.downcast_ref::<String>().cloned().unwrap_or_else(|| "it panicked".into())
    })?;
    if done.status.success() {
        let skipped = done.stderr.lines().filter(|line| line.starts_with("SKIPPED"));
        Ok(skipped.flat_map(|line| [line, "\n"]).collect())
    } else {
        Err(format!("{}\n{}{}", done.status, done.stdout, done.stderr))
    }
}

/// In one piece: several threads have something to say.
fn say(text: &str) {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).unwrap();
}

/// A pipe by which a child is told to go on, or that it has gone: whoever reads waits for a byte
/// or for the end of it.
pub fn pipe() -> (OwnedFd, OwnedFd) {
    let (reader, writer) = io::pipe().unwrap();
    (reader.into(), writer.into())
}

/// All that comes until the last writer has gone.
pub fn all_of(reader: OwnedFd) -> String {
    let mut text = String::new();
    std::fs::File::from(reader).read_to_string(&mut text).unwrap();
    text
}

/// What stands in one write, without waiting for the end.
pub fn next_of(reader: &OwnedFd) -> String {
    let mut bytes = [0; 4096];
    let n = loop {
        match nix::unistd::read(reader, &mut bytes) {
            Err(Errno::EINTR) => {}
            read => break read.unwrap(),
        }
    };
    String::from_utf8(bytes[..n].to_vec()).unwrap()
}

/// One write, whole.
pub fn tell(writer: &OwnedFd, text: &str) {
    assert_eq!(nix::unistd::write(writer, text.as_bytes()), Ok(text.len()));
}

/// What a child does that shall be there until somebody ends it.
pub fn stay() -> i32 {
    loop {
        nix::unistd::pause();
    }
}
