//! Tasks and results as bytes: large ones, too large ones, and nonsense.

use nix::sys::signal::{Signal, kill};
use nix::unistd::getpid;
use process::pool::Options;
use process::wire::Malformed;
use process::{Deadline, Pool, TaskError, Wire};

use crate::held::{NEVER, errors};

/// More than the sockets hold in both directions at once.
pub(crate) fn large_tasks_and_results_block_nobody() {
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
pub(crate) fn a_worker_that_does_not_read_blocks_nobody() {
    let pool = Pool::new(1, |bytes: Vec<u8>| bytes.len()).unwrap();
    let worker = pool.pids()[0];
    kill(worker, Signal::SIGSTOP).unwrap();
    let task = pool.submit(vec![0; 4 << 20]);
    assert_eq!(task.get(Deadline::after_millis(20)), Err(TaskError::TimedOut));
    kill(worker, Signal::SIGCONT).unwrap();
    assert_eq!(task.get(NEVER), Ok(4 << 20));
}

pub(crate) fn what_is_too_large_is_refused() {
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

pub(crate) fn what_is_malformed_is_an_error_of_its_task() {
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
pub(crate) fn a_worker_that_talks_nonsense_is_replaced() {
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
