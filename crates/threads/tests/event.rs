//! The event under contention.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use testkit::proc::{asleep_in, gettid};
use testkit::until;
use threads::{Deadline, Event};

#[test]
fn it_is_a_flag() {
    let event = Event::new();
    assert!(!event.is_set() && !event.wait(Deadline::Now));
    event.set();
    event.set();
    assert!(event.is_set() && event.wait(Deadline::Now) && event.wait(Deadline::Never));
    event.clear();
    assert!(!event.is_set() && !event.wait(Deadline::Now));
    event.clear();
    assert!(!event.wait(Deadline::At(Instant::now())), "a moment in the past");
}

#[test]
fn a_deadline_is_waited_for_whole() {
    let (start, limit) = (Instant::now(), Duration::from_millis(50));
    assert!(!Event::new().wait(Deadline::after(limit)));
    assert!(start.elapsed() >= limit);
}

/// A thread that sleeps may still be on its way in, asleep on the event's own lock. When all sleep
/// at the same time, nobody holds that lock, and all are inside. They do when two looks find each
/// of them asleep, and none has fallen asleep anew in between.
fn until_all_wait(tasks: &[u32]) {
    let sleeps = |task: &u32| {
        // The state first: a sleep that begins after this line changes the count of the next look.
        asleep_in(std::process::id(), *task).filter(|call| *call == libc::SYS_futex)?;
        let status = std::fs::read_to_string(format!("/proc/self/task/{task}/status")).ok()?;
        let line = status.lines().find(|line| line.starts_with("voluntary_ctxt_switches"))?;
        Some(line.to_owned())
    };
    let look = || tasks.iter().map(sleeps).collect::<Option<Vec<String>>>();
    until("all wait for the event", || {
        let first = look()?;
        (look()? == first).then_some(())
    });
}

/// Eight threads wait, on both kinds of deadline, and are seen asleep; then `act` runs.
fn eight_waiters(event: &Event, act: impl FnOnce()) -> usize {
    let released = AtomicUsize::new(0);
    thread::scope(|scope| {
        let (say, tasks) = mpsc::channel();
        for n in 0..8 {
            let (say, released) = (say.clone(), &released);
            scope.spawn(move || {
                let far = Deadline::after(testkit::LIMIT);
                let _ = say.send(gettid());
                let came = event.wait(if n % 2 == 0 { far } else { Deadline::Never });
                released.fetch_add(usize::from(came), Ordering::Relaxed);
            });
        }
        let tasks: Vec<u32> = tasks.iter().take(8).collect();
        until_all_wait(&tasks);
        act();
    });
    released.into_inner()
}

#[test]
fn set_releases_everybody() {
    let event = Event::new();
    assert_eq!(eight_waiters(&event, || event.set()), 8);
}

#[test]
fn set_then_clear_releases_everybody_who_was_waiting() {
    for _ in 0..50 {
        let event = Event::new();
        let act = || {
            event.set();
            event.clear();
        };
        assert_eq!(eight_waiters(&event, act), 8);
        assert!(!event.wait(Deadline::Now), "who comes later waits");
    }
}
