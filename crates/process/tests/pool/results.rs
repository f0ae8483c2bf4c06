//! What comes back: each result once, in the order asked for, an error of its own type.

use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::getpid;
use process::pool::Options;
use process::signals::{Calls, Disposition, alarm};
use process::{Deadline, Error, Pool, Task, TaskError, current};
use testkit::cases::{next_of, pipe, tell};

use crate::held::{NEVER, errors, held};

pub(crate) fn a_result_comes_back_once() {
    let pool = Pool::new(2, |n: usize| "a".repeat(n)).unwrap();
    assert_eq!((pool.size(), pool.pids().len()), (2, 2));
    let task = pool.submit(3);
    assert_eq!(task.get(NEVER).unwrap(), "aaa");
    assert!(task.is_done());
    assert_eq!(task.get(NEVER), Err(TaskError::Taken));
    let tasks: Vec<Task<String>> = (0..100).map(|n| pool.submit(n)).collect();
    for (n, task) in tasks.into_iter().enumerate().rev() {
        assert_eq!(task.get(NEVER).unwrap().len(), n);
    }
    assert_eq!(pool.apply(1).unwrap(), "a");
    pool.close().join().unwrap();
}

pub(crate) fn map_keeps_the_order() {
    let pool = Pool::new(3, |n: u64| n * n).unwrap();
    for chunk in [1, 7, 0, 1000, usize::MAX / 1_000_000] {
        let results = pool.map(0..1000, chunk);
        assert!(results.into_iter().eq((0..1000).map(|n| Ok(n * n))), "chunks of {chunk}");
    }
    assert!(pool.map([], 1).is_empty());
    assert_eq!(pool.map([3], 10), [Ok(9)]);
}

pub(crate) fn several_arguments_are_a_tuple() {
    let pool = Pool::new(2, |(base, power): (u64, u32)| base.pow(power)).unwrap();
    assert_eq!(pool.map([(2, 10), (3, 2), (7, 0)], 2), [Ok(1024), Ok(9), Ok(1)]);
}

pub(crate) fn an_error_keeps_its_type_and_a_panic_its_message() {
    let pool = Pool::new(1, |n: u32| match n {
        0 => Err("no zero".to_owned()),
        7 => panic!("not {n}"),
        8 => std::panic::panic_any(8),
        _ => Ok(getpid().as_raw()),
    });
    let pool = pool.unwrap();
    let worker = pool.pids()[0].as_raw();
    assert_eq!(pool.apply(0).unwrap(), Err("no zero".to_owned()));
    let panicked = pool.submit(7);
    for _ in 0..2 {
        assert_eq!(panicked.get(NEVER), Err(TaskError::Panicked("not 7".into())));
    }
    let other = TaskError::Panicked("a panic without a text".into());
    assert_eq!(pool.apply(8).unwrap_err(), other);
    assert_eq!(pool.apply(1).unwrap(), Ok(worker), "the same worker goes on");
    let results = pool.map([1, 7, 0, 1], 4);
    assert_eq!(errors(&results), [(1, TaskError::Panicked("not 7".into()))], "of one chunk");
}

pub(crate) fn each_worker_has_its_own_copy() {
    let mut sum = 0;
    let pool = Pool::new(1, move |n: u32| {
        sum += n;
        (sum, current())
    });
    let pool = pool.unwrap();
    assert_eq!(pool.apply(2).unwrap(), (2, "worker-0".into()));
    assert_eq!(pool.apply(3).unwrap(), (5, "worker-0".into()));
    assert_eq!(sum, 0);
    let named = Options::new(1).name("baker").start(|()| current()).unwrap();
    assert_eq!(named.apply(()).unwrap(), "baker-0");
}

pub(crate) fn no_workers_are_refused() {
    let error = Pool::new(0, |n: u8| n).unwrap_err();
    assert_eq!((error.errno(), error.clone()), (Errno::EINVAL, Error::NoWorkers));
    assert_eq!(error.to_string(), "a pool needs at least one worker (EINVAL)");
}

/// A submitted task begins without anybody waiting for it, as long as a worker is free.
pub(crate) fn all_workers_work_at_once() {
    let held = held(4);
    for _ in 0..20 {
        let tasks: Vec<_> = (0..4).map(|n| held.pool.submit(n)).collect();
        held.begun(4);
        assert!(tasks.iter().all(|task| !task.is_done()));
        tell(&held.go, "goon");
        assert!(tasks.into_iter().map(|task| task.get(NEVER).unwrap()).eq(0..4));
    }
}

pub(crate) fn a_deadline_leaves_the_task_alone() {
    let held = held(1);
    let task = held.pool.submit(5);
    assert_eq!(task.get(Deadline::Now), Err(TaskError::TimedOut));
    let (start, limit) = (Instant::now(), Duration::from_millis(30));
    assert_eq!(task.get(Deadline::after(limit)), Err(TaskError::TimedOut));
    assert!(start.elapsed() >= limit && !task.is_done());
    tell(&held.go, "x");
    assert_eq!(task.get(Deadline::after(Duration::MAX)), Ok(5));
}

pub(crate) fn a_wait_goes_on_after_signals() {
    let alarms = Disposition::count(Signal::SIGALRM, Calls::Interrupt).unwrap();
    let held = held(1);
    let task = held.pool.submit(5);
    held.begun(1);
    let start = Instant::now();
    alarm(Duration::from_millis(5)).unwrap();
    assert_eq!(task.get(Deadline::after_millis(50)), Err(TaskError::TimedOut));
    assert!(start.elapsed() >= Duration::from_millis(50));
    assert_eq!(alarms.seen(), 1);
    // The worker has the same handler. What interrupts it while it waits for a task is no task.
    tell(&held.go, "x");
    assert_eq!(task.get(NEVER), Ok(5));
    for pid in held.pool.pids() {
        kill(pid, Signal::SIGALRM).unwrap();
    }
    tell(&held.go, "x");
    assert_eq!(held.pool.apply(6), Ok(6));
}

pub(crate) fn results_come_in_order() {
    let held = held(2);
    let mut results = held.pool.imap([10, 11, 12], 1);
    held.begun(2);
    assert_eq!(results.next_before(Deadline::after_millis(1)), Some(Err(TaskError::TimedOut)));
    tell(&held.go, "xxx");
    assert!(results.by_ref().eq([Ok(10), Ok(11), Ok(12)]));
    assert_eq!(results.next(), None);

    let pool = Pool::new(3, |n: u32| n + 1).unwrap();
    for chunk in [1, 9] {
        assert!(pool.imap(0..5000, chunk).eq((1..=5000).map(Ok)), "chunks of {chunk}");
    }
}

/// The first task waits for a word that is only said when the others have been answered.
pub(crate) fn results_come_as_they_are_done() {
    let (wait, go) = pipe();
    let work = move |n: u32| {
        if n == 0 {
            next_of(&wait);
        }
        n
    };
    let pool = Pool::new(2, work).unwrap();
    for chunk in [1, 3] {
        let mut results = pool.imap_unordered(0..60, chunk);
        let behind = 60 - chunk;
        let first: Vec<_> = results.by_ref().take(behind).map(Result::unwrap).collect();
        assert!(first.iter().all(|&n| n >= chunk.try_into().unwrap()), "{first:?}");
        tell(&go, "go on");
        assert!(results.by_ref().any(|result| result == Ok(0)));
        assert_eq!(results.count(), chunk - 1, "the rest of its chunk");
    }
}

pub(crate) fn tasks_may_be_endless() {
    let pool = Pool::new(2, |n: u64| n * 2).unwrap();
    assert!(pool.imap(0.., 1).take(3000).eq((0..3000).map(|n| Ok(n * 2))));
    let mut some = pool.imap_unordered(0.., 10);
    assert!(some.by_ref().take(3000).all(|result| result.is_ok()));
    // Those that nobody waits for run all the same, as for CPython.
    drop(some);
    assert_eq!(pool.apply(4), Ok(8));
    pool.close().join().unwrap();
}

/// After many that took no time come tasks that wait: for each other, or for all of the others.
pub(crate) fn what_was_sent_ahead_is_taken_back() {
    let (wait, go) = pipe();
    let work = move |n: u32| {
        if n == 7 {
            nix::unistd::read(&wait, &mut [0]).unwrap();
        }
        n
    };
    let pool = Pool::new(2, work).unwrap();
    for _ in 0..20 {
        assert!(errors(&pool.map((0..2000).map(|_| 1), 1)).is_empty());
        let mut results = pool.imap_unordered((0..2000).filter(|n| *n > 5), 1);
        assert!(results.by_ref().take(1993).all(|result| result.unwrap() != 7));
        tell(&go, "x");
        assert!(results.eq([Ok(7)]));
        let tasks: Vec<_> = (0..2000).map(|n| pool.submit(n % 1000 + 7)).collect();
        for task in &tasks[1..1000] {
            task.get(NEVER).unwrap();
        }
        tell(&go, "x");
        for task in &tasks[1001..] {
            task.get(NEVER).unwrap();
        }
        tell(&go, "x");
        pool.turn(Deadline::Now).unwrap();
        assert_eq!((tasks[0].get(NEVER), tasks[1000].get(NEVER)), (Ok(7), Ok(7)));
    }
}

pub(crate) fn a_worker_may_have_a_pool() {
    let pool = Pool::new(2, |n: u32| {
        let inner = Pool::new(2, |n: u32| n * 2).map_err(|error| error.to_string())?;
        Ok::<u32, String>(inner.map(0..n, 1).into_iter().map(|result| result.unwrap()).sum())
    });
    assert_eq!(pool.unwrap().map([3, 4], 1), [Ok(Ok(6)), Ok(Ok(12))]);
}
