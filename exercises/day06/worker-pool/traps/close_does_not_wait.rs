//! expect: close() has returned, and there are still children

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};

pub struct Pool<F> {
    work: F,
    workers: Vec<Worker>,
}

struct Worker {
    pid: Pid,
    line: UnixStream,
    busy: Option<usize>,
}

impl<F: Fn(u64) -> u64> Pool<F> {
    pub fn new(workers: usize, work: F) -> io::Result<Self> {
        let mut pool = Self { work, workers: Vec::new() };
        for _ in 0..workers {
            let worker = pool.start()?;
            pool.workers.push(worker);
        }
        Ok(pool)
    }

    pub fn map(&mut self, tasks: &[u64]) -> io::Result<Vec<Result<u64, WaitStatus>>> {
        let mut results: Vec<Option<Result<u64, WaitStatus>>> = vec![None; tasks.len()];
        let (mut next, mut open) = (0, tasks.len());
        while open > 0 {
            for index in 0..self.workers.len() {
                while next < tasks.len() && self.workers[index].busy.is_none() {
                    if self.workers[index].line.write_all(&tasks[next].to_ne_bytes()).is_ok() {
                        self.workers[index].busy = Some(next);
                        next += 1;
                    } else {
                        self.replace(index)?;
                    }
                }
            }
            for index in self.ready()? {
                let Some(task) = self.workers[index].busy.take() else { continue };
                let mut answer = [0; 8];
                results[task] = Some(match self.workers[index].line.read_exact(&mut answer) {
                    Ok(()) => Ok(u64::from_ne_bytes(answer)),
                    Err(_) => Err(self.replace(index)?),
                });
                open -= 1;
            }
        }
        Ok(results.into_iter().flatten().collect())
    }

    pub fn close(mut self) -> io::Result<()> {
        self.end()
    }

    fn ready(&self) -> io::Result<Vec<usize>> {
        let busy = || (0..).zip(&self.workers).filter(|(_, worker)| worker.busy.is_some());
        let mut fds: Vec<PollFd> =
            busy().map(|(_, worker)| PollFd::new(worker.line.as_fd(), PollFlags::POLLIN)).collect();
        syscall_again(|| poll(&mut fds, PollTimeout::NONE))?;
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
                let code = catch_unwind(AssertUnwindSafe(|| serve(&theirs, &self.work)));
                // SAFETY: _exit(2) takes a number and does not come back.
                unsafe { libc::_exit(code.map_or(101, |()| 0)) }
            }
            ForkResult::Parent { child } => Ok(Worker { pid: child, line: ours, busy: None }),
        }
    }

    fn replace(&mut self, index: usize) -> io::Result<WaitStatus> {
        let end = syscall_again(|| waitpid(self.workers[index].pid, None))?;
        self.workers[index] = self.start()?;
        Ok(end)
    }
}

impl<F> Pool<F> {
    fn end(&mut self) -> io::Result<()> {
        let pids: Vec<Pid> = self.workers.drain(..).map(|worker| worker.pid).collect();
        let ends = pids.into_iter().map(|pid| syscall_again(|| waitpid(pid, None)));
        drop(ends);
        Ok(())
    }
}

impl<F> Drop for Pool<F> {
    fn drop(&mut self) {
        let _ = self.end();
    }
}

fn serve(mut line: &UnixStream, work: &impl Fn(u64) -> u64) {
    let mut task = [0; 8];
    while line.read_exact(&mut task).is_ok() {
        let answer = work(u64::from_ne_bytes(task));
        if line.write_all(&answer.to_ne_bytes()).is_err() {
            return;
        }
    }
}

fn syscall_again<T>(mut call: impl FnMut() -> nix::Result<T>) -> nix::Result<T> {
    loop {
        match call() {
            Err(Errno::EINTR) => {}
            done => return done,
        }
    }
}
