//! Whether a task that was let go has come to rest.

use std::time::{Duration, Instant};

use super::current::Position;
use super::signals::parent_of;
use super::tasks::Id;
use super::tracee::{Awake, Motion, Slice, Tracee};
use super::{Stir, Tracer};
use crate::kernel::Watch;
use crate::sys::{self, Tid};

/// A task that has computed for so long is stopped, so that others get their turn.
pub(super) const SLICE: Duration = Duration::from_millis(100);
/// A call that computes for so long is not waited for.
const LONG: Duration = Duration::from_secs(2);
/// Nor is one that sleeps so long in the way that is deaf to signals. It waits for a disk or for a
/// lock of the kernel's, usually for microseconds, but a fork or an exit for seconds when processes
/// are moved between control groups on a busy machine.
const DEAF: Duration = Duration::from_secs(30);
/// So many tasks are looked at by descriptors that stay open, of which there are not many more.
const WATCHED: usize = 100;
/// So long init may take to wait for a process.
const BURIAL: Duration = Duration::from_millis(100);

/// What a task does that was let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rest {
    /// It sleeps; or it has ended, and its process goes on.
    Still,
    /// It says that it sleeps.
    Unsure,
    /// It has ended, and was not waited for by the tracer.
    Ended,
    /// It is on its way to its next stop.
    Moves,
}

impl Tracer {
    /// What all of them do, taken together.
    pub(super) fn rest(&mut self) -> Rest {
        let mut all = Rest::Still;
        let ids = self.tasks.ids();
        for (index, id) in ids.into_iter().enumerate() {
            let Some(tracee) = self.tasks.get_mut(id) else { continue };
            let one = match tracee.motion {
                Motion::Expected => Rest::Moves,
                Motion::Going(_) => self.rest_of(id),
                // Who stands may be dead, and whom a signal has stopped may be woken.
                Motion::Held(_) | Motion::Waiting(_) if self.stir < Stir::Killed => Rest::Still,
                Motion::Listening if self.stir < Stir::Woken => Rest::Still,
                _ => match tracee.watch().and_then(Watch::status) {
                    Some('t' | 'T') => Rest::Still,
                    _ => self.rest_of_ended(id),
                },
            };
            all = all.max(one);
            if index >= WATCHED
                && let Some(tracee) = self.tasks.get_mut(id)
            {
                tracee.watch = None;
            }
        }
        all
    }

    fn rest_of(&mut self, id: Id) -> Rest {
        let Some(tracee) = self.tasks.get_mut(id) else { return Rest::Still };
        let off = tracee.watch().and_then(Watch::is_off_processor);
        let status = match off {
            Some(false) => Some('R'),
            _ => tracee.watch().and_then(Watch::status),
        };
        let Motion::Going(going) = &mut tracee.motion else { return Rest::Still };
        let deaf = match status {
            Some('S' | 'I') => {
                going.awake = None;
                return if off.is_some() { Rest::Still } else { Rest::Unsure };
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
        if waits { Rest::Still } else { Rest::Ended }
    }

    /// Who has ended, and whose parent is not one of ours, is about to be waited for: by init. What
    /// others see in /proc until then would be chance.
    pub(super) fn rest_of_dead(&mut self) -> Rest {
        if self.stir < Stir::Killed || self.dead.is_empty() {
            return Rest::Still;
        }
        let mut all = Rest::Still;
        let now = Instant::now();
        let Self { dead, tasks, .. } = self;
        dead.retain_mut(|(pid, since)| {
            let Some(parent) = parent_of(*pid) else { return false };
            let given_up = since.is_some_and(|since| now.duration_since(since) > BURIAL);
            if tasks.process(parent).is_none() && !given_up {
                since.get_or_insert(now);
                all = Rest::Moves;
            }
            true
        });
        all
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
