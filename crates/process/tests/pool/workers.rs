//! The life of a worker: what it inherits, how it begins, for how many tasks, who may make one.

use std::collections::BTreeSet;
use std::rc::Rc;

use nix::errno::Errno;
use nix::unistd::getpid;
use process::pool::Options;
use process::{Deadline, Error, Exit, Pool, TaskError, fork};
use testkit::cases::{all_of, pipe, tell};

use crate::held::{NEVER, held, killed, raise_kill};

/// Otherwise the end of one worker's socket would wait for the others.
pub(crate) fn workers_know_nothing_of_each_other() {
    let sockets = |_: u8| {
        let fds = std::fs::read_dir("/proc/self/fd").unwrap();
        let links = fds.filter_map(|fd| std::fs::read_link(fd.unwrap().path()).ok());
        links.filter(|link| link.to_string_lossy().starts_with("socket:")).count()
    };
    let pool = Options::new(4).max_tasks(2).start(sockets).unwrap();
    assert_eq!(pool.map([0; 40], 1), vec![Ok(1); 40]);
}

pub(crate) fn a_worker_lives_for_so_many_tasks() {
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

pub(crate) fn an_initializer_runs_first_in_each_worker() {
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

pub(crate) fn an_initializer_that_fails_is_no_pool() {
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
pub(crate) fn an_initializer_that_fails_later_ends_in_errors() {
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

pub(crate) fn a_copy_of_a_pool_is_nobodys() {
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

pub(crate) fn with_threads_nobody_is_replaced() {
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
