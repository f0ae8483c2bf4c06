//! Waiting until everybody stands or sleeps.

use std::time::{Duration, Instant};

use super::current::Position;
use super::tasks::Id;
use super::tracee::{Awake, Motion, Slice, Tracee};
use super::{Error, Stir, Tracer};
use crate::kernel::task_status;
use crate::step::Event;
use crate::sys::{self, Tid};

/// Everybody must be found asleep so often in a row, because one that was woken by an interrupt,
/// or by a thread of the kernel's, is so a moment later …
const LOOKS: u32 = 3;
/// … and so far apart.
const PAUSE: Duration = Duration::from_micros(100);
/// Looks without a pause, while a report is expected any moment.
const SPINS: u32 = 20;
/// A task that has computed for so long is stopped, so that others get their turn.
pub(super) const SLICE: Duration = Duration::from_millis(100);
/// A call that computes for so long is not waited for.
const LONG: Duration = Duration::from_secs(2);
/// Nor is one that sleeps so long in the way that is deaf to signals. It waits for a disk or for a
/// lock of the kernel's, usually for microseconds, but a fork or an exit for seconds when processes
/// are moved between control groups on a busy machine.
const DEAF: Duration = Duration::from_secs(30);

/// What a task does that was let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rest {
    /// It sleeps; or it has ended, and its process goes on.
    Still,
    /// It is on its way to its next stop.
    Moves,
}

impl Tracer {
    /// Waits until every task stands, sleeps in the kernel, or has ended; then tells what has
    /// happened, in order.
    pub(super) fn settle(&mut self) -> Result<(), Error> {
        let (mut quiet, mut spins) = (0, 0);
        loop {
            if self.collect()? {
                (quiet, spins) = (0, 0);
            }
            if !self.is_awaited() && self.stir == Stir::Nothing {
                break;
            }
            if spins < SPINS && self.mover_is_off() {
                spins += 1;
                std::thread::yield_now();
                continue;
            }
            match self.rest() {
                Rest::Still => quiet += 1,
                Rest::Moves => quiet = 0,
            }
            if self.is_told_to_stop() {
                return Ok(());
            }
            if quiet == LOOKS || quiet > 0 && !self.anybody_is_off() {
                break;
            }
            std::thread::sleep(PAUSE);
        }
        self.stir = Stir::Nothing;
        self.tell_blocked();
        self.close();
        Ok(())
    }

    /// Whether a report must come: of the mover, or of somebody's birth.
    fn is_awaited(&self) -> bool {
        self.mover_is_off()
            || self.tasks.iter().any(|(_, tracee)| tracee.motion == Motion::Expected)
    }

    fn mover_is_off(&self) -> bool {
        let mover = self.tasks.get(self.mover);
        mover.is_some_and(|tracee| matches!(tracee.motion, Motion::Going(_)))
    }

    fn anybody_is_off(&self) -> bool {
        let off = |motion: &Motion| matches!(motion, Motion::Going(_) | Motion::Expected);
        self.tasks.iter().any(|(_, tracee)| off(&tracee.motion))
    }

    /// What all of them do, taken together.
    fn rest(&mut self) -> Rest {
        let mut all = Rest::Still;
        for id in self.tasks.ids() {
            let Some(tracee) = self.tasks.get(id) else { continue };
            let status = || task_status(tracee.pid, tracee.tid);
            let one = match tracee.motion {
                Motion::Expected => Rest::Moves,
                Motion::Going(_) => self.rest_of(id, status()),
                // Who stands may be dead, and whom a signal has stopped may be woken.
                Motion::Held(_) | Motion::Waiting(_) if self.stir < Stir::Killed => Rest::Still,
                Motion::Listening if self.stir < Stir::Woken => Rest::Still,
                _ => match status() {
                    Some('t' | 'T') => Rest::Still,
                    _ => self.rest_of_ended(id),
                },
            };
            all = all.max(one);
        }
        all
    }

    fn rest_of(&mut self, id: Id, status: Option<char>) -> Rest {
        let Some(tracee) = self.tasks.get_mut(id) else { return Rest::Still };
        let Motion::Going(going) = &mut tracee.motion else { return Rest::Still };
        let deaf = match status {
            Some('S' | 'I') => {
                going.awake = None;
                return Rest::Still;
            }
            Some('D') => true,
            Some('R') => false,
            Some('Z' | 'X') | None => return self.rest_of_ended(id),
            _ => return Rest::Moves,
        };
        let now = Instant::now();
        let awake = going.awake.get_or_insert(Awake { since: now, used: None });
        let since = now.saturating_duration_since(awake.since);
        if deaf {
            return if lends_memory(tracee) || since > DEAF { Rest::Still } else { Rest::Moves };
        }
        if since < SLICE {
            return Rest::Moves;
        }
        // On a busy machine it may have waited for a processor all the time.
        let used = processor_time(tracee.tid).unwrap_or(since);
        let spent = used.saturating_sub(*awake.used.get_or_insert(used));
        match tracee.position {
            Position::Inside(_) if spent > LONG => Rest::Still,
            Position::Inside(_) => Rest::Moves,
            _ if spent > SLICE && tracee.slice != Slice::Ending => {
                tracee.slice = Slice::Ending;
                // One that is gone by now reports its end.
                let _ = sys::interrupt(tracee.tid);
                Rest::Moves
            }
            _ => Rest::Moves,
        }
    }

    /// A first thread that has ended is reported when its last sibling has.
    fn rest_of_ended(&self, id: Id) -> Rest {
        let Some(tracee) = self.tasks.get(id) else { return Rest::Still };
        let waits = tracee.is_leader() && self.tasks.has_others(id, tracee.pid);
        if waits { Rest::Still } else { Rest::Moves }
    }

    /// Tells who sleeps in a call, and has not been told so.
    fn tell_blocked(&mut self) {
        for id in self.tasks.ids() {
            let Some(tracee) = self.tasks.get_mut(id) else { continue };
            let off = matches!(tracee.motion, Motion::Going(_));
            let Position::Inside(current) = &mut tracee.position else { continue };
            if off && !std::mem::replace(&mut current.blocked, true) && current.told.is_some() {
                let current = current.clone();
                self.tell_call(id, Event::Blocked, &current);
            }
        }
    }
}

/// Whether a task waits in vfork(2) until its child does not need its memory any more.
fn lends_memory(tracee: &Tracee) -> bool {
    tracee.position.call().is_some_and(|call| call.lends_memory)
}

/// What a task has used of a processor (/proc/PID/schedstat, where the kernel keeps it).
fn processor_time(tid: Tid) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{tid}/schedstat")).ok()?;
    stat.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}
