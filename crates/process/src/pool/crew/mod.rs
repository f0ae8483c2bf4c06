//! The parent's side of a pool: who works, who waits, and one round of the work that is left to
//! the parent. There is no thread behind it; a round is made in each call of the pool's user.

mod share;
mod staff;

use std::collections::VecDeque;
use std::os::fd::AsFd as _;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::{Pid, getpid};
use syscall::{Context as _, Deadline, Errno};

use super::job::Job;
use super::serve::{Initializer, Work};
use super::task::TaskError;
use super::worker::{Birth, Line, Worker};
use crate::error::{Error, Result};
use crate::reap::Reaper;

/// What a pool was asked to be.
pub(super) struct Plan {
    pub(super) size: usize,
    pub(super) name: String,
    /// Tasks in a worker's life.
    pub(super) max_tasks: u64,
    /// Bytes of a task or a result.
    pub(super) limit: usize,
    pub(super) initializer: Initializer,
    pub(super) work: Work,
}

pub(super) struct Crew {
    plan: Plan,
    owner: Pid,
    workers: Vec<Worker>,
    /// Those that were let go and may not have ended yet.
    leaving: Reaper,
    queue: VecDeque<Job>,
    /// How many workers there ever were.
    hired: u64,
    unborn: usize,
    /// Why there will be no more workers.
    broken: Option<Error>,
    closed: bool,
}

impl Crew {
    /// All workers, ready.
    pub(super) fn start(plan: Plan) -> Result<Self> {
        let mut crew = Self {
            plan,
            owner: getpid(),
            workers: Vec::new(),
            leaving: Reaper::new(),
            queue: VecDeque::new(),
            hired: 0,
            unborn: 0,
            broken: None,
            closed: false,
        };
        loop {
            // Here a fork that fails is no worker less, it is no pool.
            while crew.broken.is_none() && crew.workers.len() < crew.plan.size {
                crew.hire()?;
            }
            if let Some(error) = crew.broken {
                return Err(error);
            }
            if crew.workers.iter().all(|worker| worker.birth == Birth::Ready) {
                return Ok(crew);
            }
            crew.turn(Deadline::Never)?;
        }
    }

    pub(super) fn size(&self) -> usize {
        self.plan.size
    }

    pub(super) fn limit(&self) -> usize {
        self.plan.limit
    }

    pub(super) fn pids(&self) -> Vec<Pid> {
        self.workers.iter().map(|worker| worker.process().pid()).collect()
    }

    /// Takes jobs, and begins with them if a worker is free.
    pub(super) fn submit(&mut self, jobs: impl IntoIterator<Item = Job>) {
        self.queue.extend(jobs);
        match self.must_be_ours() {
            Ok(()) => self.hand_out(),
            Err(error) => self.fail_queue(&error),
        }
    }

    /// One round: gives work to those who are free, waits until something happens or the time is
    /// over, takes what has come, replaces who has gone. Without work it only looks.
    ///
    /// # Errors
    /// [`Error::NotOurs`] in a process that a fork has copied the pool into; ENOMEM; EINVAL from
    /// poll(2) with fewer descriptors allowed than watched.
    pub(super) fn turn(&mut self, deadline: Deadline) -> Result<()> {
        self.must_be_ours()?;
        self.staff();
        self.hand_out();
        let waits = |worker: &Worker| worker.owes() > 0 || worker.birth == Birth::Silent;
        let idle = self.queue.is_empty() && !self.workers.iter().any(waits);
        let events = self.wait(if idle { Deadline::Now } else { deadline })?;
        // From behind, so that those who leave the list move none who is still to come.
        for (index, [line, end]) in events.into_iter().enumerate().rev() {
            if line || end {
                self.attend(index, end)?;
            }
        }
        self.leaving.reap()?;
        self.staff();
        self.hand_out();
        Ok(())
    }

    /// Whether a task has no answer yet.
    pub(super) fn is_busy(&self) -> bool {
        !self.queue.is_empty() || self.workers.iter().any(|worker| worker.owes() > 0)
    }

    pub(super) fn has_queue(&self) -> bool {
        !self.queue.is_empty()
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed
    }

    /// No more tasks will come.
    pub(super) fn close(&mut self) {
        self.closed = true;
    }

    /// Answers what is queued, and lets the workers go.
    pub(super) fn finish(&mut self) -> Result<()> {
        self.must_be_ours()?;
        while self.is_busy() {
            self.turn(Deadline::Never)?;
        }
        self.leaving.extend(self.workers.drain(..).map(Worker::dismiss));
        self.leaving.wait_all(Deadline::Never)?;
        Ok(())
    }

    /// Ends the workers, and tells those who wait. In a forked copy it only lets go.
    pub(super) fn terminate(&mut self) {
        self.closed = true;
        self.leaving.extend(self.workers.drain(..).map(Worker::cancel));
        for job in self.queue.drain(..) {
            job.fail(&TaskError::Cancelled);
        }
    }

    /// The same, and waits until they have ended: nobody will join.
    pub(super) fn abandon(&mut self) {
        self.terminate();
        self.leaving = Reaper::new();
    }

    fn must_be_ours(&self) -> Result<()> {
        if self.owner == getpid() { Ok(()) } else { Err(Error::NotOurs(self.owner)) }
    }

    /// Sleeps. For each worker: whether its socket, and whether its pidfd has something to say.
    fn wait(&self, deadline: Deadline) -> Result<Vec<[bool; 2]>> {
        let mut fds = Vec::with_capacity(2 * self.workers.len());
        for worker in &self.workers {
            let mut wanted = PollFlags::POLLIN;
            wanted.set(PollFlags::POLLOUT, worker.has_more_to_hear());
            fds.push(PollFd::new(worker.socket(), wanted));
            // A socket does not end while a child of the worker has a copy of it.
            fds.push(PollFd::new(worker.process().as_fd(), PollFlags::POLLIN));
        }
        let timeout = PollTimeout::try_from(deadline.as_millis()).unwrap_or(PollTimeout::MAX);
        match poll(&mut fds, timeout) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(errno) => Err(errno).call("poll")?,
        }
        let ready = |fd: &PollFd<'_>| fd.any().unwrap_or(false);
        Ok(fds.chunks_exact(2).map(|pair| [ready(&pair[0]), ready(&pair[1])]).collect())
    }

    /// One worker has something to say, or has ended.
    fn attend(&mut self, index: usize, ended: bool) -> Result<()> {
        let worker = &mut self.workers[index];
        worker.send();
        let line = worker.hear(ended)?;
        if worker.birth == Birth::Ready {
            self.unborn = 0;
        }
        if ended || line != Line::Open {
            let worker = self.workers.swap_remove(index);
            let birth = worker.birth.clone();
            let (exit, rest) = worker.bury(line);
            // What it had not begun goes on in front of the others, in its old order.
            for job in rest.into_iter().rev() {
                self.queue.push_front(job);
            }
            self.note(birth, exit);
        } else if worker.is_spent() {
            let worker = self.workers.swap_remove(index);
            self.leaving.add(worker.dismiss());
        }
        Ok(())
    }

    fn fail_queue(&mut self, error: &Error) {
        for job in self.queue.drain(..) {
            job.fail(&TaskError::Pool(error.clone()));
        }
    }
}
