//! What a connection waits for, and for how long.

use std::time::Duration;

use server::Pace;

use crate::connection::Times;

/// So many bytes of a body are progress. One byte now and then is none.
const STRIDE: u64 = 16 << 10;

/// At a stop: how long a connection between two requests is kept, for the request that may be on
/// its way already. Its answer says that it is the last one.
const LAST_CALL: Duration = Duration::from_millis(500);

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// The first byte of the next request.
    Idle,
    Header,
    Body,
    /// The client, to take its answer.
    Writing,
}

/// How far a client has come.
#[derive(Debug)]
pub(super) struct Progress {
    pub(super) phase: Phase,
    /// Counts the phases and requests.
    steps: u64,
}

impl Progress {
    /// Who comes has something to ask, and no idle time before it does.
    pub(super) fn new() -> Self {
        Self { phase: Phase::Header, steps: 0 }
    }

    /// Nothing has come yet.
    pub(super) fn is_new(&self) -> bool {
        self.steps == 0
    }

    pub(super) fn enter(&mut self, phase: Phase) {
        if phase != self.phase {
            (self.phase, self.steps) = (phase, self.steps + 1);
        }
    }

    /// A request has come, or the time begins anew for another reason.
    pub(super) fn step(&mut self) {
        self.steps += 1;
    }

    /// `received`: of a body; `last`: the server stops.
    pub(super) fn pace(&self, times: &Times, received: u64, last: bool) -> Pace {
        let within = match self.phase {
            Phase::Idle if last => LAST_CALL,
            Phase::Idle => times.idle,
            Phase::Header => times.header,
            Phase::Body => times.body,
            Phase::Writing => times.write,
        };
        let strides = if self.phase == Phase::Body { received / STRIDE } else { 0 };
        Pace { step: (self.steps << 32) + strides, within }
    }
}
