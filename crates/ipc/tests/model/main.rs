//! What is built on atomics, under every interleaving that loom finds: the very files of `src/word`,
//! on loom's atomics and a futex made of loom's Mutex and Condvar.
//!
//! ```sh
//! cargo test --release --package ipc --features model --test model
//! ```
//!
//! loom finds lost wake-ups as deadlocks, missing orderings as races on an `UnsafeCell`. It knows
//! no time: a deadline that is not `Never` passes at the first look, the worst moment.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]
#![allow(dead_code, reason = "the models use a part of each word")]

mod word;

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread;
use std::time::Instant;
use syscall::Deadline::{self, Never};
use word::barrier::{Failure, Turns};
use word::event::Flag;
use word::ring::{Ring, Stop};
use word::semaphore::Places;

/// A deadline that has passed, but not before the caller has begun to wait.
fn passed() -> Deadline {
    Deadline::At(Instant::now())
}

/// All interleavings with at most so many switches away from a thread that could go on; loom's
/// authors find that 2 or 3 show nearly all faults.
fn model(switches: usize, run: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(switches);
    builder.check(run);
}

/// What a place, or a turn, protects: loom reports two at once.
struct Guarded(UnsafeCell<u32>);

// SAFETY: loom checks each access, which is what these tests are for.
unsafe impl Sync for Guarded {}

impl Guarded {
    fn new() -> Self {
        Self(UnsafeCell::new(0))
    }

    fn add(&self) {
        // SAFETY: as above.
        self.0.with_mut(|n| unsafe { *n += 1 });
    }

    fn get(&self) -> u32 {
        // SAFETY: as above.
        self.0.with(|n| unsafe { *n })
    }
}

#[test]
fn a_semaphore_excludes_and_forgets_nobody() {
    model(3, || {
        let all = Arc::new((Places::new(1, 1), Guarded::new()));
        let work = |all: &(Places, Guarded)| {
            assert!(all.0.take(Never));
            all.1.add();
            assert!(all.0.add(1));
        };
        let others: Vec<_> = (0..2)
            .map(|_| {
                let all = Arc::clone(&all);
                thread::spawn(move || work(&all))
            })
            .collect();
        work(&all);
        for other in others {
            other.join().unwrap();
        }
        assert_eq!((all.0.value(), all.1.get()), (1, 3));
    });
}

#[test]
fn a_waiter_that_gives_up_takes_no_wake_up_with_it() {
    model(3, || {
        let places = Arc::new(Places::new(0, 9));
        let (impatient, patient) = (Arc::clone(&places), Arc::clone(&places));
        let impatient = thread::spawn(move || u32::from(impatient.take(passed())));
        let patient = thread::spawn(move || assert!(patient.take(Never)));
        assert!(places.add(1));
        assert!(places.add(1));
        patient.join().unwrap();
        assert_eq!(impatient.join().unwrap() + places.value(), 1);
    });
}

#[test]
fn two_places_at_once_wake_two() {
    model(3, || {
        let places = Arc::new(Places::new(0, 9));
        let others: Vec<_> = (0..2)
            .map(|_| {
                let places = Arc::clone(&places);
                thread::spawn(move || assert!(places.take(Never)))
            })
            .collect();
        assert!(places.add(2));
        for other in others {
            other.join().unwrap();
        }
        assert_eq!(places.value(), 0);
    });
}

#[test]
fn an_event_set_and_cleared_releases_who_waited() {
    model(3, || {
        let all = Arc::new((Flag::new(), Places::new(0, 2), Guarded::new()));
        let waiter = Arc::clone(&all);
        let waiter = thread::spawn(move || {
            let (flag, begun, before) = &*waiter;
            assert!(begun.add(1));
            // Set before or during the wait, cleared or set again: it comes back.
            assert!(flag.wait(Never));
            assert_eq!(before.get(), 1);
        });
        let (flag, begun, before) = &*all;
        assert!(begun.take(Never));
        before.add();
        flag.set();
        flag.clear();
        flag.set();
        waiter.join().unwrap();
    });
}

#[test]
fn an_event_releases_two_waiters_at_once() {
    model(2, || {
        let flag = Arc::new(Flag::new());
        let waiters: Vec<_> = (0..2)
            .map(|_| {
                let flag = Arc::clone(&flag);
                thread::spawn(move || assert!(flag.wait(Never)))
            })
            .collect();
        assert!(!flag.wait(passed()));
        flag.set();
        for waiter in waiters {
            waiter.join().unwrap();
        }
    });
}

#[test]
fn a_barrier_lets_all_through_together_and_again() {
    model(2, || {
        let all = Arc::new((Turns::new(2), [Guarded::new(), Guarded::new()]));
        let other = Arc::clone(&all);
        let turns = |all: &(Turns, [Guarded; 2]), me: usize| {
            let mut last = 0;
            for _ in 0..2 {
                all.1[me].add();
                last += u32::from(all.0.wait(Never).unwrap());
                // The other one's is ready, and nobody writes until both are here again.
                let seen = all.1[1 - me].get();
                last += u32::from(all.0.wait(Never).unwrap());
                assert!(seen > 0);
            }
            last
        };
        let thread = thread::spawn(move || turns(&other, 1));
        let last = turns(&all, 0) + thread.join().unwrap();
        assert_eq!(last, 4, "one leader each time");
    });
}

#[test]
fn a_barrier_breaks_for_all_or_for_nobody() {
    model(3, || {
        let turns = Arc::new(Turns::new(2));
        let other = Arc::clone(&turns);
        let other = thread::spawn(move || other.wait(Never));
        let mine = turns.wait(passed());
        let other = other.join().unwrap();
        match mine {
            Ok(last) => assert_eq!(other, Ok(!last)),
            Err(failure) => {
                assert_eq!(failure, Failure::TimedOut);
                assert_eq!(other, Err(Failure::Broken));
            }
        }
    });
}

#[test]
fn a_reset_tells_each_turn_its_own_end() {
    model(3, || {
        let turns = Arc::new(Turns::new(2));
        let other = Arc::clone(&turns);
        let other = thread::spawn(move || other.wait(Never));
        turns.reset();
        turns.abort();
        turns.reset();
        // Whoever came before the last reset was told so; whoever comes later goes through with
        // this one, or finds that it has given up.
        match (turns.wait(passed()), other.join().unwrap()) {
            (Ok(mine), Ok(other)) => assert_ne!(mine, other),
            (mine, other) => {
                assert_eq!(mine, Err(Failure::TimedOut));
                assert_eq!(other, Err(Failure::Broken));
            }
        }
    });
}

#[test]
fn an_abort_wakes_who_waits() {
    model(3, || {
        let turns = Arc::new(Turns::new(2));
        let other = Arc::clone(&turns);
        let other = thread::spawn(move || other.wait(Never));
        turns.abort();
        assert_eq!(other.join().unwrap(), Err(Failure::Broken));
    });
}

/// A ring of two places for one unit each.
struct Two {
    ring: Ring,
    places: [Guarded; 2],
    seen: [Guarded; 2],
}

impl Two {
    fn new() -> Arc<Self> {
        let pair = || [Guarded::new(), Guarded::new()];
        Arc::new(Self { ring: Ring::new(), places: pair(), seen: pair() })
    }

    fn put(&self, value: u32, deadline: Deadline) -> Result<(), Stop> {
        let tail = self.ring.tail().ok_or(Stop::Closed)?;
        let fits = |head: u32| tail.wrapping_sub(head) < 2;
        self.ring.wait_for_head(deadline, false, fits)?;
        // SAFETY: loom checks it.
        self.places[tail as usize % 2].0.with_mut(|place| unsafe { *place = value });
        if self.ring.sent(1) { Ok(()) } else { Err(Stop::Closed) }
    }

    fn get(&self, deadline: Deadline) -> Result<u32, Stop> {
        let head = self.ring.head();
        self.ring.wait_for_tail(deadline, false, head)?;
        let value = self.places[head as usize % 2].get();
        self.ring.received(1);
        Ok(value)
    }
}

#[test]
fn a_ring_hands_over_in_order_and_sleeps_no_longer_than_it_must() {
    model(3, || {
        let two = Two::new();
        let sender = Arc::clone(&two);
        let sender = thread::spawn(move || {
            // One more than fit: it sleeps on a full ring in some, the receiver on an empty one.
            (1..=3).for_each(|n| sender.put(n, Never).unwrap());
        });
        (1..=3).for_each(|n| assert_eq!(two.get(Never), Ok(n)));
        sender.join().unwrap();
        assert_eq!(two.ring.len(), 0);
    });
}

#[test]
fn a_ring_that_is_closed_is_drained_and_loses_nothing() {
    model(2, || {
        let two = Two::new();
        let (sender, closer) = (Arc::clone(&two), Arc::clone(&two));
        let sender =
            thread::spawn(move || (1..=2).map_while(|n| sender.put(n, Never).ok()).count());
        let closer = thread::spawn(move || closer.ring.close());
        let mut got = 0;
        let end = loop {
            match two.get(Never) {
                Ok(n) => {
                    got += 1;
                    assert_eq!(n, got);
                }
                Err(stop) => break stop,
            }
        };
        closer.join().unwrap();
        assert_eq!(end, Stop::Closed);
        assert_eq!(sender.join().unwrap(), got as usize, "sent and received");
    });
}

#[test]
fn who_gives_up_on_a_ring_leaves_no_harm() {
    model(3, || {
        let two = Two::new();
        let sender = Arc::clone(&two);
        let sender = thread::spawn(move || {
            sender.put(1, Never).unwrap();
            sender.put(2, Never).unwrap();
        });
        let first = two.get(passed());
        if let Ok(first) = first {
            assert_eq!(first, 1);
        }
        let next = if first.is_ok() { 2 } else { 1 };
        (next..=2).for_each(|n| assert_eq!(two.get(Never), Ok(n)));
        sender.join().unwrap();
    });
}
