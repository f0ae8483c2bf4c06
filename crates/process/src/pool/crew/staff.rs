//! Who replaces whom, and when nobody does.

use super::{Crew, Plan};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::pool::worker::{Birth, Worker};

/// So many workers in a row may end before they were ready (somebody kills them): then it is not
/// somebody any more.
const UNBORN: usize = 8;

impl Crew {
    /// Learns from the end of a worker whether another one would do better.
    pub(super) fn note(&mut self, birth: Birth, exit: Exit) {
        match birth {
            Birth::Ready => {}
            Birth::Failed(message) => self.broken = Some(Error::Initializer(message)),
            Birth::Silent => {
                self.unborn += 1;
                if self.unborn >= UNBORN || matches!(exit, Exit::Code(_)) {
                    self.broken = Some(Error::Initializer(format!("its process ended: {exit}")));
                }
            }
        }
    }

    /// Replaces who is missing. With nobody left and nobody to come, the queue gets an error.
    pub(super) fn staff(&mut self) {
        let wanted = if self.closed { self.queue.len() } else { usize::MAX };
        let mut refused = None;
        while self.broken.is_none() && self.workers.len() < self.plan.size.min(wanted) {
            if let Err(error) = self.hire() {
                refused = Some(error);
                break;
            }
        }
        if self.workers.is_empty()
            && let Some(error) = self.broken.clone().or(refused)
        {
            self.fail_queue(&error);
        }
    }

    pub(super) fn hire(&mut self) -> Result<()> {
        let Plan { name, limit, max_tasks, initializer, work, .. } = &mut self.plan;
        let (name, limits) = (format!("{name}-{}", self.hired), (*limit, *max_tasks));
        let worker = Worker::start(name, limits, initializer, work, &mut self.workers)?;
        self.workers.push(worker);
        self.hired += 1;
        Ok(())
    }
}
