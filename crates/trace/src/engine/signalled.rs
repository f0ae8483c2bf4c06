//! A signal is about to be delivered to a task.

use super::current::Position;
use super::limits::Which;
use super::signals::{Signals, sender};
use super::tasks::Id;
use super::tracee::{Job, Motion};
use super::{Error, Stir, Tracer};
use crate::pid::Pid;
use crate::step::{Effect, Event};
use crate::sys::{self, Tid};

/// Handlers that run inside each other. One that jumps out of itself never returns, so the
/// oldest are forgotten.
const NESTED: usize = 64;

impl Tracer {
    /// The signal is passed on when the task is let go.
    pub(super) fn signalled(&mut self, id: Id, tid: Tid, signal: i32) -> Result<(), Error> {
        let info = sys::signal_info(tid)?;
        let Some(tracee) = self.tasks.get_mut(id) else { return Ok(()) };
        tracee.motion = Motion::Held(signal);
        let pid = tracee.pid;
        if signal == libc::SIGALRM || info.si_code == libc::SI_TIMER {
            self.went_off(pid, |which| !matches!(which, Which::Descriptor(_)));
        }
        let Some(tracee) = self.tasks.get_mut(id) else { return Ok(()) };
        let mut effect = Signals::of(pid, tid).effect(signal);
        match effect {
            Effect::Handled => {
                let before = tracee.position.take();
                if tracee.handlers.len() == NESTED {
                    tracee.handlers.remove(0);
                }
                tracee.handlers.push(before);
            }
            Effect::Ends => self.stir = Stir::Killed,
            _ => {}
        }
        if signal == libc::SIGCONT
            && let Some(process) = self.tasks.process_mut(pid)
            && std::mem::replace(&mut process.job, Job::Runs) != Job::Runs
            && effect == Effect::Ignored
        {
            effect = Effect::Continues;
        }
        // A signal is the first step of a program that has made none of its own yet.
        self.begun = true;
        self.tell(id, Event::Signal { signal, sender: sender(&info).map(Pid::Number), effect });
        let cut = self.tasks.get(id).map(|tracee| &tracee.position);
        if matches!(cut, Some(Position::Cut(current)) if current.unseen)
            && effect == Effect::Ignored
        {
            return self.let_go(id);
        }
        Ok(())
    }

    /// A handler has returned (sigreturn(2)). The result is what the processor's register held
    /// when the handler came: the call that it has come between either fails with EINTR now, or
    /// is begun again (sigaction(2), SA_RESTART).
    pub(super) fn handler_returned(&mut self, id: Id, result: i64) {
        let Some(tracee) = self.tasks.get_mut(id) else { return };
        match tracee.handlers.pop() {
            Some(Position::Cut(current)) if result == -i64::from(libc::EINTR) => {
                self.tell_return(id, &current, result, None);
            }
            Some(position) => tracee.position = position,
            None => {}
        }
    }
}
