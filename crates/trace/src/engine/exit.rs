//! The exit of a call.

use std::time::Instant;

use super::current::{Current, Manner, Position};
use super::limits::{self, Alarm};
use super::relevance;
use super::signals::Signals;
use super::tasks::Id;
use super::tracee::Slice;
use super::{Error, Stir, Tracer};
use crate::call::Class;
use crate::decode;
use crate::step::{Event, Output};
use crate::sys::{OfProcess, Tid, arch};

/// The numbers by which the kernel says to itself that a call was cut short (linux/errno.h):
/// ERESTARTSYS, ERESTARTNOINTR, ERESTARTNOHAND, ERESTART_RESTARTBLOCK.
fn is_cut(result: i64) -> bool {
    matches!(result, -514..=-512 | -516)
}

impl Tracer {
    pub(super) fn left(&mut self, id: Id, result: i64) -> Result<(), Error> {
        let Some(tracee) = self.tasks.get_mut(id) else { return Ok(()) };
        let (tid, pid) = (tracee.tid, tracee.pid);
        // The exit of the execve that began it all, and of the clone that began a thread.
        let Position::Inside(mut current) = tracee.position.take() else { return Ok(()) };
        self.stirs(&current);
        if current.number == libc::SYS_rt_sigreturn as u64 {
            self.handler_returned(id, result);
            return Ok(());
        }
        if let Some((_, at)) = current.limit.filter(|&(moment, _)| moment <= Instant::now()) {
            self.clock = self.clock.max(at);
        }
        let result = match &current.manner {
            Manner::Asked => result,
            Manner::Altered(change) => {
                change.undo(tid)?;
                result
            }
            Manner::Skipped(forced) => {
                arch::set_result(tid, *forced)?;
                *forced
            }
            Manner::Slept(until) => {
                arch::set_result(tid, 0)?;
                self.falls_asleep(id, *until, current);
                return Ok(());
            }
        };
        let made = !matches!(current.manner, Manner::Skipped(_));
        if made && (is_cut(result) || result == -i64::from(libc::EINTR)) {
            return self.cut_short(id, current, result);
        }
        if let Some(delay) = current.fault.as_mut().and_then(|fault| fault.delay.take()) {
            self.delay(id, delay);
        }
        self.notes(pid, &current);
        let output = self.said_by(pid, &current, result);
        self.tell_return(id, &current, result, output);
        Ok(())
    }

    /// A call was cut short, or has failed with EINTR.
    ///
    /// Without a tracer, a signal that is ignored is thrown away when it is sent. A tracer might
    /// want to see it, so with one it is kept, and wakes its task: calls that the kernel begins
    /// again do not mind, but epoll_wait and its like fail (signal(7)). So does a stop of the
    /// tracer's own. Then the call is made once more, for the time that is left, and nothing of
    /// it is told.
    fn cut_short(&mut self, id: Id, mut current: Box<Current>, result: i64) -> Result<(), Error> {
        let Some(tracee) = self.tasks.get(id) else { return Ok(()) };
        let (tid, pid) = (tracee.tid, tracee.pid);
        let signals = Signals::of(pid, tid);
        let stopping = tracee.slice == Slice::Ending;
        let unseen = signals.only_ignored() || stopping && !signals.interrupt();
        if !is_cut(result) {
            if !unseen {
                self.tell_return(id, &current, result, None);
                return Ok(());
            }
            arch::call_again(tid, current.number, current.args[0])?;
            if let Some((moment, _)) = current.limit {
                let left = moment.saturating_duration_since(Instant::now());
                let memory = OfProcess(tid);
                let change = limits::shorten(current.number, &current.args, left, &memory);
                current.manner = Manner::Altered(change);
            }
        } else if !unseen {
            let answer = decode::answer(current.number, &current.args, result);
            self.tell_call(id, Event::Return { answer, fault: None }, &current);
            current.blocked = false;
        }
        if let Some(tracee) = self.tasks.get_mut(id) {
            tracee.position = Position::Cut(current);
        }
        Ok(())
    }

    /// What the tracer itself wants to know of a call that has returned.
    fn notes(&mut self, pid: Tid, current: &Current) {
        let (number, args) = (current.number, &current.args);
        let executable = u64::from(libc::PROT_EXEC.cast_unsigned());
        if number == libc::SYS_mmap as u64 && args[2] & executable != 0 {
            self.symbols.changed(pid);
        }
        if let Some(alarm) = limits::alarm(number, args, &OfProcess(pid))
            && let Some(process) = self.tasks.process_mut(pid)
        {
            process.alarm = match alarm {
                Alarm::Set(after) => {
                    current.since.checked_add(after).map(|moment| (moment, self.clock + after))
                }
                Alarm::Off => None,
            };
        }
    }

    fn said_by(&mut self, pid: Tid, current: &Current, result: i64) -> Option<Output> {
        let index = relevance::writes_to(current.number).filter(|_| result > 0)?;
        self.output.as_mut()?.said_through(pid, current.args[index])
    }

    /// What the end of this call may mean for others.
    fn stirs(&mut self, current: &Current) {
        let stir = if relevance::may_end_others(current.number) {
            Stir::Killed
        } else if decode::class(current.number) == Class::Memory {
            Stir::Nothing
        } else {
            Stir::Woken
        };
        self.stir = self.stir.max(stir);
    }
}
