//! `Pool`: the suite of `threads::Pool` as far as it goes for processes, and what only processes
//! do: they die.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::collections::BTreeSet;
use std::os::fd::AsRawFd as _;
use std::rc::Rc;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal as Standard, kill, killpg, raise};
use nix::unistd::{getpid, setpgid};
use process::orphan::Subreaper;
use process::pool::Options;
use process::procfs::Stat;
use process::signals::{Calls, Disposition, alarm};
use process::wire::Malformed;
use process::{Child, Deadline, Error, Exit, Pid, Pool, Task, TaskError, Wire, current, fork};
use testkit::cases::{all_of, next_of, pipe, stay, tell};
use testkit::until;

testkit::cases!(
    a_result_comes_back_once,
    map_keeps_the_order,
    several_arguments_are_a_tuple,
    an_error_keeps_its_type_and_a_panic_its_message,
    each_worker_has_its_own_copy,
    no_workers_are_refused,
    all_workers_work_at_once,
    a_deadline_leaves_the_task_alone,
    a_wait_goes_on_after_signals,
    workers_know_nothing_of_each_other,
    results_come_in_order,
    results_come_as_they_are_done,
    tasks_may_be_endless,
    what_was_sent_ahead_is_taken_back,
    large_tasks_and_results_block_nobody,
    a_worker_that_does_not_read_blocks_nobody,
    what_is_too_large_is_refused,
    what_is_malformed_is_an_error_of_its_task,
    a_worker_that_talks_nonsense_is_replaced,
    a_worker_lives_for_so_many_tasks,
    an_initializer_runs_first_in_each_worker,
    an_initializer_that_fails_is_no_pool,
    an_initializer_that_fails_later_ends_in_errors,
    close_and_join_finish_what_is_queued,
    terminate_cancels_ten_thousand,
    dropping_ends_the_workers,
    a_killed_worker_loses_its_task_alone,
    a_killed_worker_loses_what_it_had_begun_of_a_chunk,
    a_task_that_exits_is_lost,
    an_idle_worker_that_is_killed_loses_nothing,
    a_child_of_a_worker_hides_no_death,
    a_stopped_worker_can_be_terminated,
    workers_end_with_their_parent,
    ctrl_c_leaves_nobody,
    a_copy_of_a_pool_is_nobodys,
    with_threads_nobody_is_replaced,
    a_worker_may_have_a_pool,
);

const NEVER: Deadline = Deadline::Never;

fn raise_kill() {
    raise(Standard::SIGKILL).unwrap();
}

fn killed() -> TaskError {
    TaskError::Died(Exit::Signal { number: 9, core: false })
}

/// Errors of the tasks that have one, with their places.
fn errors<R>(results: &[Result<R, TaskError>]) -> Vec<(usize, TaskError)> {
    let all = results.iter().enumerate();
    all.filter_map(|(place, result)| Some((place, result.as_ref().err()?.clone()))).collect()
}

/// A pool whose tasks say that they have begun, and wait for a byte before they end.
struct Held {
    pool: Pool<u32, u32>,
    said: std::os::fd::OwnedFd,
    go: std::os::fd::OwnedFd,
}

fn held(size: usize) -> Held {
    let ((said, say), (wait, go)) = (pipe(), pipe());
    let work = move |n| {
        tell(&say, "x");
        nix::unistd::read(&wait, &mut [0]).unwrap();
        n
    };
    Held { pool: Pool::new(size, work).unwrap(), said, go }
}

impl Held {
    /// Waits until so many tasks have begun.
    fn begun(&self, mut count: usize) {
        while count > 0 {
            count -= next_of(&self.said).len();
        }
    }
}

fn a_result_comes_back_once() {
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

fn map_keeps_the_order() {
    let pool = Pool::new(3, |n: u64| n * n).unwrap();
    for chunk in [1, 7, 0, 1000, usize::MAX / 1_000_000] {
        let results = pool.map(0..1000, chunk);
        assert!(results.into_iter().eq((0..1000).map(|n| Ok(n * n))), "chunks of {chunk}");
    }
    assert!(pool.map([], 1).is_empty());
    assert_eq!(pool.map([3], 10), [Ok(9)]);
}

fn several_arguments_are_a_tuple() {
    let pool = Pool::new(2, |(base, power): (u64, u32)| base.pow(power)).unwrap();
    assert_eq!(pool.map([(2, 10), (3, 2), (7, 0)], 2), [Ok(1024), Ok(9), Ok(1)]);
}

fn an_error_keeps_its_type_and_a_panic_its_message() {
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

fn each_worker_has_its_own_copy() {
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

fn no_workers_are_refused() {
    let error = Pool::new(0, |n: u8| n).unwrap_err();
    assert_eq!((error.errno(), error.clone()), (Errno::EINVAL, Error::NoWorkers));
    assert_eq!(error.to_string(), "a pool needs at least one worker (EINVAL)");
}

/// A submitted task begins without anybody waiting for it, as long as a worker is free.
fn all_workers_work_at_once() {
    let held = held(4);
    for _ in 0..20 {
        let tasks: Vec<_> = (0..4).map(|n| held.pool.submit(n)).collect();
        held.begun(4);
        assert!(tasks.iter().all(|task| !task.is_done()));
        tell(&held.go, "goon");
        assert!(tasks.into_iter().map(|task| task.get(NEVER).unwrap()).eq(0..4));
    }
}

fn a_deadline_leaves_the_task_alone() {
    let held = held(1);
    let task = held.pool.submit(5);
    assert_eq!(task.get(Deadline::Now), Err(TaskError::TimedOut));
    let (start, limit) = (Instant::now(), Duration::from_millis(30));
    assert_eq!(task.get(Deadline::after(limit)), Err(TaskError::TimedOut));
    assert!(start.elapsed() >= limit && !task.is_done());
    tell(&held.go, "x");
    assert_eq!(task.get(Deadline::after(Duration::MAX)), Ok(5));
}

fn a_wait_goes_on_after_signals() {
    let alarms = Disposition::count(Standard::SIGALRM, Calls::Interrupt).unwrap();
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
        kill(pid, Standard::SIGALRM).unwrap();
    }
    tell(&held.go, "x");
    assert_eq!(held.pool.apply(6), Ok(6));
}

/// Otherwise the end of one worker's socket would wait for the others.
fn workers_know_nothing_of_each_other() {
    let sockets = |_: u8| {
        let fds = std::fs::read_dir("/proc/self/fd").unwrap();
        let links = fds.filter_map(|fd| std::fs::read_link(fd.unwrap().path()).ok());
        links.filter(|link| link.to_string_lossy().starts_with("socket:")).count()
    };
    let pool = Options::new(4).max_tasks(2).start(sockets).unwrap();
    assert_eq!(pool.map([0; 40], 1), vec![Ok(1); 40]);
}

fn results_come_in_order() {
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
fn results_come_as_they_are_done() {
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

fn tasks_may_be_endless() {
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
fn what_was_sent_ahead_is_taken_back() {
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

/// More than the sockets hold in both directions at once.
fn large_tasks_and_results_block_nobody() {
    const MIB: usize = 1 << 20;
    let reversed = |mut bytes: Vec<u8>| {
        bytes.reverse();
        bytes
    };
    let pool = Pool::new(2, reversed).unwrap();
    let task = |n: u8| {
        let mut bytes = vec![n; MIB];
        bytes[0] = 200;
        bytes
    };
    for chunk in [1, 5] {
        for (n, result) in (0..20).zip(pool.map((0..20).map(task), chunk)) {
            let bytes = result.unwrap();
            assert_eq!((bytes.len(), bytes[0], bytes[MIB - 1]), (MIB, n, 200));
        }
    }
    let submitted: Vec<_> = (0..20).map(|n| pool.submit(task(n))).collect();
    for (n, task) in (0..20).zip(submitted) {
        assert_eq!(task.get(NEVER).unwrap()[0], n);
    }
}

/// More than its socket holds, while it is stopped.
fn a_worker_that_does_not_read_blocks_nobody() {
    let pool = Pool::new(1, |bytes: Vec<u8>| bytes.len()).unwrap();
    let worker = pool.pids()[0];
    kill(worker, Standard::SIGSTOP).unwrap();
    let task = pool.submit(vec![0; 4 << 20]);
    assert_eq!(task.get(Deadline::after_millis(20)), Err(TaskError::TimedOut));
    kill(worker, Standard::SIGCONT).unwrap();
    assert_eq!(task.get(NEVER), Ok(4 << 20));
}

fn what_is_too_large_is_refused() {
    let pool = Options::new(1).limit(1000).start(|n: Vec<u8>| vec![1_u8; 10 * n.len()]).unwrap();
    assert_eq!(pool.apply(vec![0; 99]).unwrap().len(), 990);
    assert_eq!(pool.apply(vec![0; 993]), Err(TaskError::TooLarge(1001)));
    // The bytes of the result: one that says that it is one, 8 for its length, and 1000.
    assert_eq!(pool.apply(vec![0; 100]), Err(TaskError::TooLarge(1009)));
    let results = pool.map([1, 2000, 2, 100, 3].map(|count| vec![0; count]), 5);
    let (task, result) = (TaskError::TooLarge(2008), TaskError::TooLarge(1009));
    assert_eq!(errors(&results), [(1, task), (3, result)]);
    assert_eq!(results[4].as_ref().unwrap().len(), 30);
}

/// Writes what nobody reads.
#[derive(Debug, PartialEq)]
struct Odd(u8);

impl Wire for Odd {
    fn put(&self, to: &mut Vec<u8>) {
        to.push(self.0);
    }

    fn take(from: &mut &[u8]) -> Result<Self, Malformed> {
        let number = u8::take(from)?;
        if number % 2 == 1 { Ok(Self(number)) } else { Err(Malformed("an odd number")) }
    }
}

fn what_is_malformed_is_an_error_of_its_task() {
    let pool = Pool::new(1, |Odd(n)| Odd(if n == 9 { 10 } else { n })).unwrap();
    let worker = pool.pids();
    let results = pool.map([1, 2, 3, 9, 5].map(Odd), 5);
    let malformed = |whose: &str| {
        TaskError::Malformed(format!("the {whose}: malformed bytes: an odd number was expected"))
    };
    assert_eq!(errors(&results), [(1, malformed("task")), (3, malformed("result"))]);
    assert_eq!(results[4], Ok(Odd(5)));
    assert_eq!(pool.pids(), worker, "the same worker goes on");
}

/// The task writes to the pool's own socket, a length that is none.
fn a_worker_that_talks_nonsense_is_replaced() {
    let pool = Pool::new(1, |nonsense: bool| {
        for fd in 3..64 {
            if nonsense {
                let _ =
                    nix::sys::socket::send(fd, &[0xff; 100], nix::sys::socket::MsgFlags::empty());
            }
        }
        getpid().as_raw()
    });
    let pool = pool.unwrap();
    let before = pool.apply(false).unwrap();
    let error = pool.apply(true).unwrap_err();
    assert!(matches!(error, TaskError::Malformed(_)), "{error}");
    assert_ne!(pool.apply(false).unwrap(), before);
}

fn a_worker_lives_for_so_many_tasks() {
    let work = |_: u32| getpid().as_raw();
    let pool = Options::new(2).max_tasks(10).start(work).unwrap();
    for chunk in [1, 4, 30] {
        let mut pids: Vec<i32> = pool.map(0..100, chunk).into_iter().map(Result::unwrap).collect();
        pids.sort_unstable();
        let lives: Vec<usize> = pids.chunk_by(|a, b| a == b).map(<[i32]>::len).collect();
        assert!(lives.iter().all(|&tasks| tasks <= 10), "chunks of {chunk}: {lives:?}");
    }
    pool.close().join().unwrap();
    let pool = Options::new(1).max_tasks(1).start(work).unwrap();
    let pids: BTreeSet<i32> = (0..20).map(|n| pool.apply(n).unwrap()).collect();
    assert_eq!(pids.len(), 20);
}

fn an_initializer_runs_first_in_each_worker() {
    let place = Rc::new(std::cell::Cell::new(0));
    let seen = Rc::clone(&place);
    let set = move || {
        place.set(getpid().as_raw());
        Ok::<(), Error>(())
    };
    let options = Options::new(3).max_tasks(5).initializer(set);
    let pool = options.start(move |()| seen.get() == getpid().as_raw()).unwrap();
    assert!(pool.map([(); 100], 1).into_iter().all(|result| result == Ok(true)));
}

fn an_initializer_that_fails_is_no_pool() {
    let count = |options: Options| {
        let (reader, writer) = pipe();
        let error = options.start(move |()| tell(&writer, "x")).unwrap_err();
        assert_eq!(all_of(reader), "");
        error
    };
    let error = count(Options::new(3).initializer(|| Err("no database")));
    assert_eq!(error, Error::Initializer("no database".into()));
    let error = count(Options::new(3).initializer(|| -> Result<(), Error> { panic!("no luck") }));
    assert_eq!(error.errno(), Errno::ECANCELED);
    assert!(error.to_string().contains("it panicked: no luck"), "{error}");
    for (end, told) in [(raise_kill as fn(), "SIGKILL"), (|| std::process::exit(4), "code 4")] {
        let error = count(Options::new(2).initializer(move || -> Result<(), Error> {
            end();
            Ok(())
        }));
        assert!(error.to_string().contains(told), "{error}");
    }
}

/// The initializer fails as soon as a file is there.
fn an_initializer_that_fails_later_ends_in_errors() {
    let folder = tempfile::tempdir().unwrap();
    let (stop, starts) = (folder.path().join("stop"), folder.path().join("starts"));
    let initialize = {
        let (stop, starts) = (stop.clone(), starts.clone());
        move || {
            let mut file = std::fs::File::options().append(true).create(true).open(&starts)?;
            std::io::Write::write_all(&mut file, b"x")?;
            if stop.exists() { Err(std::io::Error::other("it is over")) } else { Ok(()) }
        }
    };
    let pool = Options::new(2).initializer(initialize).start(|n: u32| {
        if n > 0 {
            raise_kill();
        }
        n
    });
    let pool = pool.unwrap();
    std::fs::write(&stop, "").unwrap();
    assert_eq!(pool.map([0, 1, 0], 1), [Ok(0), Err(killed()), Ok(0)], "one worker is left");
    assert_eq!(pool.apply(0), Ok(0));
    assert_eq!(pool.apply(1), Err(killed()));
    for _ in 0..3 {
        let over = TaskError::Pool(Error::Initializer("it is over".into()));
        assert_eq!(pool.apply(0), Err(over));
    }
    // Two at the start, and one for each that was killed, at most. Nobody tried again.
    let starts = std::fs::read_to_string(&starts).unwrap().len();
    assert!((3..=4).contains(&starts), "{starts}");
    pool.close().join().unwrap();
}

fn close_and_join_finish_what_is_queued() {
    let pool = Pool::new(2, |n: u32| n).unwrap();
    let tasks: Vec<_> = (0..10_000).map(|n| pool.submit(n)).collect();
    pool.close().join().unwrap();
    for (n, task) in (0..).zip(tasks) {
        assert_eq!(task.get(Deadline::Now), Ok(n), "done by the end of join");
    }
    Pool::new(4, |n: u32| n).unwrap().close().join().unwrap();
    // Nobody is made for nothing.
    let pool = Options::new(2).max_tasks(3).start(|n: u32| n).unwrap();
    let tasks: Vec<_> = (0..100).map(|n| pool.submit(n)).collect();
    pool.close().join().unwrap();
    assert!(tasks.into_iter().map(|task| task.get(Deadline::Now)).eq((0..100).map(Ok)));
}

fn terminate_cancels_ten_thousand() {
    for close_first in [false, true] {
        let held = held(2);
        let pids = held.pool.pids();
        let tasks: Vec<_> = (0..10_000).map(|n| held.pool.submit(n)).collect();
        held.begun(2);
        let pool = held.pool;
        let closed = if close_first { pool.close().terminate() } else { pool.terminate() };
        for task in &tasks {
            assert_eq!(task.get(Deadline::Now), Err(TaskError::Cancelled));
        }
        closed.join().unwrap();
        for pid in pids {
            assert_eq!(Stat::of(pid).unwrap_err().errno(), Errno::ESRCH, "ended and reaped");
        }
    }
}

fn dropping_ends_the_workers() {
    let closing: [fn(Pool<u32, u32>); 2] = [drop, |pool| drop(pool.close())];
    for end in closing {
        let held = held(2);
        let (pids, task) = (held.pool.pids(), held.pool.submit(1));
        held.begun(1);
        end(held.pool);
        for pid in pids {
            assert_eq!(Stat::of(pid).unwrap_err().errno(), Errno::ESRCH, "ended and reaped");
        }
        assert_eq!(task.get(NEVER), Err(TaskError::Cancelled));
    }
}

/// Somebody outside kills it, while the parent sits in `map`.
fn a_killed_worker_loses_its_task_alone() {
    let (said, say) = pipe();
    let mut killer = fork(|| {
        for _ in 0..3 {
            let pid = next_of(&said).parse().unwrap();
            kill(Pid::from_raw(pid), Standard::SIGKILL).unwrap();
        }
        0
    })
    .unwrap();
    let pool = Pool::new(2, move |n: u32| {
        if n == 500 {
            tell(&say, &getpid().to_string());
            stay();
        }
        n
    });
    let pool = pool.unwrap();
    for _ in 0..3 {
        let before = BTreeSet::from_iter(pool.pids());
        let results = pool.map(0..10_000, 1);
        assert_eq!(errors(&results), [(500, killed())]);
        assert!((0..).zip(&results).all(|(n, result)| n == 500 || *result == Ok(n)));
        let after = BTreeSet::from_iter(pool.pids());
        assert_eq!((before.intersection(&after).count(), after.len()), (1, 2), "one is new");
    }
    assert_eq!(killer.join(NEVER).unwrap(), Some(Exit::Code(0)));
    // Many at once, and every task in turn.
    let pool = Pool::new(3, |n: u32| {
        if n.is_multiple_of(10) {
            raise_kill();
        }
    })
    .unwrap();
    let results = pool.map(0..300, 1);
    assert!(errors(&results).into_iter().eq((0..30).map(|n| (10 * n, killed()))));
}

fn a_killed_worker_loses_what_it_had_begun_of_a_chunk() {
    let pool = Pool::new(2, |n: u32| {
        if n == 555 {
            raise_kill();
        }
    })
    .unwrap();
    let results = pool.map(0..1000, 100);
    let lost = errors(&results);
    assert!(lost.into_iter().eq((500..=555).map(|n| (n, killed()))), "answered and after: none");
}

fn a_task_that_exits_is_lost() {
    let pool = Pool::new(2, |code: i32| std::process::exit(code)).unwrap();
    let _: Task<()> = pool.submit(0);
    for code in [0, 3] {
        assert_eq!(pool.apply(code), Err(TaskError::Died(Exit::Code(code))));
    }
}

fn an_idle_worker_that_is_killed_loses_nothing() {
    let pool = Pool::new(2, |n: u32| n).unwrap();
    for round in 0..50 {
        let before = pool.pids();
        for &pid in &before {
            kill(pid, Standard::SIGKILL).unwrap();
        }
        let results = pool.map(0..100, 1);
        // The signal may come in the middle of a task, for it is sent and not waited for.
        let lost = errors(&results);
        assert!(lost.len() <= 2 && lost.iter().all(|(_, e)| *e == killed()), "{round}: {lost:?}");
        until("both are replaced", || {
            pool.turn(Deadline::Now).unwrap();
            pool.pids().iter().all(|pid| !before.contains(pid)).then_some(())
        });
    }
}

/// It holds a copy of the worker's socket, whose end therefore does not come.
fn a_child_of_a_worker_hides_no_death() {
    let (wait, go) = pipe();
    let writer = go.as_raw_fd();
    let pool = Pool::new(1, move |die: bool| {
        if die {
            let child = fork(|| {
                nix::unistd::close(writer).unwrap();
                nix::unistd::read(&wait, &mut [0]).map_or(1, |_| 0)
            });
            child.unwrap().leave();
            raise_kill();
        }
        die
    });
    let _adopter = Subreaper::new().unwrap();
    let pool = pool.unwrap();
    assert_eq!(pool.apply(true), Err(killed()));
    assert_eq!(pool.apply(false), Ok(false));
    drop(pool);
    let mut orphans = process::procfs::pids().unwrap();
    orphans.retain(|&pid| Stat::of(pid).is_ok_and(|stat| stat.parent == getpid()));
    assert_eq!(orphans.len(), 1, "the child of the worker is ours now");
    tell(&go, "x");
    for pid in orphans {
        assert_eq!(Child::adopt(pid).unwrap().join(NEVER).unwrap(), Some(Exit::Code(0)));
    }
}

fn a_stopped_worker_can_be_terminated() {
    let pool = Pool::new(1, |n: u32| {
        raise(Standard::SIGSTOP).unwrap();
        n
    });
    let pool = pool.unwrap();
    let task = pool.submit(1);
    assert_eq!(task.get(Deadline::after_millis(20)), Err(TaskError::TimedOut));
    pool.terminate().join().unwrap();
    assert_eq!(task.get(NEVER), Err(TaskError::Cancelled));
}

/// A process with a pool that works: its own end, and those of its workers, which come to us.
fn ends(begin: impl FnOnce(), end: impl FnOnce(Pid)) -> (Option<i32>, Vec<Option<i32>>) {
    let _adopter = Subreaper::new().unwrap();
    let (said, say) = pipe();
    let mut parent = fork(|| {
        begin();
        let (begun, noted) = pipe();
        let pool = Pool::new(3, move |_: u32| {
            tell(&noted, "x");
            stay()
        });
        let pool = pool.unwrap();
        let tasks: Vec<Task<i32>> = (0..4).map(|n| pool.submit(n)).collect();
        let mut count = 0;
        while count < 2 {
            count += next_of(&begun).len();
        }
        let pids: Vec<String> = pool.pids().iter().map(ToString::to_string).collect();
        tell(&say, &pids.join(" "));
        tasks[0].get(NEVER).map_or(1, |_| 0)
    })
    .unwrap();
    let pids = next_of(&said);
    end(parent.pid());
    let ended = parent.join(NEVER).unwrap().unwrap().code();
    let adopt = |pid: &str| Child::adopt(Pid::from_raw(pid.parse().unwrap())).unwrap();
    let mut workers: Vec<Child> = pids.split(' ').map(adopt).collect();
    let codes = workers.iter_mut().map(|worker| worker.join(NEVER).unwrap().unwrap().code());
    (ended, codes.collect())
}

fn workers_end_with_their_parent() {
    for signal in [Standard::SIGKILL, Standard::SIGTERM] {
        let (parent, workers) = ends(|| (), |parent| kill(parent, signal).unwrap());
        assert_eq!(parent, Some(-(signal as i32)));
        assert_eq!(workers, [Some(-9); 3], "two of them in the middle of a task");
    }
}

/// It goes to the whole group; the workers have the same default as their parent.
fn ctrl_c_leaves_nobody() {
    let own_group = || setpgid(Pid::from_raw(0), Pid::from_raw(0)).unwrap();
    let (parent, workers) = ends(own_group, |parent| killpg(parent, Standard::SIGINT).unwrap());
    assert_eq!(parent, Some(-2));
    assert!(workers.iter().all(|code| matches!(code, Some(-2 | -9))), "{workers:?}");
}

fn a_copy_of_a_pool_is_nobodys() {
    let held = held(1);
    let task = held.pool.submit(3);
    let (pool, owner) = (held.pool, getpid());
    let mut pool = Some(pool);
    let mut child = fork(|| {
        let not_ours = TaskError::Pool(Error::NotOurs(owner));
        assert_eq!(task.get(Deadline::Now), Err(not_ours.clone()));
        let pool = pool.take().unwrap();
        assert_eq!(pool.apply(1), Err(not_ours.clone()));
        assert_eq!(pool.map([1, 2], 1), [Err(not_ours.clone()), Err(not_ours)]);
        drop(pool);
        0
    })
    .unwrap();
    assert_eq!(child.join(NEVER).unwrap(), Some(Exit::Code(0)));
    tell(&held.go, "x");
    assert_eq!(task.get(NEVER), Ok(3));
}

fn with_threads_nobody_is_replaced() {
    let pool = Pool::new(1, |die: bool| {
        if die {
            raise_kill();
        }
    })
    .unwrap();
    let (stop, wait) = std::sync::mpsc::channel::<()>();
    let thread = std::thread::spawn(move || wait.recv());
    assert_eq!(pool.apply(false), Ok(()), "the worker that is there works");
    assert_eq!(pool.apply(true), Err(killed()));
    assert_eq!(pool.apply(false), Err(TaskError::Pool(Error::Threads(2))));
    drop(stop);
    thread.join().unwrap().unwrap_err();
    assert_eq!(pool.apply(false), Ok(()), "it is made as soon as that is possible");
}

fn a_worker_may_have_a_pool() {
    let pool = Pool::new(2, |n: u32| {
        let inner = Pool::new(2, |n: u32| n * 2).map_err(|error| error.to_string())?;
        Ok::<u32, String>(inner.map(0..n, 1).into_iter().map(|result| result.unwrap()).sum())
    });
    assert_eq!(pool.unwrap().map([3, 4], 1), [Ok(Ok(6)), Ok(Ok(12))]);
}
