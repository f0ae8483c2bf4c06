//! Values, arrays and atomics: exact counts over processes, and what is out of range.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicI32, AtomicU64};

use ipc::{Atomic, Barrier, Deadline, Error, Shared, SharedArray};
use process::{Exit, fork};
use syscall::Errno;
use testkit::cases::{next_of, pipe, stay, tell};

testkit::cases!(
    updates_of_four_processes_are_exact,
    an_array_is_one_thing_under_its_lock,
    out_of_range_is_none,
    values_of_many_types,
    atomics_count_and_a_load_with_a_store_does_not,
    a_killed_owner_leaves_a_doubt_until_it_is_set,
    a_step_inside_a_step_is_refused,
);

const EACH: u64 = 100_000;

/// Runs `work` in so many processes that begin together.
fn together(count: u32, work: impl Fn(u32)) {
    let start = Barrier::new(count).unwrap();
    let run = |n| {
        start.wait(Deadline::Never).unwrap();
        work(n);
        0
    };
    let children = (0..count).map(|n| fork(|| run(n)).unwrap()).collect::<Vec<_>>();
    for mut child in children {
        assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
    }
}

fn updates_of_four_processes_are_exact() {
    let counter = Shared::new(0_u64).unwrap();
    together(4, |_| (0..EACH).for_each(|_| counter.update(|n| *n += 1).unwrap()));
    assert_eq!(counter.get(), Ok(4 * EACH));
    counter.set(5).unwrap();
    assert_eq!(counter.update(|n| std::mem::replace(n, 6)), Ok(5));
    assert_eq!(counter.get(), Ok(6));
}

fn an_array_is_one_thing_under_its_lock() {
    let array = SharedArray::new(&[0_i64; 7]).unwrap();
    together(4, |process| {
        for n in 0..20_000_usize {
            let mut all = array.lock().unwrap().clean().unwrap();
            all[n % 7] += 1 + i64::from(process);
            all[(n + 1) % 7] -= 1 + i64::from(process);
            assert_eq!(all.iter().sum::<i64>(), 0);
        }
    });
    assert_eq!(array.to_vec().unwrap().iter().sum::<i64>(), 0);
}

fn out_of_range_is_none() {
    let array = SharedArray::new(&[1.5_f64, 2.5]).unwrap();
    assert_eq!((array.len(), array.is_empty()), (2, false));
    assert_eq!((array.get(1), array.get(2)), (Ok(Some(2.5)), Ok(None)));
    assert_eq!((array.set(0, 9.0), array.set(2, 9.0)), (Ok(Some(1.5)), Ok(None)));
    assert_eq!(array.update(usize::MAX, |_| ()), Ok(None));
    assert_eq!(array.to_vec().unwrap(), [9.0, 2.5]);
    let none = SharedArray::<u8>::new(&[]).unwrap();
    assert_eq!((none.len(), none.is_empty(), none.get(0)), (0, true, Ok(None)));
}

fn values_of_many_types() {
    assert_eq!(Shared::new(u128::MAX).unwrap().get(), Ok(u128::MAX));
    assert_eq!(Shared::new([[1_u8, 2], [3, 4]]).unwrap().get(), Ok([[1, 2], [3, 4]]));
    assert_eq!(Shared::new(-0.0_f32).unwrap().get().unwrap().to_bits(), (-0.0_f32).to_bits());
    assert_eq!(Shared::new(()).unwrap().get(), Ok(()));
    let large = SharedArray::new(&vec![7_u16; 1_000_000]).unwrap();
    assert_eq!((large.len(), large.get(999_999)), (1_000_000, Ok(Some(7))));
}

fn atomics_count_and_a_load_with_a_store_does_not() {
    let exact = Atomic::new(AtomicU64::new(0)).unwrap();
    let lossy = Atomic::new([AtomicI32::new(0), AtomicI32::new(0)]).unwrap();
    together(4, |_| {
        for _ in 0..EACH {
            exact.fetch_add(1, Relaxed);
        }
    });
    assert_eq!(exact.load(SeqCst), 4 * EACH);
    // The lost update, step by step: both have loaded before either stores.
    together(2, |_| {
        let seen = lossy[0].load(SeqCst);
        lossy[1].fetch_add(1, SeqCst);
        while lossy[1].load(SeqCst) < 2 {
            std::thread::yield_now();
        }
        lossy[0].store(seen + 1, SeqCst);
    });
    assert_eq!(lossy[0].load(SeqCst), 1, "two increments, one is lost");
}

fn a_killed_owner_leaves_a_doubt_until_it_is_set() {
    let pair = Shared::new([1_u32, 1]).unwrap();
    let array = SharedArray::new(&[1_u32, 1]).unwrap();
    let (reader, writer) = pipe();
    let child = fork(|| {
        let mut both = pair.lock().unwrap().clean().unwrap();
        let mut all = array.lock().unwrap().clean().unwrap();
        both[0] = 2;
        all[0] = 2;
        tell(&writer, "half");
        stay()
    })
    .unwrap();
    assert_eq!(next_of(&reader), "half");
    assert_eq!(pair.lock_until(Deadline::Now).unwrap_err(), Error::TimedOut);
    drop(child);
    for _ in 0..2 {
        assert_eq!(pair.get(), Err(Error::OwnerDied));
        assert_eq!(pair.update(|_| ()).unwrap_err().errno(), Errno::EOWNERDEAD);
        assert_eq!(array.get(0), Err(Error::OwnerDied));
        assert_eq!(array.set(0, 1), Err(Error::OwnerDied));
    }
    assert_eq!(*pair.lock().unwrap().guard(), [2, 1], "whoever insists sees it");
    pair.set([3, 3]).unwrap();
    assert_eq!(pair.get(), Ok([3, 3]));
    array.lock().unwrap().guard().repaired();
    assert_eq!(array.to_vec().unwrap(), [2, 1]);
}

fn a_step_inside_a_step_is_refused() {
    let counter = Shared::new(0_u64).unwrap();
    let inner = counter.update(|_| counter.get()).unwrap();
    assert_eq!(inner.unwrap_err().errno(), Errno::EDEADLK);
    assert_eq!(counter.get(), Ok(0));
}
