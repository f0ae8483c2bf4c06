//! The same program gives the same steps in the same order, however busy the machine is.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::process::{Child, Command};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use common::{sequence, steps};

/// One test after the other: they compare runs, and each of them is to be alone with the load that it
/// makes itself.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    // One that has failed has told so, and harms no other.
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Two processes that keep two processors busy, until they are dropped.
struct Busy([Child; 2]);

impl Busy {
    fn new() -> Self {
        let spin = || Command::new("/bin/sh").args(["-c", "while :; do :; done"]).spawn().unwrap();
        Self([spin(), spin()])
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Shows the first difference, with what comes before it.
fn compare(name: &str, first: &[String]) {
    let again = sequence(&steps(name));
    let same = first.iter().zip(&again).take_while(|(a, b)| a == b).count();
    let from = same.saturating_sub(3);
    let around = |all: &[String]| all.iter().skip(from).take(8).cloned().collect::<Vec<_>>();
    assert_eq!(around(first), around(&again), "{name} differs after step {same}");
    assert_eq!(first.len(), again.len(), "{name}");
}

fn always_the_same(name: &str) {
    needs_ptrace!();
    let _turn = turn();
    let first = sequence(&steps(name));
    for _ in 0..10 {
        compare(name, &first);
    }
    let _busy = Busy::new();
    // And with each other: so many want the processors at any moment.
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| (0..2).for_each(|_| compare(name, &first)));
        }
    });
}

macro_rules! always_the_same {
    ($($name:ident)*) => { $(#[test] fn $name() { always_the_same(stringify!($name)); })* };
}

always_the_same! {
    echo sleepers few_looks exit_with_threads leader_leaves thread_exec fork spawn daemon kill_child crash
    fill     handled restarted nested stop short_nap send_well pipe_well
    limits in_time cut_short typed moments
}

/// The worker sleeps before its main thread's time is over, so that it has to be woken.
#[test]
fn time_waits_for_a_few_looks() {
    needs_ptrace!();
    let _turn = turn();
    let all = sequence(&steps("few_looks"));
    let place = |words: &str| all.iter().position(|step| step.starts_with(words));
    let (asleep, on) = (place("P1.2 futex sleeps"), place("P1 clock_nanosleep)"));
    assert!(asleep.is_some() && asleep < on, "{all:#?}");
}

/// Both compute and wait for each other: each turn takes a slice, so fewer of them.
#[test]
fn spinning_threads_take_turns() {
    needs_ptrace!();
    let _turn = turn();
    for name in ["spin", "pingpong"] {
        let first = sequence(&steps(name));
        for _ in 0..4 {
            compare(name, &first);
        }
    }
}

#[test]
fn a_crowd() {
    needs_ptrace!();
    let _turn = turn();
    for name in ["many", "forks"] {
        let first = sequence(&steps(name));
        for _ in 0..4 {
            compare(name, &first);
        }
    }
}
