//! The semaphore under contention.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use syscall::Errno;
use threads::{Deadline, Semaphore, TooManyReleases};

#[test]
fn places_are_counted() {
    let semaphore = Semaphore::new(2);
    let first = semaphore.acquire();
    let second = semaphore.try_acquire().unwrap();
    assert_eq!(semaphore.value(), 0);
    assert!(semaphore.try_acquire().is_none());
    let (start, limit) = (Instant::now(), Duration::from_millis(30));
    assert!(semaphore.acquire_until(Deadline::after(limit)).is_none());
    assert!(start.elapsed() >= limit);
    drop(first);
    assert_eq!(semaphore.value(), 1);
    second.forget();
    assert_eq!(semaphore.value(), 1);
    semaphore.release().unwrap();
    semaphore.release().unwrap();
    assert_eq!(semaphore.value(), 3, "more than it started with");
}

#[test]
fn none_at_the_start_is_a_count_of_what_others_make() {
    let made = Semaphore::new(0);
    thread::scope(|scope| {
        scope.spawn(|| (0..1000).for_each(|_| made.release().unwrap()));
        (0..1000).for_each(|_| made.acquire().forget());
    });
    assert_eq!(made.value(), 0);
}

#[test]
fn a_bounded_one_tells_of_a_release_too_many() {
    let semaphore = Semaphore::bounded(2);
    assert_eq!(semaphore.release(), Err(TooManyReleases { limit: 2 }));
    assert_eq!(semaphore.release().unwrap_err().errno(), Errno::EOVERFLOW);
    let permit = semaphore.acquire();
    // The place of `permit`, which has nothing to give back any more.
    semaphore.release().unwrap();
    drop(permit);
    assert_eq!(semaphore.value(), 2);
    semaphore.acquire().forget();
    assert_eq!(semaphore.value(), 1);
    assert_eq!(Semaphore::bounded(0).release(), Err(TooManyReleases { limit: 0 }));
    assert_eq!(Semaphore::new(usize::MAX).release(), Err(TooManyReleases { limit: usize::MAX }));
}

#[test]
fn a_panic_gives_the_place_back() {
    let semaphore = Semaphore::bounded(1);
    let panicked = thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let _permit = semaphore.acquire();
            std::panic::resume_unwind(Box::new("while it held a place"));
        });
        thread.join()
    });
    panicked.unwrap_err();
    assert_eq!(semaphore.value(), 1);
}

#[test]
fn never_more_than_places_and_nobody_is_forgotten() {
    for places in [1, 3] {
        let semaphore = Semaphore::bounded(places);
        let (inside, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let visits = Mutex::new(0);
        thread::scope(|scope| {
            for n in 0..8 {
                let (semaphore, inside, most, visits) = (&semaphore, &inside, &most, &visits);
                scope.spawn(move || {
                    for _ in 0..2_000 {
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
                        let now = inside.fetch_add(1, Ordering::SeqCst) + 1;
                        most.fetch_max(now, Ordering::SeqCst);
                        *visits.lock().unwrap() += 1;
                        inside.fetch_sub(1, Ordering::SeqCst);
                        drop(permit);
                    }
                });
            }
        });
        assert_eq!(*visits.lock().unwrap(), 16_000);
        assert!(most.into_inner() <= places);
        assert_eq!(semaphore.value(), places);
    }
}
