//! The lock: who holds it, who is told what when a holder dies, and who is not the owner.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;
use std::time::{Duration, Instant};

use ipc::{Acquired, Deadline, Error, Lock, Semaphore};
use process::{Exit, PANICKED, fork};
use syscall::Errno;
use testkit::cases::{next_of, pipe, stay, tell};
use testkit::proc::{asleep_in, tasks};
use testkit::until;

testkit::cases!(
    one_at_a_time,
    a_deadline_ends_the_wait_and_no_earlier,
    twice_by_one_thread_is_refused,
    the_next_owner_is_told_that_the_last_one_died,
    a_waiter_gets_it_when_the_owner_is_killed,
    owners_that_are_killed_one_after_the_other,
    an_inheritors_guard_opens_nothing,
    a_panic_is_a_doubt,
    a_thread_that_ends_with_it_is_a_dead_owner,
    a_forgotten_guard_harms_nobody,
    killed_waiters_take_nothing_with_them,
    nothing_of_its_own,
);

fn one_at_a_time() {
    let lock = Lock::new([0_u64; 2]).unwrap();
    let work = || {
        for n in 0..50_000 {
            let mut both = match n % 3 {
                0 => lock.lock().unwrap(),
                1 => lock.lock_until(Deadline::after(testkit::LIMIT)).unwrap(),
                _ => loop {
                    match lock.try_lock() {
                        Err(error) => assert_eq!(error, Error::TimedOut),
                        held => break held.unwrap(),
                    }
                },
            }
            .clean()
            .unwrap();
            both[0] += 1;
            both[1] += 1;
            assert_eq!(both[0], both[1]);
        }
        0
    };
    let children: Vec<_> = (0..4).map(|_| fork(work).unwrap()).collect();
    for mut child in children {
        assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
    }
    assert_eq!(*lock.lock().unwrap().clean().unwrap(), [200_000; 2]);
}

/// A child that holds the lock, and has written 1 to it.
fn holder(lock: &Lock<u32>) -> process::Child {
    let (reader, writer) = pipe();
    let child = fork(|| {
        *lock.lock().unwrap().guard() = 1;
        let _guard = lock.lock().unwrap().guard();
        tell(&writer, "held");
        stay()
    })
    .unwrap();
    assert_eq!(next_of(&reader), "held");
    child
}

fn a_deadline_ends_the_wait_and_no_earlier() {
    let lock = Lock::new(0).unwrap();
    let holder = holder(&lock);
    assert_eq!(lock.try_lock().unwrap_err(), Error::TimedOut);
    for limit in [1, 30, 1_100].map(Duration::from_millis) {
        let start = Instant::now();
        assert_eq!(lock.lock_until(Deadline::after(limit)).unwrap_err(), Error::TimedOut);
        assert!(start.elapsed() >= limit);
    }
    drop(holder);
    lock.lock_until(Deadline::after(testkit::LIMIT)).unwrap().guard().repaired();
}

fn twice_by_one_thread_is_refused() {
    let lock = Lock::new(0).unwrap();
    let guard = lock.lock().unwrap().clean().unwrap();
    assert_eq!(lock.lock().unwrap_err().errno(), Errno::EDEADLK);
    let soon = Deadline::after(Duration::from_secs(1000));
    assert_eq!(lock.lock_until(soon).unwrap_err().errno(), Errno::EDEADLK);
    drop(guard);
    drop(lock.lock().unwrap());
}

fn the_next_owner_is_told_that_the_last_one_died() {
    let lock = Lock::new(0).unwrap();
    drop(holder(&lock));
    for _ in 0..2 {
        let Acquired::OwnerDied(guard) = lock.lock().unwrap() else { panic!("not told") };
        assert_eq!(*guard, 1);
    }
    assert_eq!(lock.lock().unwrap().clean().unwrap_err(), Error::OwnerDied);
    // The note is for all processes.
    let ask = || lock.lock().unwrap().clean().is_err().into();
    assert_eq!(fork(ask).unwrap().join(Deadline::Never).unwrap(), Some(Exit::Code(1)));
    let mut guard = lock.lock().unwrap().guard();
    *guard = 7;
    guard.repaired();
    drop(guard);
    assert_eq!(*lock.lock().unwrap().clean().unwrap(), 7);
    assert_eq!(fork(ask).unwrap().join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
}

fn until_in_futex(child: &process::Child) {
    let pid = child.pid().as_raw().cast_unsigned();
    until("it sleeps", || asleep_in(pid, pid).filter(|call| *call == libc::SYS_futex));
}

fn a_waiter_gets_it_when_the_owner_is_killed() {
    let lock = Lock::new(0).unwrap();
    let owner = holder(&lock);
    let wait = |deadline| {
        let mut guard = match lock.lock_until(deadline).unwrap() {
            Acquired::Clean(_) => return 2,
            Acquired::OwnerDied(guard) => guard,
        };
        *guard += 1;
        3
    };
    let mut first = fork(|| wait(Deadline::Never)).unwrap();
    let mut second = fork(|| wait(Deadline::after(testkit::LIMIT))).unwrap();
    until_in_futex(&first);
    until_in_futex(&second);
    drop(owner);
    assert_eq!(first.join(Deadline::Never).unwrap(), Some(Exit::Code(3)));
    assert_eq!(second.join(Deadline::Never).unwrap(), Some(Exit::Code(3)));
    assert_eq!(*lock.lock().unwrap().guard(), 3);
}

fn owners_that_are_killed_one_after_the_other() {
    let lock = Lock::new(0).unwrap();
    for _ in 0..50 {
        drop(holder(&lock));
    }
    assert!(matches!(lock.lock().unwrap(), Acquired::OwnerDied(_)));
}

fn an_inheritors_guard_opens_nothing() {
    let lock = Lock::new(0).unwrap();
    let guard = lock.lock().unwrap().clean().unwrap();
    let mut child = fork(|| {
        // SAFETY: the child ends without dropping the original.
        drop(unsafe { std::ptr::read(&raw const guard) });
        i32::from(lock.try_lock().unwrap_err() != Error::TimedOut)
    })
    .unwrap();
    assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
    // And a child that ends is no dead owner, nor one that panics.
    let mut child = fork(|| {
        // SAFETY: as above.
        let _copy = unsafe { std::ptr::read(&raw const guard) };
        resume_unwind(Box::new("in a child"))
    })
    .unwrap();
    assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(PANICKED)));
    let mut child = fork(|| i32::from(lock.try_lock().unwrap_err() != Error::TimedOut)).unwrap();
    assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
    drop(guard);
    lock.try_lock().unwrap().clean().unwrap();
}

fn a_panic_is_a_doubt() {
    let lock = Lock::new(0).unwrap();
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _guard = lock.lock().unwrap().clean().unwrap();
        resume_unwind(Box::new("inside"));
    }));
    panicked.unwrap_err();
    let Acquired::OwnerDied(mut guard) = lock.try_lock().unwrap() else { panic!("not told") };
    guard.repaired();
    drop(guard);
    lock.try_lock().unwrap().clean().unwrap();
}

fn a_thread_that_ends_with_it_is_a_dead_owner() {
    let lock = Lock::new(0).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| std::mem::forget(lock.lock().unwrap()));
    });
    // A scope waits for what its threads do, not for their last steps.
    until("the thread has ended", || (tasks(std::process::id()).len() == 1).then_some(()));
    assert!(matches!(lock.lock().unwrap(), Acquired::OwnerDied(_)));
}

fn a_forgotten_guard_harms_nobody() {
    for _ in 0..3 {
        let (lock, next) = (Lock::new(0).unwrap(), Lock::new(0).unwrap());
        std::mem::forget(lock.lock().unwrap());
        drop(lock);
        // The C library links the next one into the list that the forgotten one is in.
        drop(next.lock().unwrap());
    }
}

fn killed_waiters_take_nothing_with_them() {
    let lock = Lock::new(0).unwrap();
    for _ in 0..10 {
        let guard = lock.lock().unwrap().clean().unwrap();
        let waiters: Vec<_> =
            (0..5).map(|_| fork(|| lock.lock().map_or(1, |_| 0)).unwrap()).collect();
        waiters.iter().for_each(until_in_futex);
        drop(waiters);
        drop(guard);
        drop(lock.lock().unwrap().clean().unwrap());
    }
}

fn nothing_of_its_own() {
    let (lock, inside) = (Lock::new(()).unwrap(), Semaphore::bounded(1).unwrap());
    let work = || {
        for _ in 0..1_000 {
            let _guard = lock.lock().unwrap().clean().unwrap();
            drop(inside.try_acquire().unwrap());
        }
        0
    };
    let mut child = fork(work).unwrap();
    work();
    assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
}
