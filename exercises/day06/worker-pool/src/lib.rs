//! A pool of processes.

use std::io;
use std::marker::PhantomData;

use nix::sys::wait::WaitStatus;

/// Processes that were forked once and are given task after task.
pub struct Pool<F> {
    // What do you need to know of a worker? And what to make a new one?
    todo: PhantomData<F>,
}

impl<F: Fn(u64) -> u64> Pool<F> {
    /// Forks `workers` processes, which will call `work`.
    pub fn new(workers: usize, work: F) -> io::Result<Self> {
        todo!()
    }

    /// What `work` makes of each task, in the order of the tasks. How a worker has ended, for the
    /// task that it was working on then.
    pub fn map(&mut self, tasks: &[u64]) -> io::Result<Vec<Result<u64, WaitStatus>>> {
        todo!()
    }

    /// Lets the workers end, and waits for them.
    pub fn close(self) -> io::Result<()> {
        todo!()
    }
}
