//! The entry of a call.

use std::time::Instant;

use super::current::{Current, Injected, Manner, Position};
use super::limits;
use super::relevance::Made;
use super::tasks::Id;
use super::tracee::Slice;
use super::{Error, Tracer};
use crate::decode;
use crate::inject::{Target, Verdict, verdict};
use crate::step::Event;
use crate::sys::{OfProcess, Tid, arch};

impl Tracer {
    pub(super) fn entered(&mut self, id: Id, number: u64, args: [u64; 6]) -> Result<(), Error> {
        let Some(tracee) = self.tasks.get_mut(id) else { return Ok(()) };
        let (tid, pid) = (tracee.tid, tracee.pid);
        tracee.slice = Slice::Fresh;
        match tracee.position.take() {
            Position::Cut(current)
                if number == current.number || number == libc::SYS_restart_syscall as u64 =>
            {
                return self.goes_on(id, tid, current);
            }
            _ => {}
        }
        let found = self.symbols.place(pid, tid);
        self.begun |= found.own;
        let made = Made {
            number,
            args: &args,
            own: found.own,
            api: found.place.api.as_deref().unwrap_or_default(),
            libc: found.libc.as_deref().unwrap_or_default(),
            plumbing: found.plumbing,
        };
        let mut shown = self.begun && (self.settings.everything || made.is_relevant());
        let mut current = Box::new(Current {
            number,
            args,
            place: found.place.clone(),
            told: None,
            blocked: false,
            lends_memory: false,
            since: Instant::now(),
            manner: Manner::Asked,
            fault: None,
            limit: None,
        });
        if self.begun {
            let target = Target { pid, number, args: &args, own: found.own };
            if let Some((name, verdict)) = verdict(&mut self.faults, target) {
                shown = true;
                self.inject(id, tid, &mut current, name, verdict)?;
            }
            self.set_limit(tid, &mut current)?;
        }
        if shown {
            current.told = Some(decode::call(number, &args, &OfProcess(pid), None));
            self.tell_call(id, Event::Enter, &current);
        }
        if let Some(tracee) = self.tasks.get_mut(id) {
            tracee.position = Position::Inside(current);
        }
        Ok(())
    }

    /// A call that was cut short is begun again, in the same manner.
    fn goes_on(&mut self, id: Id, tid: Tid, current: Box<Current>) -> Result<(), Error> {
        if let Manner::Altered(change) = &current.manner {
            change.make(tid)?;
        }
        if let Some(tracee) = self.tasks.get_mut(id) {
            tracee.position = Position::Inside(current);
        }
        Ok(())
    }

    fn inject(
        &mut self,
        id: Id,
        tid: Tid,
        current: &mut Current,
        name: String,
        verdict: Verdict,
    ) -> Result<(), Error> {
        let mut injected = Injected { name, delay: None };
        match verdict {
            Verdict::Skip(result) => {
                arch::skip_call(tid)?;
                current.manner = Manner::Skipped(result);
            }
            Verdict::Alter(change) => {
                change.make(tid)?;
                current.manner = Manner::Altered(change);
            }
            Verdict::DelayBefore(delay) => self.delay(id, delay),
            Verdict::DelayAfter(delay) => injected.delay = Some(delay),
        }
        current.fault = Some(injected);
        Ok(())
    }

    /// Notes how long a call may take. In virtual time, a sleep is not made.
    fn set_limit(&mut self, tid: Tid, current: &mut Current) -> Result<(), Error> {
        let (number, args) = (current.number, &current.args);
        let Some(limit) = limits::limit(number, args, &OfProcess(tid)) else { return Ok(()) };
        let at = self.clock + limit;
        let asked = matches!(current.manner, Manner::Asked);
        if asked && self.time_is_virtual() && limits::is_sleep(number, args) {
            arch::skip_call(tid)?;
            current.manner = Manner::Slept(at);
        } else {
            current.limit = current.since.checked_add(limit).map(|moment| (moment, at));
        }
        Ok(())
    }
}
