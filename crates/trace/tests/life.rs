//! A tracer among others: it takes nothing away from anybody, and leaves nothing behind.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use common::{is_there, odd, options, output, run, steps_of};
use nix::sched::{CpuSet, sched_getaffinity};
use nix::unistd::Pid;
use testkit::until;
use trace::{End, Event, Options, Task, Tracer};

/// Several at once, on threads of their own, beside children that nobody traces.
#[test]
fn tracers_and_plain_children_do_not_disturb_each_other() {
    needs_ptrace!();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..5 {
                    let outcome = run("fork").go().unwrap();
                    assert_eq!(outcome.output(), "hello\nended\n", "{outcome}");
                }
            });
        }
        for _ in 0..100 {
            assert!(Command::new("/bin/true").status().unwrap().success());
        }
    });
}

/// Even on the same thread: reports are asked for task by task.
#[test]
fn two_tracers_and_a_child_on_one_thread() {
    needs_ptrace!();
    let mut child = Command::new("/bin/true").spawn().unwrap();
    let mut one = Tracer::start(options("fork")).unwrap();
    let mut other = Tracer::start(options("fork")).unwrap();
    let (mut a, mut b) = (Vec::new(), Vec::new());
    loop {
        let (x, y) = (one.step().unwrap(), other.step().unwrap());
        if x.is_none() && y.is_none() {
            break;
        }
        a.extend(x);
        b.extend(y);
    }
    assert_eq!((output(&a), output(&b)), ("hello\nended\n".into(), "hello\nended\n".into()));
    assert!(child.wait().unwrap().success());
}

#[test]
fn dropping_a_tracer_ends_everybody() {
    needs_ptrace!();
    for name in ["hang", "deadlock", "forever", "many", "forks", "stop", "daemon"] {
        let mut tracer = Tracer::start(options(name).patience(Duration::from_millis(100))).unwrap();
        let mut pids = Vec::new();
        for _ in 0..40 {
            let Some(step) = tracer.step().unwrap() else { break };
            if matches!(step.event, Event::Stuck(_)) {
                break;
            }
            pids.extend(tracer.pid_of(step.task));
        }
        drop(tracer);
        assert!(!pids.is_empty());
        for pid in pids {
            assert!(!is_there(pid), "{name} left {pid}");
        }
    }
}

#[test]
fn a_tracer_that_has_made_no_step_ends_its_program_too() {
    needs_ptrace!();
    let tracer = Tracer::start(options("hang")).unwrap();
    let pid = tracer.pid_of(Task::FIRST).unwrap();
    assert!(is_there(pid));
    drop(tracer);
    assert!(!is_there(pid));
}

/// A server is watched until its clients, outside of the tracer, have what they want.
#[test]
fn whoever_runs_at_full_speed_can_be_told_to_stop() {
    needs_ptrace!();
    for name in ["hang", "forever"] {
        let stop = Arc::new(AtomicBool::new(false));
        let mut tracer = Tracer::start(options(name).stop(Arc::clone(&stop))).unwrap();
        let pid = tracer.pid_of(Task::FIRST).unwrap();
        let telling = thread::spawn(move || stop.store(true, Ordering::Relaxed));
        assert_eq!(tracer.run(testkit::LIMIT, drop).unwrap(), []);
        telling.join().unwrap();
        assert_eq!(tracer.end(), None);
        drop(tracer);
        assert!(!is_there(pid), "{name}");
    }
}

#[test]
fn the_end_of_a_tracing_thread_ends_everybody() {
    needs_ptrace!();
    let pid = thread::spawn(|| {
        let tracer = Tracer::start(options("hang")).unwrap();
        let pid = tracer.pid_of(Task::FIRST).unwrap();
        std::mem::forget(tracer);
        pid
    });
    let pid = pid.join().unwrap();
    until("it has ended", || (!is_there(pid)).then_some(()));
}

/// Counted in a process of its own, because other tests open and close descriptors meanwhile.
#[test]
fn nothing_is_left_open() {
    needs_ptrace!();
    if std::env::var_os("ALONE").is_none() {
        let mut alone = Command::new(std::env::current_exe().unwrap());
        alone.args(["--exact", "nothing_is_left_open", "--nocapture"]).env("ALONE", "1");
        let output = alone.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        return;
    }
    let count = || std::fs::read_dir("/proc/self/fd").unwrap().count();
    let before = count();
    for _ in 0..3 {
        let options = Options::new(odd()).arg("fork").root(common::ROOT);
        assert_eq!(output(&steps_of(Tracer::start(options).unwrap())), "hello\nended\n");
    }
    assert_eq!(count(), before);
}

#[test]
fn a_hundred_children_are_told_apart() {
    needs_ptrace!();
    let outcome = run("forks").go().unwrap();
    assert_eq!((outcome.end, outcome.output()), (Some(End::Code(0)), "4950\n".into()));
    let born = outcome.steps.iter().filter(|step| matches!(step.event, Event::Born { .. }));
    let names: std::collections::BTreeSet<Task> = born.map(|step| step.task).collect();
    assert_eq!(names.len(), 100);
}

#[test]
fn children_that_fork_on_are_told_apart_until_all_have_ended() {
    needs_ptrace!();
    let outcome = run("bomb").go().unwrap();
    assert_eq!((outcome.end, outcome.output()), (Some(End::Code(0)), "it is over\n".into()));
    let born = outcome.steps.iter().filter(|step| matches!(step.event, Event::Born { .. }));
    let names: std::collections::BTreeSet<Task> = born.map(|step| step.task).collect();
    assert_eq!(names.len(), 200);
}

#[test]
fn a_tracer_that_is_dropped_amid_forks_ends_everybody() {
    needs_ptrace!();
    let mut tracer = Tracer::start(options("bomb")).unwrap();
    let mut pids = Vec::new();
    while pids.len() < 20 {
        let step = tracer.step().unwrap().unwrap();
        if let Event::Born { .. } = step.event {
            pids.extend(tracer.pid_of(step.task));
        }
    }
    drop(tracer);
    for pid in pids {
        until("it has ended", || (!is_there(pid)).then_some(()));
    }
}

#[test]
fn fifty_megabytes_arrive() {
    needs_ptrace!();
    let steps = steps_of(Tracer::start(options("flood")).unwrap());
    let lengths = steps.iter().filter_map(|step| Some(step.output.as_ref()?.text.len()));
    assert_eq!(lengths.sum::<usize>(), 50 << 20);
    assert_eq!(common::end(&steps), Some(End::Code(0)));
}

/// Those who take turns share a processor, and nobody is left with less than he had.
#[test]
fn one_processor_is_enough_for_those_who_are_stepped() {
    needs_ptrace!();
    let own = Pid::from_raw(0);
    let before = sched_getaffinity(own).unwrap();
    let mut tracer = Tracer::start(options("spawn")).unwrap();
    let count = |pid| {
        let set = sched_getaffinity(pid).unwrap();
        (0..CpuSet::count()).filter(|&n| set.is_set(n).unwrap()).count()
    };
    assert_eq!(count(own), 1);
    while let Some(step) = tracer.step().unwrap() {
        let tids = tracer.movable().into_iter().filter_map(|task| tracer.pid_of(task));
        assert!(tids.map(Pid::from_raw).all(|tid| count(tid) == 1), "{step:#?}");
    }
    drop(tracer);
    assert_eq!(sched_getaffinity(own).unwrap(), before);

    let mut tracer = Tracer::start(options("spawn")).unwrap();
    tracer
        .run(Duration::from_mins(1), |_| assert_eq!(sched_getaffinity(own).unwrap(), before))
        .unwrap();
}
