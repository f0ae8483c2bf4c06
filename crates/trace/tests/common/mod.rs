//! What the tests of the tracer share: the program `odd`, and ways to look at it.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use trace::{Answer, End, Error, Event, Options, Run, Step, Tracer};

/// Ends the test, aloud, where tracing is denied.
#[macro_export]
macro_rules! needs_ptrace {
    () => {
        if let Some(reason) = common::denied() {
            testkit::skip!("{reason}");
        }
    };
}

/// Why nothing can be traced here.
pub(crate) fn denied() -> Option<String> {
    match Tracer::start(Options::new("/proc/self/exe")) {
        Err(Error::Denied(denial)) => Some(denial.to_string()),
        _ => None,
    }
}

/// The source under test.
pub(crate) const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Where `examples/odd` is.
pub(crate) fn odd() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let target = test.parent().and_then(Path::parent).unwrap();
    target.join("examples").join("odd")
}

pub(crate) fn options(name: &str) -> Options {
    Options::new(odd()).arg(name).root(ROOT).state(false)
}

/// One of its programs, at full speed.
pub(crate) fn run(name: &str) -> Run {
    Run::of(odd(), ROOT).arg(name)
}

/// All steps of one of its programs, until it ends or everybody is stuck.
pub(crate) fn steps(name: &str) -> Vec<Step> {
    steps_of(Tracer::start(options(name)).unwrap())
}

pub(crate) fn steps_of(mut tracer: Tracer) -> Vec<Step> {
    let mut steps = Vec::new();
    while let Some(step) = tracer.step().unwrap() {
        let stuck = matches!(step.event, Event::Stuck(_));
        steps.push(step);
        if stuck {
            break;
        }
    }
    steps
}

pub(crate) fn output(steps: &[Step]) -> String {
    steps.iter().filter_map(|step| Some(step.output.as_ref()?.text.as_str())).collect()
}

/// What it does without a tracer: how it ends, and what it says.
pub(crate) fn plainly(name: &str) -> (End, String) {
    use std::os::unix::process::ExitStatusExt as _;
    let mut command = Command::new(odd());
    command.arg(name).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output().unwrap();
    let end = match (output.status.code(), output.status.signal()) {
        (Some(code), _) => End::Code(code),
        (None, signal) => End::Signal(signal.unwrap()),
    };
    (end, String::from_utf8(output.stdout).unwrap())
}

pub(crate) fn end(steps: &[Step]) -> Option<End> {
    steps.iter().rev().find_map(|step| match step.event {
        Event::Ended(end) if step.task == trace::Task::FIRST => Some(end),
        _ => None,
    })
}

/// A step in a word or two: `P1 read sleeps`, `P2 born`, `P1 SIGCHLD ignored`.
pub(crate) fn brief(step: &Step) -> String {
    let call = step.call.as_ref().map_or("", |call| &call.name);
    let what = match &step.event {
        Event::Enter => format!("{call}("),
        Event::Blocked => format!("{call} sleeps"),
        Event::Return { answer: Answer::Error(errno), .. } => {
            format!("{call} = {}", trace::errno_name(*errno))
        }
        Event::Return { answer: Answer::Interrupted, .. } => format!("{call} cut short"),
        Event::Return { .. } => format!("{call})"),
        Event::Signal { signal, effect, .. } => format!("signal {signal} {effect:?}"),
        Event::Born { how, .. } => format!("born {how:?}"),
        Event::Exec { path } => format!("exec {path}"),
        Event::Stopped { signal } => format!("stopped by {signal}"),
        Event::Ended(end) => format!("ended {end:?}"),
        Event::Stuck(_) => "stuck".into(),
        // How often may depend on the machine.
        Event::Again { steps, .. } => format!("{steps} again"),
    };
    format!("{} {what}", step.task)
}

/// What two runs must have in common: who, what, in which call, on which line.
pub(crate) fn sequence(steps: &[Step]) -> Vec<String> {
    let line = |step: &Step| step.place.location().map_or(0, |location| location.line);
    steps.iter().map(|step| format!("{} :{}", brief(step), line(step))).collect()
}

/// Whether these come one after the other, with others between them.
pub(crate) fn in_order(steps: &[Step], wanted: &[&str]) {
    let all: Vec<String> = steps.iter().map(brief).collect();
    let mut rest = all.iter();
    for one in wanted {
        assert!(rest.any(|step| step == one), "{one:?} is missing, or too early, in {all:#?}");
    }
}

/// Dead and not waited for is gone, too: whose parent was killed as well belongs to init.
pub(crate) fn is_there(pid: i32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}
