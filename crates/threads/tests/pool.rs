//! The suite that makes the two flavours siblings: every case runs on each of them.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use syscall::Errno;
use threads::{Deadline, Event, Flavour, Pool, Task, TaskError};

macro_rules! on_both_flavours {
    ($($case:ident),+ $(,)?) => {
        mod channel { $(#[test] fn $case() { super::$case(threads::Flavour::Channel); })+ }
        mod stealing { $(#[test] fn $case() { super::$case(threads::Flavour::Stealing); })+ }
    };
}

on_both_flavours!(
    a_result_comes_back_once,
    map_keeps_the_order,
    one_worker_keeps_the_order,
    no_workers_are_refused,
    workers_have_names,
    all_workers_work_at_once,
    a_panic_is_an_error_of_its_task_alone,
    whatever_panics_the_worker_lives_on,
    a_deadline_leaves_the_task_alone,
    close_and_join_finish_what_is_queued,
    terminate_cancels_ten_thousand,
    terminate_after_close_cancels_the_rest,
    terminate_races_with_the_workers,
    dropping_joins_nobody,
    a_task_may_drop_its_pool,
    a_task_may_join_its_pool,
    a_task_may_submit_tasks,
    a_dropped_task_runs_all_the_same,
    eight_threads_submit,
    closing_loses_nothing,
    an_idle_pool_ends,
);

const NEVER: Deadline = Deadline::Never;

/// A task that runs until the event is set: it has begun when this returns.
fn occupied(pool: &Pool) -> (Arc<Event>, Task<&'static str>) {
    let (begun, leave) = (Arc::new(Event::new()), Arc::new(Event::new()));
    let task = {
        let (begun, leave) = (Arc::clone(&begun), Arc::clone(&leave));
        pool.submit(move || {
            begun.set();
            leave.wait(NEVER);
            "left"
        })
    };
    begun.wait(NEVER);
    (leave, task)
}

fn a_result_comes_back_once(flavour: Flavour) {
    let pool = Pool::new(flavour, 2).unwrap();
    assert_eq!(pool.size(), 2);
    let task = pool.submit(|| "a".repeat(3));
    assert_eq!(task.get(NEVER).unwrap(), "aaa");
    assert!(task.is_done());
    assert_eq!(task.get(NEVER), Err(TaskError::Taken));
}

fn map_keeps_the_order(flavour: Flavour) {
    let pool = Pool::new(flavour, 4).unwrap();
    let results = pool.map(0..1000_u64, |n| {
        assert!(n != 500, "not {n}");
        n * n
    });
    assert_eq!(results.len(), 1000);
    for (n, result) in (0..).zip(results) {
        let expected =
            if n == 500 { Err(TaskError::Panicked("not 500".into())) } else { Ok(n * n) };
        assert_eq!(result, expected);
    }
    assert!(pool.map(Vec::<u8>::new(), |n| n).is_empty());
}

fn one_worker_keeps_the_order(flavour: Flavour) {
    let pool = Pool::new(flavour, 1).unwrap();
    let (say, said) = mpsc::channel();
    for n in 0..1000 {
        let say = say.clone();
        let _ = pool.submit(move || say.send(n).unwrap());
    }
    pool.close().join();
    drop(say);
    assert!(said.into_iter().eq(0..1000));
}

fn no_workers_are_refused(flavour: Flavour) {
    let error = Pool::new(flavour, 0).unwrap_err();
    assert_eq!(error.errno(), Errno::EINVAL);
    assert_eq!(error.to_string(), "a pool needs at least one worker");
    assert_eq!(Pool::named(flavour, 1, "a\0b").unwrap_err().errno(), Errno::EINVAL);
}

fn workers_have_names(flavour: Flavour) {
    let pool = Pool::named(flavour, 3, "baker").unwrap();
    let meeting = Arc::new(Barrier::new(3));
    let names = pool.map(0..3, move |_| {
        // All three are here, so nobody comes twice.
        meeting.wait();
        thread::current().name().unwrap().to_owned()
    });
    let names: BTreeSet<String> = names.into_iter().map(Result::unwrap).collect();
    assert_eq!(Vec::from_iter(names), ["baker-0", "baker-1", "baker-2"]);
}

fn all_workers_work_at_once(flavour: Flavour) {
    let pool = Pool::new(flavour, 8).unwrap();
    let meeting = Arc::new(Barrier::new(8));
    for _ in 0..100 {
        let meeting = Arc::clone(&meeting);
        let leaders = pool.map(0..8, move |_| meeting.wait().is_leader());
        assert_eq!(leaders.into_iter().filter(|leader| *leader == Ok(true)).count(), 1);
    }
}

fn a_panic_is_an_error_of_its_task_alone(flavour: Flavour) {
    let pool = Pool::new(flavour, 1).unwrap();
    let worker = pool.submit(|| thread::current().id()).get(NEVER).unwrap();
    let literal = pool.submit(|| -> u8 { panic!("a literal") });
    let formatted = pool.submit(|| -> u8 { panic!("{} and {}", 1, 2) });
    let other = pool.submit(|| -> u8 { std::panic::panic_any(7) });
    for _ in 0..2 {
        assert_eq!(literal.get(NEVER), Err(TaskError::Panicked("a literal".into())));
        assert_eq!(formatted.get(NEVER), Err(TaskError::Panicked("1 and 2".into())));
        assert_eq!(other.get(NEVER), Err(TaskError::Panicked("a panic without a text".into())));
    }
    let after = pool.submit(|| thread::current().id()).get(NEVER).unwrap();
    assert_eq!(after, worker, "the same worker goes on");
}

/// Panics when it is dropped.
struct Grenade;

impl Drop for Grenade {
    fn drop(&mut self) {
        assert!(thread::panicking(), "dropped");
    }
}

fn whatever_panics_the_worker_lives_on(flavour: Flavour) {
    let pool = Pool::new(flavour, 1).unwrap();
    let worker = pool.submit(|| thread::current().id()).get(NEVER).unwrap();
    // The result is dropped in the worker, because nobody wants it by then.
    let (let_go, wait) = mpsc::channel();
    drop(pool.submit(move || {
        wait.recv().unwrap();
        Grenade
    }));
    let_go.send(()).unwrap();
    // The payload of a panic is always dropped there.
    let payload = pool.submit(|| -> u8 { std::panic::panic_any(Grenade) });
    assert_eq!(payload.get(NEVER), Err(TaskError::Panicked("a panic without a text".into())));
    let after = pool.submit(|| thread::current().id()).get(NEVER).unwrap();
    assert_eq!(after, worker, "the same worker goes on");
    // A closure that is cancelled.
    let (leave, task) = occupied(&pool);
    let grenade = Grenade;
    let cancelled = pool.submit(move || std::mem::forget(grenade));
    let closed = pool.terminate();
    assert_eq!(cancelled.get(NEVER), Err(TaskError::Cancelled));
    leave.set();
    closed.join();
    assert_eq!(task.get(Deadline::Now), Ok("left"));
}

fn a_deadline_leaves_the_task_alone(flavour: Flavour) {
    let pool = Pool::new(flavour, 1).unwrap();
    let (leave, task) = occupied(&pool);
    assert_eq!(task.get(Deadline::Now), Err(TaskError::TimedOut));
    let (start, limit) = (Instant::now(), Duration::from_millis(30));
    assert_eq!(task.get(Deadline::after(limit)), Err(TaskError::TimedOut));
    assert!(start.elapsed() >= limit && !task.is_done());
    leave.set();
    assert_eq!(task.get(Deadline::after(Duration::MAX)), Ok("left"));
}

fn close_and_join_finish_what_is_queued(flavour: Flavour) {
    let pool = Pool::new(flavour, 2).unwrap();
    let (leave, first) = occupied(&pool);
    let tasks: Vec<_> = (0..1000).map(|n| pool.submit(move || n)).collect();
    let closed = pool.close();
    leave.set();
    closed.join();
    assert_eq!(first.get(Deadline::Now), Ok("left"));
    for (n, task) in (0..).zip(tasks) {
        assert_eq!(task.get(Deadline::Now), Ok(n), "done by the end of join");
    }
}

fn terminate_cancels_ten_thousand(flavour: Flavour) {
    let pool = Pool::new(flavour, 2).unwrap();
    let (busy, ran) = ([occupied(&pool), occupied(&pool)], Arc::new(AtomicUsize::new(0)));
    let tasks: Vec<_> = (0..10_000)
        .map(|_| {
            let ran = Arc::clone(&ran);
            pool.submit(move || ran.fetch_add(1, Ordering::Relaxed))
        })
        .collect();
    let closed = pool.terminate();
    // Both workers are still occupied, and everybody knows already.
    for task in &tasks {
        assert_eq!(task.get(Deadline::Now), Err(TaskError::Cancelled));
    }
    for (leave, _) in &busy {
        leave.set();
    }
    closed.join();
    assert_eq!(ran.load(Ordering::Relaxed), 0);
    for (_, task) in busy {
        assert_eq!(task.get(Deadline::Now), Ok("left"), "what was running keeps its result");
    }
}

fn terminate_after_close_cancels_the_rest(flavour: Flavour) {
    let pool = Pool::new(flavour, 1).unwrap();
    let ((leave, first), queued) = (occupied(&pool), pool.submit(|| 1));
    let closed = pool.close().terminate();
    assert_eq!(queued.get(Deadline::Now), Err(TaskError::Cancelled));
    leave.set();
    closed.join();
    assert_eq!(first.get(Deadline::Now), Ok("left"));
}

/// Each task ends in exactly one way, and at once, even while a worker is held up for good.
fn terminate_races_with_the_workers(flavour: Flavour) {
    for round in 0..200 {
        let pool = Pool::new(flavour, 3).unwrap();
        let ran = Arc::new(AtomicUsize::new(0));
        let hold = Arc::new(Event::new());
        let submit = |n: usize| {
            let (ran, hold) = (Arc::clone(&ran), Arc::clone(&hold));
            let held = n == round;
            pool.submit(move || {
                ran.fetch_add(1, Ordering::Relaxed);
                if held {
                    hold.wait(NEVER);
                }
            })
        };
        let mut tasks: Vec<_> = (0..200).map(submit).collect();
        let held = tasks.swap_remove(round);
        let closed = pool.terminate();
        let mut done = 0;
        for task in tasks {
            match task.get(NEVER) {
                Ok(()) => done += 1,
                error => assert_eq!(error, Err(TaskError::Cancelled)),
            }
        }
        hold.set();
        closed.join();
        done += usize::from(held.get(Deadline::Now).is_ok());
        assert_eq!(done, ran.load(Ordering::Relaxed));
    }
}

fn dropping_joins_nobody(flavour: Flavour) {
    let pool = Pool::new(flavour, 1).unwrap();
    let ((leave, task), queued) = (occupied(&pool), pool.submit(|| 1));
    drop(pool);
    // We are here although the worker is occupied.
    assert_eq!(queued.get(NEVER), Err(TaskError::Cancelled));
    assert!(!task.is_done());
    leave.set();
    assert_eq!(task.get(NEVER), Ok("left"));
}

fn a_task_may_drop_its_pool(flavour: Flavour) {
    let pool = Pool::new(flavour, 2).unwrap();
    let (hand_over, take) = mpsc::channel::<Pool>();
    let task = pool.submit(move || drop(take.recv().unwrap()));
    hand_over.send(pool).unwrap();
    assert_eq!(task.get(NEVER), Ok(()));
}

fn a_task_may_join_its_pool(flavour: Flavour) {
    let pool = Pool::new(flavour, 2).unwrap();
    let (hand_over, take) = mpsc::channel::<Pool>();
    let task = pool.submit(move || take.recv().unwrap().close().join());
    let other = pool.submit(|| 3);
    hand_over.send(pool).unwrap();
    assert_eq!(task.get(NEVER), Ok(()));
    assert_eq!(other.get(Deadline::Now), Ok(3));
}

fn a_task_may_submit_tasks(flavour: Flavour) {
    /// Nobody waits inside of a task: the leaves send what they are.
    fn split(pool: &Arc<Pool>, range: std::ops::Range<u64>, sum: &mpsc::Sender<u64>) {
        if range.end - range.start == 1 {
            sum.send(range.start).unwrap();
            return;
        }
        let middle = range.start.midpoint(range.end);
        for half in [range.start..middle, middle..range.end] {
            let (again, sum) = (Arc::clone(pool), sum.clone());
            let _ = pool.submit(move || split(&again, half, &sum));
        }
    }
    let pool = Arc::new(Pool::new(flavour, 4).unwrap());
    let (say, said) = mpsc::channel();
    split(&pool, 0..10_000, &say);
    drop(say);
    // The end of the stream: every task has ended, however far down.
    let mut all: Vec<u64> = said.into_iter().collect();
    all.sort_unstable();
    assert!(all.into_iter().eq(0..10_000));
}

fn a_dropped_task_runs_all_the_same(flavour: Flavour) {
    let pool = Pool::new(flavour, 1).unwrap();
    let (say, said) = mpsc::channel();
    drop(pool.submit(move || say.send(1).unwrap()));
    assert_eq!(said.recv(), Ok(1));
}

fn eight_threads_submit(flavour: Flavour) {
    let pool = Pool::new(flavour, 4).unwrap();
    let sum = Arc::new(AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for n in 0..2_000 {
                    let sum = Arc::clone(&sum);
                    let _ = pool.submit(move || sum.fetch_add(n, Ordering::Relaxed));
                }
            });
        }
    });
    pool.close().join();
    assert_eq!(sum.load(Ordering::Relaxed), 8 * 1999 * 2000 / 2);
}

/// The last tasks, while some workers already leave.
fn closing_loses_nothing(flavour: Flavour) {
    for _ in 0..500 {
        let pool = Pool::new(flavour, 4).unwrap();
        let tasks: Vec<_> = (0..40).map(|n| pool.submit(move || n)).collect();
        pool.close().join();
        for (n, task) in (0..).zip(tasks) {
            assert_eq!(task.get(Deadline::Now), Ok(n));
        }
    }
}

fn an_idle_pool_ends(flavour: Flavour) {
    for _ in 0..50 {
        Pool::new(flavour, 4).unwrap().close().join();
        Pool::new(flavour, 4).unwrap().terminate().join();
    }
}

/// A worker that becomes free while the queue is being emptied begins nothing any more. The first
/// closure that is dropped holds the emptying up until the worker has taken the next.
#[test]
fn channel_terminate_starts_nothing() {
    struct HoldUp(Arc<Event>, Arc<std::sync::Mutex<Option<Task<()>>>>);
    impl Drop for HoldUp {
        fn drop(&mut self) {
            self.0.set();
            let next = self.1.lock().unwrap().take().unwrap();
            assert_eq!(next.get(NEVER), Err(TaskError::Cancelled));
        }
    }
    let pool = Pool::new(Flavour::Channel, 1).unwrap();
    let (leave, task) = occupied(&pool);
    let next = Arc::new(std::sync::Mutex::new(None));
    let hold_up = HoldUp(leave, Arc::clone(&next));
    let first = pool.submit(move || std::mem::forget(hold_up));
    let ran = Arc::new(AtomicUsize::new(0));
    let second = {
        let ran = Arc::clone(&ran);
        pool.submit(move || drop(ran.fetch_add(1, Ordering::Relaxed).to_string()))
    };
    *next.lock().unwrap() = Some(second);
    pool.terminate().join();
    assert_eq!(first.get(Deadline::Now), Err(TaskError::Cancelled));
    assert_eq!(task.get(Deadline::Now), Ok("left"));
    assert_eq!(ran.load(Ordering::Relaxed), 0);
}
