//! The barrier between processes.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::{Duration, Instant};

use ipc::{Atomic, Barrier, Deadline, Error};
use process::{Child, Exit, fork};
use syscall::Errno;
use testkit::proc::asleep_in;
use testkit::until;

testkit::cases!(
    nobody_goes_on_before_all_have_come,
    one_party_and_none,
    a_deadline_breaks_it_for_all,
    abort_and_reset,
    a_reset_turns_those_away_who_wait,
    a_party_killed_on_its_way_is_not_waited_for_for_ever,
    a_party_killed_while_it_waits_has_arrived,
    a_hundred_parties,
);

fn until_waiting(barrier: &Barrier, count: u32) {
    until("they wait", || (barrier.waiting() == count).then_some(()));
}

#[allow(clippy::needless_pass_by_value, reason = "a result that was just made")]
fn code(result: ipc::Result<bool>) -> i32 {
    match result {
        Ok(last) => i32::from(last),
        Err(Error::Broken) => 10,
        Err(Error::TimedOut) => 11,
        Err(_) => 12,
    }
}

fn wait_in_child(barrier: &Barrier, deadline: Deadline) -> Child {
    fork(|| code(barrier.wait(deadline))).unwrap()
}

fn join(mut child: Child) -> i32 {
    child.join(Deadline::Never).unwrap().unwrap().code().unwrap()
}

fn nobody_goes_on_before_all_have_come() {
    let barrier = Barrier::new(4).unwrap();
    let counts = Atomic::new([const { AtomicU32::new(0) }; 3]).unwrap();
    let [arrived, leaders, wrong] = &*counts;
    let work = || {
        for turn in 1..=2_000 {
            arrived.fetch_add(1, SeqCst);
            if barrier.wait(Deadline::Never).unwrap() {
                leaders.fetch_add(1, SeqCst);
            }
            // All of this turn have come, and nobody of the one after the next.
            let now = arrived.load(SeqCst);
            if now < 4 * turn || now > 4 * turn + 3 {
                wrong.fetch_add(1, SeqCst);
            }
            barrier.wait(Deadline::after(testkit::LIMIT)).unwrap();
        }
        0
    };
    let children: Vec<_> = (0..4).map(|_| fork(work).unwrap()).collect();
    for child in children {
        assert_eq!(join(child), 0);
    }
    assert_eq!((leaders.load(SeqCst), wrong.load(SeqCst)), (2_000, 0));
    assert_eq!(barrier.waiting(), 0);
}

fn one_party_and_none() {
    let alone = Barrier::new(1).unwrap();
    assert_eq!((alone.wait(Deadline::Now), alone.wait(Deadline::Never)), (Ok(true), Ok(true)));
    for wrong in [0, 65_536] {
        assert_eq!(Barrier::new(wrong).unwrap_err().errno(), Errno::EINVAL);
    }
    assert_eq!(Barrier::new(65_535).unwrap().parties(), 65_535);
}

fn a_deadline_breaks_it_for_all() {
    let barrier = Barrier::new(4).unwrap();
    let others: Vec<_> = (0..2).map(|_| wait_in_child(&barrier, Deadline::Never)).collect();
    until_waiting(&barrier, 2);
    let (start, limit) = (Instant::now(), Duration::from_millis(30));
    assert_eq!(barrier.wait(Deadline::after(limit)), Err(Error::TimedOut));
    assert!(start.elapsed() >= limit);
    for child in others {
        assert_eq!(join(child), 10);
    }
    assert!(barrier.is_broken());
    assert_eq!(barrier.wait(Deadline::Never).unwrap_err().errno(), Errno::ECANCELED);
    assert_eq!(barrier.waiting(), 0);
}

fn abort_and_reset() {
    let barrier = Barrier::new(3).unwrap();
    barrier.reset();
    let waiting = wait_in_child(&barrier, Deadline::Never);
    until_waiting(&barrier, 1);
    barrier.abort();
    barrier.abort();
    assert_eq!(join(waiting), 10);
    assert_eq!(barrier.wait(Deadline::Now), Err(Error::Broken));
    barrier.reset();
    assert!(!barrier.is_broken());
    let (a, b) =
        (wait_in_child(&barrier, Deadline::Never), wait_in_child(&barrier, Deadline::Never));
    until_waiting(&barrier, 2);
    assert_eq!(barrier.wait(Deadline::Never), Ok(true));
    assert_eq!((join(a), join(b)), (0, 0));
}

fn a_reset_turns_those_away_who_wait() {
    let barrier = Barrier::new(2).unwrap();
    let waiting = wait_in_child(&barrier, Deadline::Never);
    until_waiting(&barrier, 1);
    barrier.reset();
    assert!(!barrier.is_broken());
    // Others go through at once; the first one is told of its own turn all the same.
    let next = wait_in_child(&barrier, Deadline::Never);
    until_waiting(&barrier, 1);
    barrier.wait(Deadline::Never).unwrap();
    assert_eq!((join(waiting), join(next)), (10, 0));
}

fn a_party_killed_on_its_way_is_not_waited_for_for_ever() {
    let barrier = Barrier::new(3).unwrap();
    let dies = fork(testkit::cases::stay).unwrap();
    let other = wait_in_child(&barrier, Deadline::Never);
    until_waiting(&barrier, 1);
    drop(dies);
    assert_eq!(barrier.wait(Deadline::after_millis(20)), Err(Error::TimedOut));
    assert_eq!(join(other), 10);
}

fn a_party_killed_while_it_waits_has_arrived() {
    let barrier = Barrier::new(2).unwrap();
    let dies = wait_in_child(&barrier, Deadline::Never);
    let pid = dies.pid().as_raw().cast_unsigned();
    until("it sleeps", || asleep_in(pid, pid).filter(|call| *call == libc::SYS_futex));
    drop(dies);
    assert_eq!(barrier.wait(Deadline::Now), Ok(true));
}

fn a_hundred_parties() {
    let barrier = Barrier::new(101).unwrap();
    let all: Vec<_> = (0..100).map(|_| wait_in_child(&barrier, Deadline::Never)).collect();
    until_waiting(&barrier, 100);
    assert_eq!(barrier.wait(Deadline::Never), Ok(true));
    assert!(all.into_iter().all(|child| join(child) == 0));
    let exit = fork(|| 0).unwrap().join(Deadline::Never).unwrap();
    assert_eq!(exit, Some(Exit::Code(0)));
}
