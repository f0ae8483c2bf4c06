//! The event between processes.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::time::{Duration, Instant};

use ipc::{Deadline, Event, Semaphore};
use process::{Child, Exit, fork};
use testkit::proc::asleep_in;
use testkit::until;

testkit::cases!(
    set_and_clear,
    a_deadline_ends_the_wait_and_no_earlier,
    set_and_cleared_at_once_still_releases_all_who_waited,
    hundreds_of_waiters,
    killed_waiters_leave_nothing_behind,
    what_was_done_before_is_seen_after,
    set_by_several_and_cleared_in_between,
);

fn until_in_futex(child: &Child) {
    let pid = child.pid().as_raw().cast_unsigned();
    until("it sleeps", || asleep_in(pid, pid).filter(|call| *call == libc::SYS_futex));
}

fn waiters(event: &Event, count: u32) -> Vec<Child> {
    let wait = || i32::from(!event.wait(Deadline::Never));
    let all: Vec<_> = (0..count).map(|_| fork(wait).unwrap()).collect();
    all.iter().for_each(until_in_futex);
    all
}

fn all_released(all: Vec<Child>) {
    for mut child in all {
        assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
    }
}

fn set_and_clear() {
    let event = Event::new().unwrap();
    assert!(!event.is_set() && !event.wait(Deadline::Now));
    event.set();
    event.set();
    assert!(event.is_set() && event.wait(Deadline::Now) && event.wait(Deadline::Never));
    event.clear();
    event.clear();
    assert!(!event.is_set() && !event.wait(Deadline::Now));
}

fn a_deadline_ends_the_wait_and_no_earlier() {
    let event = Event::new().unwrap();
    for limit in [1, 30, 1_100].map(Duration::from_millis) {
        let start = Instant::now();
        assert!(!event.wait(Deadline::after(limit)));
        assert!(start.elapsed() >= limit);
    }
}

fn set_and_cleared_at_once_still_releases_all_who_waited() {
    let event = Event::new().unwrap();
    for _ in 0..20 {
        let all = waiters(&event, 10);
        event.set();
        event.clear();
        all_released(all);
        assert!(!event.is_set());
    }
}

fn hundreds_of_waiters() {
    let event = Event::new().unwrap();
    let all = waiters(&event, 300);
    event.set();
    all_released(all);
}

fn killed_waiters_leave_nothing_behind() {
    let event = Event::new().unwrap();
    drop(waiters(&event, 10));
    let others = waiters(&event, 3);
    event.set();
    all_released(others);
}

fn what_was_done_before_is_seen_after() {
    let (event, again) = (Event::new().unwrap(), Semaphore::new(0).unwrap());
    let memory = ipc::Memory::anonymous(1).unwrap();
    let byte = &memory.bytes()[0];
    let relaxed = std::sync::atomic::Ordering::Relaxed;
    let mut child = fork(|| {
        for n in 0..5_000_u32 {
            if !event.wait(Deadline::Never) || byte.load(relaxed) != n.to_le_bytes()[0] {
                return 1;
            }
            event.clear();
            again.release().unwrap();
        }
        0
    })
    .unwrap();
    for n in 0..5_000_u32 {
        byte.store(n.to_le_bytes()[0], relaxed);
        event.set();
        again.acquire().forget();
    }
    assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
}

fn set_by_several_and_cleared_in_between() {
    let event = Event::new().unwrap();
    let stop = Event::new().unwrap();
    let all = waiters(&event, 4);
    let busy: Vec<_> = (0..2)
        .map(|_| {
            fork(|| {
                while !stop.is_set() {
                    event.set();
                    event.clear();
                }
                0
            })
            .unwrap()
        })
        .collect();
    all_released(all);
    stop.set();
    all_released(busy);
}
