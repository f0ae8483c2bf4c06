//! Whoever is killed, one of the traced or the tracer: it is told, and nobody stays.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::process::Command;
use std::thread;

use common::{is_there, options, steps_of};
use testkit::until;
use trace::{End, Event, Task, Tracer};

fn kill(pid: i32) {
    let pid = nix::unistd::Pid::from_raw(pid);
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL).unwrap();
}

#[test]
fn who_is_killed_from_outside_is_told_to_have_ended() {
    needs_ptrace!();
    let mut tracer = Tracer::start(options("hang")).unwrap();
    let until = |tracer: &mut Tracer, what: &str| loop {
        let step = tracer.step().unwrap().unwrap();
        if common::brief(&step) == what {
            return;
        }
    };
    until(&mut tracer, "P2 pause sleeps");
    kill(tracer.pid_of("P2".parse().unwrap()).unwrap());
    until(&mut tracer, "P2 ended Signal(9)");
    // One that stands is killed, too.
    let first = tracer.pid_of(Task::FIRST).unwrap();
    kill(first);
    until(&mut tracer, "P1 ended Signal(9)");
    assert_eq!(tracer.step().unwrap(), None);
    assert_eq!(tracer.end(), Some(End::Signal(libc::SIGKILL)));
    assert!(!is_there(first));
}

/// In the middle of whatever it does.
#[test]
fn who_is_killed_while_he_stands_is_told_to_have_ended() {
    needs_ptrace!();
    for name in ["forks", "fill", "echo"] {
        for steps in 1..12 {
            let mut tracer = Tracer::start(options(name)).unwrap();
            for _ in 0..steps {
                tracer.step().unwrap().unwrap();
            }
            kill(tracer.pid_of(Task::FIRST).unwrap());
            let rest = steps_of(tracer);
            assert_eq!(common::end(&rest), Some(End::Signal(libc::SIGKILL)), "{name} {steps}");
        }
    }
}

/// PTRACE_O_EXITKILL: whatever becomes of the tracer's process.
#[test]
fn a_tracer_that_is_killed_takes_everybody_along() {
    needs_ptrace!();
    if std::env::var_os("ALONE").is_some() {
        let mut tracer = Tracer::start(options("hang")).unwrap();
        while !matches!(tracer.step().unwrap().unwrap().event, Event::Stuck(_)) {}
        let pids = ["P1", "P2"].map(|name| tracer.pid_of(name.parse().unwrap()).unwrap());
        std::fs::write(std::env::var_os("PIDS").unwrap(), format!("{} {}\n", pids[0], pids[1]))
            .unwrap();
        loop {
            thread::park();
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pids");
    let mut alone = Command::new(std::env::current_exe().unwrap());
    alone.args(["--exact", "a_tracer_that_is_killed_takes_everybody_along", "--nocapture"]);
    let mut tracer = alone.env("ALONE", "1").env("PIDS", &file).spawn().unwrap();
    let pids = until("it has told its tracees", || {
        let text = std::fs::read_to_string(&file).ok().filter(|text| text.ends_with('\n'))?;
        Some(text.split_whitespace().map(|pid| pid.parse().unwrap()).collect::<Vec<i32>>())
    });
    assert!(pids.len() == 2 && pids.iter().all(|&pid| is_there(pid)));
    tracer.kill().unwrap();
    tracer.wait().unwrap();
    for pid in pids {
        until("it has ended with its tracer", || (!is_there(pid)).then_some(()));
    }
}
