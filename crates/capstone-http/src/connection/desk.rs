//! What a worker keeps from one request to the next, so that answering allocates nothing.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::Service;
use crate::files::{Answer, Cache};
use crate::message::fields::date::Clock;
use crate::metrics::Counters;

/// So many desks are kept. More threads than that may answer at once; what they had opened then is
/// closed behind them.
const KEPT: usize = 8;

/// Where one request at a time is answered.
#[derive(Debug, Default)]
pub(super) struct Desk {
    pub(super) cache: Cache,
    pub(super) answer: Answer,
    pub(super) clock: Clock,
    /// A line of the log.
    pub(super) line: Vec<u8>,
}

#[allow(
    clippy::vec_box,
    reason = "they come and go with each turn: a word, not some hundred bytes"
)]
type Desks = Vec<Box<Desk>>;

/// The desks of those who share them: one event loop, or all threads of a server. Whoever answers
/// takes one and puts it back, so nobody waits for somebody who reads a disk, and one that was in
/// use during a panic is gone with it.
#[derive(Debug)]
pub struct Worker {
    pub(super) service: Arc<Service>,
    pub(super) counters: Counters,
    desks: Mutex<Desks>,
}

impl Worker {
    /// A worker of a service; the number tells its counters from those of others.
    pub fn new(service: Arc<Service>, number: usize) -> Self {
        let counters = service.metrics.counters(number);
        // The first look at it allocates nothing then.
        Self { service, counters, desks: Mutex::new(Vec::with_capacity(KEPT)) }
    }

    pub(super) fn take(&self) -> Box<Desk> {
        self.desks().pop().unwrap_or_default()
    }

    pub(super) fn put_back(&self, desk: Box<Desk>) {
        let mut desks = self.desks();
        if desks.len() < KEPT {
            desks.push(desk);
        }
    }

    /// Closes files that nobody has asked for lately.
    pub(super) fn tidy(&self) {
        if let Some(desk) = self.desks().last_mut() {
            desk.cache.tidy(SystemTime::now());
        }
    }

    fn desks(&self) -> MutexGuard<'_, Desks> {
        self.desks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
