//! The one place that takes the kernel's reports.

use syscall::Errno;

use super::tasks::Id;
use super::tracee::{Going, Job, Motion, Slice, Tracee};
use super::{Error, Stir, Tracer};
use crate::step::End;
use crate::sys::{self, Moment, Report, Tid};

impl Tracer {
    /// Takes one report of each who has one, the oldest task's first, and what was said. Gives
    /// whether there was something.
    pub(super) fn collect(&mut self) -> Result<bool, Error> {
        let said = self.drain();
        Ok(self.collect_of(|_| true, sys::next_report)? || said)
    }

    /// Takes the stops of those who may have come to one: who is held has not. Gives whether there was
    /// one.
    pub(super) fn collect_stops(&mut self) -> Result<bool, Error> {
        self.collect_of(|tracee| !tracee.is_held(), sys::next_stop)
    }

    /// Takes the reports of those who have ended. A parent that was woken by the end of a pipe, which
    /// comes first, must have come to rest by then: otherwise SIGCHLD, which its child sends when its
    /// end has been taken, would come between or not, as chance has it.
    pub(super) fn collect_ends(&mut self) -> Result<bool, Error> {
        self.collect_of(|_| true, sys::next_report)
    }

    /// Takes what was said.
    pub(super) fn drain(&mut self) -> bool {
        self.output.as_mut().is_some_and(super::Capture::drain)
    }

    fn collect_of(
        &mut self,
        whose: impl Fn(&Tracee) -> bool,
        next: impl Fn(Tid) -> syscall::Result<Option<Report>>,
    ) -> Result<bool, Error> {
        let mut news = false;
        for id in self.tasks.ids() {
            // It may be gone by what an older one has reported: an exec ends all threads.
            let Some(tracee) = self.tasks.get(id).filter(|tracee| whose(tracee)) else { continue };
            match next(tracee.tid) {
                Ok(None) => continue,
                Ok(Some(report)) => self.digest(id, report)?,
                Err(error) if error.errno() == Errno::ECHILD => self.lost(id),
                Err(error) => return Err(error.into()),
            }
            news = true;
        }
        Ok(news)
    }

    /// Takes a report. A task that was killed in the middle of its stop answers no request any
    /// more; the report of its end is on the way.
    fn digest(&mut self, id: Id, report: Report) -> Result<(), Error> {
        match self.understand(id, report) {
            Err(error) if error.is_gone() => {
                self.stir = Stir::Killed;
                if let Some(tracee) = self.tasks.get_mut(id) {
                    tracee.motion = Motion::Going(Going::now());
                }
                Ok(())
            }
            result => result,
        }
    }

    fn understand(&mut self, id: Id, report: Report) -> Result<(), Error> {
        if !matches!(report, Report::Stop(_, libc::SIGTRAP)) {
            self.note_movement();
        }
        // What a call does is seen when it has returned, and is known by then.
        if !matches!(report, Report::Call(_)) {
            self.touch.everything();
        }
        let Some(tracee) = self.tasks.get_mut(id) else { return Ok(()) };
        let before = std::mem::replace(&mut tracee.motion, Motion::Held(0));
        match report {
            Report::Exited(_, code) => self.ended(id, End::Code(code)),
            Report::Killed(_, signal) => self.ended(id, End::Signal(signal)),
            Report::Call(tid) => match sys::syscall_moment(tid)? {
                Moment::Entry { number, args } => return self.entered(id, number, args),
                Moment::Exit { result } => return self.left(id, result),
                Moment::Neither => self.touch.everything(),
            },
            Report::Event(tid, libc::PTRACE_EVENT_EXEC) => return self.executed(id, tid),
            Report::Event(tid, event) => return self.bore(id, tid, event),
            // The first stop of a new task, the end of a stop, or the end of a slice.
            Report::Stop(_, libc::SIGTRAP) => self.stands(id, before),
            Report::Stop(tid, signal) => return self.stopped(id, tid, signal),
            Report::Signal(tid, signal) => return self.signalled(id, tid, signal),
        }
        Ok(())
    }

    fn stands(&mut self, id: Id, before: Motion) {
        let Some(tracee) = self.tasks.get_mut(id) else { return };
        if tracee.slice == Slice::Ending {
            self.slices += 1;
            tracee.slice = Slice::Spent(self.slices);
        }
        let pid = tracee.pid;
        if before == Motion::Listening
            && let Some(process) = self.tasks.process_mut(pid)
        {
            process.job = Job::Continued;
        }
    }

    /// There is no such task. A thread whose number has become its process's, because it executes
    /// another program, is found again by the report of that; nobody else is lost without a
    /// report, and what has become of him is unknown.
    fn lost(&mut self, id: Id) {
        let Some(tracee) = self.tasks.get(id) else { return };
        let executes = tracee.position.call().is_some_and(|call| {
            let number = libc::c_long::try_from(call.number);
            matches!(number, Ok(libc::SYS_execve | libc::SYS_execveat))
        });
        if !executes || tracee.is_leader() {
            self.ended(id, End::Signal(libc::SIGKILL));
        }
    }
}
