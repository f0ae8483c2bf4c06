//! The entry of a call.

use std::rc::Rc;
use std::time::{Duration, Instant};

use super::current::{Current, Injected, Manner, Position, Wait};
use super::limits::{self, Lifted};
use super::relevance::Made;
use super::tasks::Id;
use super::{Error, Tracer};
use crate::decode;
use crate::inject::{Target, Verdict, verdict};
use crate::step::Event;
use crate::sys::{OfProcess, Tid, arch};

/// So much later a limit ends than it must, as on any machine: who has rounded down what was left of
/// his time, as std's connect_timeout does, would otherwise sometimes wait once more.
const LATE: Duration = Duration::from_millis(2);

impl Tracer {
    pub(super) fn entered(&mut self, id: Id, number: u64, args: [u64; 6]) -> Result<(), Error> {
        let Some(tracee) = self.tasks.get_mut(id) else { return Ok(()) };
        let (tid, pid) = (tracee.tid, tracee.pid);
        match tracee.position.take() {
            Position::Cut(current)
                if number == current.number || number == libc::SYS_restart_syscall as u64 =>
            {
                return self.goes_on(id, pid, tid, current);
            }
            _ => {}
        }
        self.count_call(id, number);
        if number == libc::SYS_sched_setaffinity as u64 {
            self.spread();
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
        let shown = self.begun && (self.settings.everything || made.is_relevant());
        let mut current = Box::new(Current {
            number,
            args,
            place: found.place.clone(),
            told: None,
            blocked: false,
            unseen: false,
            lends_memory: false,
            since: Instant::now(),
            manner: Manner::Asked,
            fault: None,
            limit: None,
        });
        let target = Target { pid, number, args: &args, own: found.own };
        let fault = if self.begun { verdict(&mut self.faults, target) } else { None };
        if shown || fault.is_some() {
            current.told = Some(decode::call(number, &args, &OfProcess(pid), None));
            self.tell_call(id, Event::Enter, &current);
        }
        if let Some((name, verdict)) = fault {
            self.inject(id, tid, &mut current, name, verdict)?;
        }
        if self.begun {
            self.set_limit(pid, tid, &mut current)?;
        }
        if let Some(tracee) = self.tasks.get_mut(id) {
            tracee.position = Position::Inside(current);
        }
        Ok(())
    }

    /// A call that was cut short is begun again, in the same manner.
    fn goes_on(
        &mut self,
        id: Id,
        pid: Tid,
        tid: Tid,
        mut current: Box<Current>,
    ) -> Result<(), Error> {
        match &mut current.manner {
            Manner::Altered(change) => change.make(tid)?,
            // The kernel remembers the end of a sleep.
            Manner::Lifted(wait) if !wait.lift.sleeps => {
                wait.lift.change.make(tid)?;
                let socket = self.socket_limit(pid, current.number, &current.args);
                wait.socket = socket.map(|(socket, _)| Rc::new(socket));
            }
            _ => {}
        }
        let unseen = std::mem::take(&mut current.unseen);
        if let Some(tracee) = self.tasks.get_mut(id) {
            tracee.position = Position::Inside(current);
        }
        if unseen { self.let_go(id) } else { Ok(()) }
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

    /// Notes how long a call may take. In virtual time, it has no end of its own then.
    fn set_limit(&mut self, pid: Tid, tid: Tid, current: &mut Current) -> Result<(), Error> {
        let (number, args) = (current.number, &current.args);
        let lifts = self.time_is_virtual() && matches!(current.manner, Manner::Asked);
        let of_socket = self.socket_limit(pid, number, args);
        let (limit, lift, socket) = if let Some((socket, limit)) = of_socket {
            (limit, Some(socket.lift(number)), Some(Rc::new(socket)))
        } else {
            let memory = OfProcess(tid);
            let Some(limit) = limits::limit(number, args, &memory) else { return Ok(()) };
            (limit, limits::lift(number, args, &memory), None)
        };
        let sleeps = lift.as_ref().is_some_and(|lift| lift.sleeps);
        let until = self.clock + if sleeps { limit } else { limits::round(limit) };
        // Of now: a moment that was asked for has come by then.
        let moment = Instant::now().checked_add(limit + LATE);
        current.limit = moment.map(|moment| (moment, until));
        // What does not wait needs nobody to end it.
        if let Some(lift) = lift.filter(|_| lifts && (sleeps || !limit.is_zero())) {
            lift.change.make(tid)?;
            let wait = Wait { until, moment, lift, socket, over: false };
            current.manner = Manner::Lifted(wait);
        }
        Ok(())
    }

    /// Takes away the limit that a call has from its socket, if it has one.
    fn socket_limit(&self, pid: Tid, number: u64, args: &[u64; 6]) -> Option<(Lifted, Duration)> {
        self.limited_sockets.then(|| Lifted::of(pid, number, args)).flatten()
    }
}
