//! A test harness for what forks: each case runs in a fresh process, which begins with one
//! thread, under a watchdog that kills its process group. A case fails by a panic, by anything
//! that it leaves over (descriptors, threads, children, zombies), and by a process that is still
//! in its group when it has ended.
//!
//! The test binary says `harness = false` in its Cargo.toml and `testkit::cases!(…)` in its file;
//! `cargo test` hands names, `--exact` and `--list` on to it as to any other.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a panic is a failed test")]

use std::io::{self, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Duration;

use nix::errno::Errno;

use crate::{Program, leaks};

/// What a healthy case needs in milliseconds may take so long on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// A case and its name.
pub type Case = (&'static str, fn());

/// `fn main` of a test binary: all cases by the names of their functions.
#[macro_export]
macro_rules! cases {
    ($($case:ident),* $(,)?) => {
        fn main() -> std::process::ExitCode {
            $crate::cases::run(&[$((stringify!($case), $case as fn())),*])
        }
    };
}

/// Understands what `cargo test` hands on: names to look for, `--exact`, `--list`.
pub fn run(cases: &[Case]) -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, name] = arguments.as_slice()
        && flag == "--case"
    {
        let (_, case) = cases.iter().find(|(known, _)| known == name).unwrap();
        leaks::none(case);
        return ExitCode::SUCCESS;
    }
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let (list, exact) = (has("--list"), has("--exact"));
    let names: Vec<&String> = arguments.iter().filter(|name| !name.starts_with('-')).collect();
    let wanted = |case: &str| {
        let fits = |name: &&String| if exact { case == *name } else { case.contains(*name) };
        names.is_empty() || names.iter().any(fits)
    };
    let (mut passed, mut failed) = (0, 0);
    for (name, _) in cases.iter().filter(|(name, _)| wanted(name)) {
        if list {
            say(&format!("{name}: test\n"));
            continue;
        }
        say(&format!("test {name} ... "));
        match one(name) {
            Ok(skipped) => {
                say(&format!("ok\n{skipped}"));
                passed += 1;
            }
            Err(why) => {
                say(&format!("FAILED\n{why}\n"));
                failed += 1;
            }
        }
    }
    if !list {
        say(&format!("{passed} passed, {failed} failed\n"));
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
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

fn say(text: &str) {
    let mut out = io::stdout();
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
