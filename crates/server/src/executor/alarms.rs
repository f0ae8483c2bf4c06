//! When an event loop looks at whom.
//!
//! A deadline that has moved away since an alarm was set is found out when that rings, so that a
//! client's progress costs nothing here.

use std::collections::BTreeSet;
use std::time::Instant;

use multiplex::Token;
use syscall::Deadline;

/// All that are set; each client knows its own.
#[derive(Debug, Default)]
pub(super) struct Alarms(BTreeSet<(Instant, Token)>);

impl Alarms {
    /// The next one.
    pub(super) fn first(&self) -> Option<(Instant, Token)> {
        self.0.first().copied()
    }

    /// It rings; its client has none any more.
    pub(super) fn ring(&mut self, token: Token, moment: Instant) {
        self.0.remove(&(moment, token));
    }

    /// For a deadline. One that is early enough stays.
    pub(super) fn set(&mut self, token: Token, alarm: &mut Option<Instant>, deadline: Deadline) {
        let moment = match deadline {
            Deadline::Never => return,
            Deadline::At(moment) => moment,
            Deadline::Now => Instant::now(),
        };
        if alarm.is_none_or(|alarm| moment < alarm) {
            self.clear(token, alarm);
            self.0.insert((moment, token));
            *alarm = Some(moment);
        }
    }

    pub(super) fn clear(&mut self, token: Token, alarm: &mut Option<Instant>) {
        if let Some(moment) = alarm.take() {
            self.0.remove(&(moment, token));
        }
    }
}
