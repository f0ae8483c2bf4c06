//! The end of a pool, and that of its parent: nothing is queued any more, nobody is left.

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill, killpg, raise};
use nix::unistd::setpgid;
use process::orphan::Subreaper;
use process::pool::Options;
use process::procfs::Stat;
use process::{Child, Deadline, Pid, Pool, Task, TaskError, fork};
use testkit::cases::{next_of, pipe, stay, tell};

use crate::held::{NEVER, held};

pub(crate) fn close_and_join_finish_what_is_queued() {
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

pub(crate) fn terminate_cancels_ten_thousand() {
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

pub(crate) fn dropping_ends_the_workers() {
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

pub(crate) fn a_stopped_worker_can_be_terminated() {
    let pool = Pool::new(1, |n: u32| {
        raise(Signal::SIGSTOP).unwrap();
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

pub(crate) fn workers_end_with_their_parent() {
    for signal in [Signal::SIGKILL, Signal::SIGTERM] {
        let (parent, workers) = ends(|| (), |parent| kill(parent, signal).unwrap());
        assert_eq!(parent, Some(-(signal as i32)));
        assert_eq!(workers, [Some(-9); 3], "two of them in the middle of a task");
    }
}

/// It goes to the whole group; the workers have the same default as their parent.
pub(crate) fn ctrl_c_leaves_nobody() {
    let own_group = || setpgid(Pid::from_raw(0), Pid::from_raw(0)).unwrap();
    let (parent, workers) = ends(own_group, |parent| killpg(parent, Signal::SIGINT).unwrap());
    assert_eq!(parent, Some(-2));
    assert!(workers.iter().all(|code| matches!(code, Some(-2 | -9))), "{workers:?}");
}
