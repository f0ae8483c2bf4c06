//! A pool of processes.

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};

/// Processes that were forked once and are given task after task.
pub struct Pool<F> {
    work: F,
    workers: Vec<Worker>,
}

struct Worker {
    pid: Pid,
    /// To it and back, 8 bytes each way.
    line: UnixStream,
    /// Which task it is working on.
    busy: Option<usize>,
}

impl<F: Fn(u64) -> u64> Pool<F> {
    /// Forks `workers` processes, which will call `work`.
    pub fn new(workers: usize, work: F) -> io::Result<Self> {
        let mut pool = Self { work, workers: Vec::new() };
        for _ in 0..workers {
            // If this fails, the drop of `pool` ends those that are there.
            let worker = pool.start()?;
            pool.workers.push(worker);
        }
        Ok(pool)
    }

    /// What `work` makes of each task, in the order of the tasks. How a worker has ended, for the
    /// task that it was working on then.
    pub fn map(&mut self, tasks: &[u64]) -> io::Result<Vec<Result<u64, WaitStatus>>> {
        // Answers come in any order, so each goes to the place of its task.
        let mut results: Vec<Option<Result<u64, WaitStatus>>> = vec![None; tasks.len()];
        let (mut next, mut open) = (0, tasks.len());
        while open > 0 {
            // One task for each worker, and the next one when it has answered: whoever is free
            // gets it, however long the others take. And neither side ever has more under way
            // than fits into a socket, so nobody waits in a write.
            for index in 0..self.workers.len() {
                while next < tasks.len() && self.workers[index].busy.is_none() {
                    if self.workers[index].line.write_all(&tasks[next].to_ne_bytes()).is_ok() {
                        self.workers[index].busy = Some(next);
                        next += 1;
                    } else {
                        // EPIPE: it died while it had nothing to do. The task was not begun.
                        self.replace(index)?;
                    }
                }
            }
            for index in self.ready()? {
                let Some(task) = self.workers[index].busy.take() else { continue };
                let mut answer = [0; 8];
                results[task] = Some(match self.workers[index].line.read_exact(&mut answer) {
                    Ok(()) => Ok(u64::from_ne_bytes(answer)),
                    // The end of the line, which only its own end can be: nobody else has it.
                    Err(_) => Err(self.replace(index)?),
                });
                open -= 1;
            }
        }
        Ok(results.into_iter().flatten().collect())
    }

    /// Lets the workers end, and waits for them. It takes the pool: there is nothing left that
    /// another task could be given to, and the compiler knows it.
    pub fn close(mut self) -> io::Result<()> {
        self.end()
    }

    /// Which of the busy workers have answered, or are dead. Sleeps until there is one.
    fn ready(&self) -> io::Result<Vec<usize>> {
        let busy = || (0..).zip(&self.workers).filter(|(_, worker)| worker.busy.is_some());
        let mut fds: Vec<PollFd> =
            busy().map(|(_, worker)| PollFd::new(worker.line.as_fd(), PollFlags::POLLIN)).collect();
        syscall_again(|| poll(&mut fds, PollTimeout::NONE))?;
        // POLLHUP as well: what it means, the read will say.
        let ready = busy().zip(&fds).filter(|(_, fd)| fd.any() == Some(true));
        Ok(ready.map(|((index, _), _)| index).collect())
    }

    fn start(&self) -> io::Result<Worker> {
        let (ours, theirs) = UnixStream::pair()?;
        // SAFETY: the callers have one thread, so no lock is held by a thread that the child does
        // not have.
        match unsafe { fork() }? {
            ForkResult::Child => {
                drop(ours);
                // Neither a return nor a panic leads back into the code of the caller.
                let code = catch_unwind(AssertUnwindSafe(|| serve(&theirs, &self.work)));
                // SAFETY: _exit(2) takes a number and does not come back.
                unsafe { libc::_exit(code.map_or(101, |()| 0)) }
            }
            // Their end is closed here, and before the next fork. So it is open in this worker
            // only, and the line ends when he does.
            ForkResult::Parent { child } => Ok(Worker { pid: child, line: ours, busy: None }),
        }
    }

    /// Another one in the place of one that is dead, and how that one has ended.
    fn replace(&mut self, index: usize) -> io::Result<WaitStatus> {
        let end = syscall_again(|| waitpid(self.workers[index].pid, None))?;
        self.workers[index] = self.start()?;
        Ok(end)
    }
}

impl<F> Pool<F> {
    fn end(&mut self) -> io::Result<()> {
        // First all lines, then all ends: a worker also has copies of our ends of the lines to
        // those that were forked before it. The last one ends first, and then the one before it.
        let pids: Vec<Pid> = self.workers.drain(..).map(|worker| worker.pid).collect();
        let ends = pids.into_iter().map(|pid| syscall_again(|| waitpid(pid, None)));
        // All of them, whatever becomes of the first one.
        let ends: Vec<_> = ends.collect();
        ends.into_iter().try_for_each(|end| end.map(drop).map_err(io::Error::from))
    }
}

impl<F> Drop for Pool<F> {
    fn drop(&mut self) {
        // Nobody could do anything about an error here.
        let _ = self.end();
    }
}

/// All that a worker does: until the other side has closed the line.
fn serve(mut line: &UnixStream, work: &impl Fn(u64) -> u64) {
    let mut task = [0; 8];
    while line.read_exact(&mut task).is_ok() {
        let answer = work(u64::from_ne_bytes(task));
        if line.write_all(&answer.to_ne_bytes()).is_err() {
            return;
        }
    }
}

/// A signal is no reason to give up.
fn syscall_again<T>(mut call: impl FnMut() -> nix::Result<T>) -> nix::Result<T> {
    loop {
        match call() {
            Err(Errno::EINTR) => {}
            done => return done,
        }
    }
}
