//! The exit of a call.

use std::time::Instant;

use super::current::{Current, Manner, Position};
use super::limits::{self, Timer, Which};
use super::relevance;
use super::signals::Signals;
use super::tasks::Id;
use super::tracee::Slice;
use super::{Error, Tracer, disguise};
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
        let Position::Inside(mut current) = tracee.position.take() else {
            self.touch.everything();
            return Ok(());
        };
        self.stirs(pid, &current);
        self.touch.by_call(pid, &current, Some(result));
        self.links.by_call(current.number);
        if current.number == libc::SYS_rt_sigreturn as u64 {
            self.handler_returned(id, result);
            return Ok(());
        }
        let result = match &mut current.manner {
            Manner::Asked => {
                let passed = current.limit.filter(|&(moment, _)| moment <= Instant::now());
                self.clock = passed.map_or(self.clock, |(_, at)| self.clock.max(at));
                result
            }
            Manner::Altered(change) => {
                change.undo(tid)?;
                result
            }
            Manner::Skipped(forced) => {
                arch::set_result(tid, *forced)?;
                *forced
            }
            Manner::Lifted(wait) => {
                wait.lift.change.undo(tid)?;
                wait.socket = None;
                let cut = is_cut(result) || result == -i64::from(libc::EINTR);
                let ends = if wait.over && cut {
                    limits::empty_sets(current.number, &current.args, tid);
                    Some(wait.lift.answer)
                } else if wait.lift.fails && cut && Signals::of(pid, tid).handle() {
                    Some(-i64::from(libc::EINTR))
                } else {
                    None
                };
                if let Some(result) = ends {
                    arch::set_result(tid, result)?;
                }
                ends.unwrap_or(result)
            }
        };
        let made = !matches!(current.manner, Manner::Skipped(_));
        if made && (is_cut(result) || result == -i64::from(libc::EINTR)) {
            return self.cut_short(id, current, result);
        }
        if let Some(delay) = current.fault.as_mut().and_then(|fault| fault.delay.take()) {
            self.delay(id, delay);
        }
        if matches!(&current.manner, Manner::Lifted(wait) if !wait.lift.sleeps) {
            self.says_rest(id, &current);
        }
        self.notes(pid, &current, result)?;
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
        self.touch.everything();
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
            // One without its limit has as long as before.
            if let Some((moment, _)) = current.limit
                && !matches!(current.manner, Manner::Lifted(_))
            {
                let left = moment.saturating_duration_since(Instant::now());
                let memory = OfProcess(tid);
                let change = limits::shorten(current.number, &current.args, left, &memory);
                current.manner = Manner::Altered(change);
            }
        } else if !unseen {
            self.says_rest(id, &current);
            let answer = decode::answer(current.number, &current.args, result);
            self.tell_call(id, Event::Return { answer, fault: None }, &current);
            current.blocked = false;
        }
        current.unseen = unseen;
        if let Some(tracee) = self.tasks.get_mut(id) {
            tracee.position = Position::Cut(current);
        }
        // None of the program's own code comes between this and the call's new beginning.
        if unseen { self.let_go(id) } else { Ok(()) }
    }

    /// What the tracer itself wants to know of a call that has returned.
    fn notes(&mut self, pid: Tid, current: &Current, result: i64) -> Result<(), Error> {
        let (number, args) = (current.number, &current.args);
        match libc::c_long::try_from(number) {
            Ok(libc::SYS_openat) if result >= 0 => self.opened(pid, args[1], result),
            Ok(libc::SYS_close) => {
                let fd = disguise::descriptor(args[0]);
                self.closed(pid, fd);
                if let Some(process) = self.tasks.process_mut(pid) {
                    process.timers.remove(&Which::Descriptor(fd));
                }
            }
            Ok(libc::SYS_read) => {
                let fd = disguise::descriptor(args[0]);
                self.went_off(pid, |which| which == Which::Descriptor(fd));
                self.disguise(pid, args, result, None)?;
            }
            Ok(libc::SYS_sched_getaffinity) => self.says_processors(pid, current, result),
            Ok(libc::SYS_pread64) => self.disguise(pid, args, result, Some(args[3]))?,
            _ => {}
        }
        self.limited_sockets |= limits::sets_limit(number, args);
        let executable = u64::from(libc::PROT_EXEC.cast_unsigned());
        if number == libc::SYS_mmap as u64 && args[2] & executable != 0 {
            self.symbols.changed(pid);
        }
        if result >= 0
            && let Some((which, span)) = limits::timer(number, args, &OfProcess(pid))
            && let Some(process) = self.tasks.process_mut(pid)
        {
            let timer = span.and_then(|span| Timer::new(current.since, self.clock, span));
            process.timers.remove(&which);
            process.timers.extend(timer.map(|timer| (which, timer)));
        }
        Ok(())
    }

    fn said_by(&mut self, pid: Tid, current: &Current, result: i64) -> Option<Output> {
        let index = relevance::writes_to(current.number).filter(|_| result > 0)?;
        let link = self.links.of(pid, current.args[index])?;
        self.output.as_mut()?.said_through(&link)
    }
}
