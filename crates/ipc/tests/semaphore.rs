//! The semaphore between processes.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::{Duration, Instant};

use ipc::{Atomic, Deadline, Error, Semaphore};
use nix::sys::signal::SIGUSR1;
use process::signals::{Calls, Disposition};
use process::{Child, Exit, fork};
use syscall::Errno;
use testkit::proc::asleep_in;
use testkit::until;

testkit::cases!(
    places_are_counted,
    a_bounded_one_tells_of_a_release_too_many,
    many_places_at_once,
    never_more_than_places_and_nobody_is_forgotten,
    counting_what_four_processes_make,
    hundreds_of_waiters,
    killed_waiters_take_no_place,
    a_killed_owner_takes_its_place_with_it,
    signals_do_not_shorten_a_wait,
);

fn done(mut child: Child) {
    assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
}

fn until_in_futex(child: &Child) {
    let pid = child.pid().as_raw().cast_unsigned();
    until("it sleeps", || asleep_in(pid, pid).filter(|call| *call == libc::SYS_futex));
}

fn places_are_counted() {
    let semaphore = Semaphore::new(2).unwrap();
    let first = semaphore.acquire();
    let second = semaphore.try_acquire().unwrap();
    assert_eq!(semaphore.value(), 0);
    assert!(semaphore.try_acquire().is_none());
    for limit in [1, 30, 1_100].map(Duration::from_millis) {
        let start = Instant::now();
        assert!(semaphore.acquire_until(Deadline::after(limit)).is_none());
        assert!(start.elapsed() >= limit);
    }
    assert!(semaphore.acquire_until(Deadline::At(Instant::now())).is_none());
    drop(first);
    assert_eq!(semaphore.value(), 1);
    second.forget();
    assert_eq!(semaphore.value(), 1);
    semaphore.release().unwrap();
    semaphore.release().unwrap();
    assert_eq!(semaphore.value(), 3, "more than it started with");
}

fn a_bounded_one_tells_of_a_release_too_many() {
    let semaphore = Semaphore::bounded(2).unwrap();
    assert_eq!(semaphore.release(), Err(Error::TooManyReleases { limit: 2 }));
    assert_eq!(semaphore.release().unwrap_err().errno(), Errno::EOVERFLOW);
    let permit = semaphore.acquire();
    semaphore.release().unwrap();
    drop(permit);
    assert_eq!(semaphore.value(), 2);
    assert_eq!(Semaphore::bounded(0).unwrap().release().unwrap_err().errno(), Errno::EOVERFLOW);
    let full = Semaphore::new(u32::MAX).unwrap();
    assert_eq!(full.release(), Err(Error::TooManyReleases { limit: u32::MAX }));
    full.acquire().forget();
    full.release().unwrap();
    assert_eq!(full.value(), u32::MAX);
}

fn many_places_at_once() {
    let semaphore = Semaphore::bounded(5).unwrap();
    let take = || {
        semaphore.acquire().forget();
        0
    };
    (0..5).for_each(|_| semaphore.acquire().forget());
    let waiters: Vec<_> = (0..3).map(|_| fork(take).unwrap()).collect();
    waiters.iter().for_each(until_in_futex);
    assert_eq!(semaphore.release_many(6).unwrap_err().errno(), Errno::EOVERFLOW);
    assert_eq!(semaphore.value(), 0, "none of them");
    semaphore.release_many(0).unwrap();
    semaphore.release_many(5).unwrap();
    waiters.into_iter().for_each(done);
    assert_eq!(semaphore.value(), 2);
}

fn never_more_than_places_and_nobody_is_forgotten() {
    for places in [1, 3] {
        let semaphore = Semaphore::bounded(places).unwrap();
        let counts = || Atomic::new(AtomicU32::new(0)).unwrap();
        let (inside, most, visits) = (counts(), counts(), counts());
        let work = |n| {
            for _ in 0..5_000 {
                let permit = match n % 3 {
                    0 => semaphore.acquire(),
                    1 => semaphore.acquire_until(Deadline::after(testkit::LIMIT)).unwrap(),
                    _ => loop {
                        // Short deadlines that pass: their wake-ups must not be lost.
                        let soon = Deadline::after(Duration::from_micros(20));
                        if let Some(permit) = semaphore.acquire_until(soon) {
                            break permit;
                        }
                    },
                };
                let now = inside.fetch_add(1, SeqCst) + 1;
                most.fetch_max(now, SeqCst);
                visits.fetch_add(1, SeqCst);
                inside.fetch_sub(1, SeqCst);
                drop(permit);
            }
            0
        };
        let children: Vec<_> = (0..6).map(|n| fork(|| work(n)).unwrap()).collect();
        children.into_iter().for_each(done);
        assert_eq!(visits.load(SeqCst), 30_000);
        assert!(most.load(SeqCst) <= places);
        assert_eq!(semaphore.value(), places);
    }
}

fn counting_what_four_processes_make() {
    let made = Semaphore::new(0).unwrap();
    let children: Vec<_> = (0..4)
        .map(|_| {
            let make = || {
                (0..100_000).for_each(|_| made.release().unwrap());
                0
            };
            fork(make).unwrap()
        })
        .collect();
    (0..400_000).for_each(|_| made.acquire().forget());
    children.into_iter().for_each(done);
    assert_eq!(made.value(), 0);
}

fn hundreds_of_waiters() {
    let (gate, through) = (Semaphore::new(0).unwrap(), Atomic::new(AtomicU32::new(0)).unwrap());
    let wait = || {
        gate.acquire().forget();
        through.fetch_add(1, SeqCst);
        0
    };
    let waiters: Vec<_> = (0..300).map(|_| fork(wait).unwrap()).collect();
    waiters.iter().for_each(until_in_futex);
    gate.release_many(299).unwrap();
    until("all but one are through", || (through.load(SeqCst) == 299).then_some(()));
    gate.release().unwrap();
    waiters.into_iter().for_each(done);
}

fn killed_waiters_take_no_place() {
    let semaphore = Semaphore::new(0).unwrap();
    let take = || {
        semaphore.acquire().forget();
        0
    };
    let killed: Vec<_> = (0..10).map(|_| fork(take).unwrap()).collect();
    let last = fork(take).unwrap();
    killed.iter().chain([&last]).for_each(until_in_futex);
    drop(killed);
    semaphore.release().unwrap();
    done(last);
    assert_eq!(semaphore.value(), 0);
    // Killed at any moment, before, in and after the sleep, beside one that must come through.
    for round in 0..100 {
        let (victim, other) = (fork(take).unwrap(), fork(take).unwrap());
        (0..round * 200).for_each(|_| std::hint::spin_loop());
        semaphore.release().unwrap();
        drop(victim);
        // The place may have gone with the victim.
        semaphore.release().unwrap();
        done(other);
        while let Some(permit) = semaphore.try_acquire() {
            permit.forget();
        }
    }
}

fn a_killed_owner_takes_its_place_with_it() {
    let semaphore = Semaphore::bounded(1).unwrap();
    let child = fork(|| {
        let _permit = semaphore.acquire();
        testkit::cases::stay()
    })
    .unwrap();
    until("it holds the place", || (semaphore.value() == 0).then_some(()));
    drop(child);
    assert!(semaphore.try_acquire().is_none(), "it has no owner, so nobody gives it back");
    semaphore.release().unwrap();
}

fn signals_do_not_shorten_a_wait() {
    let semaphore = Semaphore::new(0).unwrap();
    for deadline in [Deadline::Never, Deadline::after(testkit::LIMIT)] {
        let ready = Semaphore::new(0).unwrap();
        let child = fork(|| {
            let handled = Disposition::count(SIGUSR1, Calls::Interrupt).unwrap();
            ready.release().unwrap();
            semaphore.acquire_until(deadline).unwrap().forget();
            i32::from(handled.seen() < 1)
        })
        .unwrap();
        ready.acquire().forget();
        for _ in 0..50 {
            until_in_futex(&child);
            child.signal(SIGUSR1).unwrap();
        }
        assert_eq!(semaphore.value(), 0);
        semaphore.release().unwrap();
        done(child);
    }
    // And not beyond its deadline either.
    let limit = Duration::from_millis(50);
    let mut child = fork(|| {
        let _handled = Disposition::count(SIGUSR1, Calls::Interrupt).unwrap();
        let start = Instant::now();
        let none = semaphore.acquire_until(Deadline::after(limit)).is_none();
        i32::from(!none || start.elapsed() < limit)
    })
    .unwrap();
    let code = loop {
        if let Some(code) = child.exit_code().unwrap() {
            break code;
        }
        let pid = child.pid().as_raw().cast_unsigned();
        if asleep_in(pid, pid) == Some(libc::SYS_futex) {
            child.signal(SIGUSR1).unwrap();
        }
    };
    assert_eq!(code, 0);
}
