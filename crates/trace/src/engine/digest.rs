//! The one place that takes the kernel's reports.

use syscall::Errno;

use super::tasks::Id;
use super::tracee::{Going, Job, Motion, Slice};
use super::{Error, Stir, Tracer};
use crate::step::End;
use crate::sys::{self, Moment, Report};

impl Tracer {
    /// Takes all reports that there are, the oldest task's first, and what was said. Gives
    /// whether there was something.
    pub(super) fn collect(&mut self) -> Result<bool, Error> {
        let mut any = false;
        loop {
            let mut news = self.output.as_mut().is_some_and(super::Capture::drain);
            for id in self.tasks.ids() {
                // It may be gone by what an older one has reported: an exec ends all threads.
                let Some(tid) = self.tasks.get(id).map(|tracee| tracee.tid) else { continue };
                match sys::next_report(tid) {
                    Ok(None) => continue,
                    Ok(Some(report)) => self.digest(id, report)?,
                    Err(error) if error.errno() == Errno::ECHILD => self.lost(id),
                    Err(error) => return Err(error.into()),
                }
                news = true;
            }
            if !news {
                return Ok(any);
            }
            any = true;
        }
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
        let Some(tracee) = self.tasks.get_mut(id) else { return Ok(()) };
        let before = std::mem::replace(&mut tracee.motion, Motion::Held(0));
        match report {
            Report::Exited(_, code) => self.ended(id, End::Code(code)),
            Report::Killed(_, signal) => self.ended(id, End::Signal(signal)),
            Report::Call(tid) => match sys::syscall_moment(tid)? {
                Moment::Entry { number, args } => return self.entered(id, number, args),
                Moment::Exit { result } => return self.left(id, result),
                Moment::Neither => {}
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
