//! What is told, in which order.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use common::{brief, in_order, options, sequence, steps, steps_of};
use trace::{Event, Step, Task, Tracer};

#[test]
fn fork_returns_twice() {
    needs_ptrace!();
    let steps = steps("fork");
    in_order(&steps, &["P1 clone(", "P2 born Fork", "P1 clone)", "P1 read sleeps", "P2 clone)"]);
    in_order(&steps, &["P2 write(", "P2 write)", "P1 read)", "P2 ended Code(0)", "P1 wait4)"]);
    let zero = steps.iter().find(|step| brief(step) == "P2 clone)").unwrap();
    assert_eq!(format!("{:?}", zero.event).matches("(0)").count(), 1, "{zero:?}");
}

#[test]
fn steps_are_numbered_and_know_their_line() {
    needs_ptrace!();
    let steps = steps("fork");
    assert!(steps.iter().map(|step| step.number).eq(1..=steps.len().try_into().unwrap()));
    for step in steps.iter().filter(|step| step.call.is_some()) {
        let file = &step.place.location().unwrap().file;
        assert!(file.starts_with("examples/odd/"), "{step:?}");
    }
}

#[test]
fn plumbing_is_told_on_demand() {
    needs_ptrace!();
    let some = steps("echo");
    assert!(!some.iter().any(|step| brief(step).contains("rseq")));
    assert!(!some.iter().any(|step| brief(step).contains("mprotect")));
    let all = steps_of(Tracer::start(options("echo").everything(true)).unwrap());
    assert!(all.iter().any(|step| brief(step).contains("rseq")));
    assert!(all.len() > some.len());
}

#[test]
fn what_a_signal_does_is_told() {
    needs_ptrace!();
    let handled = ["P1 read sleeps", "P2 kill)", "P1 read cut short", "P1 signal 10 Handled"];
    in_order(&steps("handled"), &handled);
    in_order(&steps("handled"), &["P1 signal 10 Handled", "P1 write)", "P1 read = EINTR"]);
    let restarted = ["P1 signal 10 Handled", "P1 write)", "P1 read sleeps", "P1 read)"];
    in_order(&steps("restarted"), &restarted);
    in_order(&steps("crash"), &["P2 signal 11 Ends", "P2 ended Signal(11)", "P1 wait4)"]);
    in_order(&steps("stop"), &["P2 signal 20 Stops", "P2 stopped by 20", "P1 wait4)"]);
    in_order(&steps("short_nap"), &["P1 clock_nanosleep sleeps", "P1 clock_nanosleep = EINTR"]);
}

#[test]
fn a_signal_that_is_ignored_cuts_nothing_short() {
    needs_ptrace!();
    let steps = steps("ignored");
    in_order(&steps, &["P1 epoll_wait sleeps", "P1 signal 17 Ignored", "P1 epoll_wait)"]);
    let of_wait = steps.iter().filter(|step| brief(step).contains("epoll_wait")).count();
    assert_eq!(of_wait, 3, "it begins, it sleeps, it returns: {:#?}", sequence(&steps));
}

#[test]
fn a_thread_that_executes_becomes_the_first() {
    needs_ptrace!();
    let steps = steps("thread_exec");
    let end = steps.iter().position(|step| brief(step) == "P1.2 ended Thread").unwrap();
    let Event::Exec { path } = &steps[end + 1].event else { panic!("{:?}", steps[end + 1]) };
    assert!(path.ends_with("/echo") || path.ends_with("/busybox"), "{path}");
    assert_eq!(steps[end + 1].task, Task::FIRST);
}

#[test]
fn everybody_ends_in_the_order_of_birth() {
    needs_ptrace!();
    let steps = steps("exit_with_threads");
    let ended = steps.iter().filter(|step| matches!(step.event, Event::Ended(_)));
    let names: Vec<String> = ended.map(|step| step.task.to_string()).collect();
    assert_eq!(names, ["P1", "P1.2", "P1.3", "P1.4", "P1.5", "P1.6", "P1.7", "P1.8", "P1.9"]);
}

fn stuck(name: &str, lines: &[(&str, &str)]) {
    let patience = std::time::Duration::from_millis(300);
    let steps = steps_of(Tracer::start(options(name).patience(patience)).unwrap());
    let Some(Step { event: Event::Stuck(all), .. }) = steps.last() else {
        panic!("{:#?}", sequence(&steps))
    };
    let calls = all.iter().map(|(task, call, place)| {
        assert!(place.location().is_some(), "{place:?}");
        (task.to_string(), call.as_ref().map_or("", |call| &call.name).to_string())
    });
    let lines = lines.iter().map(|&(task, call)| (task.to_string(), call.to_string()));
    assert_eq!(calls.collect::<Vec<_>>(), lines.collect::<Vec<_>>());
}

#[test]
fn who_waits_for_whom_is_told_when_nothing_moves() {
    needs_ptrace!();
    stuck("deadlock", &[("P1", "futex"), ("P1.2", "futex")]);
    stuck("hang", &[("P1", "read"), ("P2", "pause")]);
    stuck("forever", &[("P1", "")]);
}

#[test]
fn who_moves_can_be_chosen_and_chosen_again() {
    needs_ptrace!();
    // The child moves first, wherever it can.
    let mut tracer = Tracer::start(options("fork")).unwrap();
    let child = "P2".parse().unwrap();
    let mut chosen = Vec::new();
    while let Some(step) = tracer.step().unwrap() {
        chosen.push(step);
        if tracer.movable().contains(&child) {
            assert!(tracer.choose(child));
        }
    }
    assert!(!tracer.choose(child), "it has ended");
    in_order(&chosen, &["P2 write)", "P1 clone)"]);
    let choices = tracer.choices().to_vec();
    assert!(!choices.is_empty());
    let again = steps_of(Tracer::start(options("fork").schedule(choices)).unwrap());
    assert_eq!(sequence(&again), sequence(&chosen));
    assert_ne!(sequence(&again), sequence(&steps("fork")));
}

#[test]
fn a_schedule_that_does_not_fit_is_an_error() {
    needs_ptrace!();
    let choice = "3:P7".parse().unwrap();
    let mut tracer = Tracer::start(options("fork").schedule([choice])).unwrap();
    let error = std::iter::from_fn(|| tracer.step().transpose()).find_map(Result::err).unwrap();
    assert_eq!(error.to_string(), "the schedule says 3:P7, but P7 cannot move there");
}
