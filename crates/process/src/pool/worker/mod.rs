//! A worker as its parent sees it: a process, a socket to it, and what it still owes.

mod answers;

use std::collections::VecDeque;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::time::Instant;

use nix::sys::socket::{AddressFamily, SockFlag, SockType, socketpair};
use syscall::{Context as _, Deadline};

use super::job::Job;
use super::line::{Incoming, NOW, Outgoing};
use super::progress::Progress;
use super::serve::{Initializer, Work, serve};
use super::task::TaskError;
use crate::error::Result;
use crate::exit::Exit;
use crate::process::{Process, Started};
pub(super) use answers::Line;

pub(super) struct Worker {
    process: Started,
    socket: OwnedFd,
    outgoing: Outgoing,
    incoming: Incoming,
    progress: Progress,
    limit: usize,
    max_tasks: u64,
    /// In the order in which they were sent, which is the order of the answers.
    owed: VecDeque<Job>,
    /// How many tasks it was given, and how many it has answered, in its whole life.
    given: u64,
    answered: u64,
    /// How many jobs it has answered, and how many were taken back that it has not skipped yet.
    done: u64,
    stale: u64,
    /// How many it may owe: more than one as long as they take next to no time.
    reach: usize,
    /// When it was last seen to begin something.
    since: Instant,
    pub(super) birth: Birth,
}

/// The most jobs that are sent ahead, and the bytes of them that wait for room in the socket.
const REACH: usize = 64;
const AHEAD: usize = 64 * 1024;

/// What a worker has said about its start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Birth {
    Silent,
    Ready,
    Failed(String),
}

impl Worker {
    /// Makes one. `others` are the parent's ends of the other workers' sockets, among other
    /// things: the child closes its copies, or those workers would never see the end of theirs.
    pub(super) fn start(
        name: String,
        (limit, max_tasks): (usize, u64),
        initializer: &mut Initializer,
        work: &mut Work,
        others: &mut Vec<Self>,
    ) -> Result<Self> {
        let (unix, stream) = (AddressFamily::Unix, SockType::Stream);
        let (ours, theirs) =
            socketpair(unix, stream, None, SockFlag::SOCK_CLOEXEC).call("socketpair")?;
        let (mut ours, progress) = (Some(ours), Progress::new()?);
        let (in_child, noted) = (&mut ours, &progress);
        let run = move || {
            drop(in_child.take());
            others.clear();
            serve(&theirs, noted, limit, initializer, work)
        };
        // A daemon: the kernel kills it in the moment when the parent has gone, even in the
        // middle of a task, and even if somebody else still holds a copy of our end.
        let process = Process::new(run).name(name).daemon(true).start()?;
        let socket = ours.ok_or(syscall::Error::new("socketpair", syscall::Errno::EBADF))?;
        Ok(Self {
            process,
            socket,
            outgoing: Outgoing::default(),
            incoming: Incoming::default(),
            progress,
            limit,
            max_tasks,
            owed: VecDeque::new(),
            given: 0,
            answered: 0,
            done: 0,
            stale: 0,
            reach: 1,
            since: Instant::now(),
            birth: Birth::Silent,
        })
    }

    pub(super) fn process(&self) -> &Started {
        &self.process
    }

    pub(super) fn socket(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    pub(super) fn given(&self) -> u64 {
        self.given
    }

    /// How many jobs it has not answered.
    pub(super) fn owes(&self) -> usize {
        self.owed.len()
    }

    /// Whether something waits for room in the socket.
    pub(super) fn has_more_to_hear(&self) -> bool {
        !self.outgoing.is_empty()
    }

    /// Whether it has nothing to do, and could.
    pub(super) fn is_free(&self) -> bool {
        self.owed.is_empty() && self.stale == 0 && self.given < self.max_tasks
    }

    /// Whether it may have this job, to begin with or ahead of time. Nothing is ever ahead behind
    /// a task that somebody has submitted by itself, nor such a task behind anything.
    pub(super) fn takes(&self, job: Option<&Job>, ahead: bool) -> bool {
        let Some(job) = job else { return false };
        let alike = || job.ahead && self.owed.back().is_some_and(|last| last.ahead);
        let room = || self.owes() < self.reach && self.outgoing.len() < AHEAD;
        let left = self.stale == 0 && self.given < self.max_tasks;
        self.is_free() || ahead && left && alike() && room()
    }

    /// Takes back the jobs that it has not begun, in their order.
    pub(super) fn take_back(&mut self) -> VecDeque<Job> {
        let claimed = self.progress.revoke() - self.done;
        let claimed = usize::try_from(claimed).map_or(self.owes(), |n| n.min(self.owes()));
        let back = self.owed.split_off(claimed);
        self.given -= back.iter().map(|job| job.count as u64).sum::<u64>();
        self.stale = back.len() as u64;
        if back.is_empty() {
            self.progress.allow();
        }
        back
    }

    /// It will be sent by [`Worker::send`].
    pub(super) fn give(&mut self, job: Job) {
        if self.owed.is_empty() {
            self.since = Instant::now();
        }
        self.given += job.count as u64;
        self.outgoing.push(&job.bytes);
        self.owed.push_back(job);
    }

    /// Sends what fits. One that has gone is noticed by what it says, or no longer says.
    pub(super) fn send(&mut self) {
        let _ = self.outgoing.flush(&self.socket, NOW);
    }

    /// Whether it has done all that a worker does in its life.
    pub(super) fn is_spent(&self) -> bool {
        self.owed.is_empty() && self.given >= self.max_tasks
    }

    /// Ends it, if it has not ended, and waits for that. Gives how it ended, and what it had not
    /// begun; what it had begun and not answered is lost.
    pub(super) fn bury(mut self, line: Line) -> (Exit, VecDeque<Job>) {
        // One that is ending by itself keeps its own end: a signal cannot change it any more.
        let ended = self.process.kill().and_then(|()| self.process.join(Deadline::Never));
        let exit = ended.as_ref().map_or(Exit::Lost, |exit| exit.unwrap_or(Exit::Lost));
        let error = match (ended, line) {
            (Err(error), _) => TaskError::Pool(error),
            (_, Line::Garbled) => TaskError::Malformed("the result: no answer at all".into()),
            _ => TaskError::Died(exit),
        };
        let mut lost = self.progress.begun().saturating_sub(self.answered);
        while lost > 0
            && let Some(mut job) = self.owed.pop_front()
        {
            let count = job.count.min(usize::try_from(lost).unwrap_or(usize::MAX));
            let rest = job.split_off(count);
            job.fail(&error);
            lost -= count as u64;
            if rest.count > 0 {
                self.owed.push_front(rest);
            }
        }
        (exit, self.owed)
    }

    /// Lets it go: it sees the end of its socket, and leaves.
    pub(super) fn dismiss(self) -> Started {
        self.process
    }

    /// Kills it without waiting. Nobody will get an answer.
    pub(super) fn cancel(self) -> Started {
        // It cannot fail for a child that has not been joined, and `Started` tries again.
        let _ = self.process.kill();
        for job in &self.owed {
            job.fail(&TaskError::Cancelled);
        }
        self.process
    }
}
