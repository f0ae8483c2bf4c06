//! Workers that die: each loses the task that it had begun, and no other.

use std::collections::BTreeSet;
use std::os::fd::AsRawFd as _;

use nix::sys::signal::{Signal, kill};
use nix::unistd::getpid;
use process::orphan::Subreaper;
use process::procfs::Stat;
use process::{Child, Deadline, Exit, Pid, Pool, Task, TaskError, fork};
use testkit::cases::{next_of, pipe, stay, tell};
use testkit::until;

use crate::held::{NEVER, errors, killed, raise_kill};

/// Somebody outside kills it, while the parent sits in `map`.
pub(crate) fn a_killed_worker_loses_its_task_alone() {
    let (said, say) = pipe();
    let mut killer = fork(|| {
        for _ in 0..3 {
            let pid = next_of(&said).parse().unwrap();
            kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
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

pub(crate) fn a_killed_worker_loses_what_it_had_begun_of_a_chunk() {
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

pub(crate) fn a_task_that_exits_is_lost() {
    let pool = Pool::new(2, |code: i32| std::process::exit(code)).unwrap();
    let _: Task<()> = pool.submit(0);
    for code in [0, 3] {
        assert_eq!(pool.apply(code), Err(TaskError::Died(Exit::Code(code))));
    }
}

pub(crate) fn an_idle_worker_that_is_killed_loses_nothing() {
    let pool = Pool::new(2, |n: u32| n).unwrap();
    for round in 0..50 {
        let before = pool.pids();
        for &pid in &before {
            kill(pid, Signal::SIGKILL).unwrap();
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
pub(crate) fn a_child_of_a_worker_hides_no_death() {
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
