//! What a worker says, and what that says about it.

use std::time::{Duration, Instant};

use syscall::Context as _;

use super::{Birth, REACH, Worker};
use crate::error::Result;
use crate::pool::job::take_item;
use crate::pool::line::{Came, NOW};
use crate::pool::serve::{FAILED, READY, most};
use crate::pool::task::TaskError;

/// Jobs that take less than this are sent ahead.
const SHORT: Duration = Duration::from_micros(100);

/// Whether there is more to come from a worker.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::pool) enum Line {
    Open,
    Ended,
    /// It says what no worker says.
    Garbled,
}

impl Worker {
    /// Takes what it has said: once, or everything when it is known to have ended.
    pub(in crate::pool) fn hear(&mut self, all: bool) -> Result<Line> {
        loop {
            let came = self.incoming.fill(&self.socket, NOW).call("recv")?;
            let before = self.done;
            if !self.understand() {
                return Ok(Line::Garbled);
            }
            if let Ok(done @ 1..) = u32::try_from(self.done - before) {
                let now = Instant::now();
                let short = now - self.since < SHORT * done;
                self.reach = if short { REACH.min(2 * self.reach) } else { 1 };
                self.since = now;
            }
            match came {
                Came::End => return Ok(Line::Ended),
                Came::Bytes if all => {}
                Came::Bytes | Came::Nothing => return Ok(Line::Open),
            }
        }
    }

    /// Hands the answers on that are there. False when they are none.
    fn understand(&mut self) -> bool {
        loop {
            let count = self.owed.front().map_or(0, |job| job.count);
            // The first words may be those of a failed initializer.
            let limit = if self.birth == Birth::Ready { most(count, self.limit) } else { 1 << 20 };
            let mut answers = match self.incoming.frame(limit) {
                Ok(Some(answers)) => answers,
                Ok(None) => return true,
                Err(_) => return false,
            };
            if self.birth != Birth::Ready {
                self.birth = match answers.split_first() {
                    Some((&READY, [])) => Birth::Ready,
                    Some((&FAILED, text)) => {
                        Birth::Failed(String::from_utf8_lossy(text).into_owned())
                    }
                    _ => return false,
                };
                continue;
            }
            if answers.is_empty() && self.stale > 0 {
                self.stale -= 1;
                if self.stale == 0 {
                    // It has nothing left that it could claim by mistake.
                    self.progress.allow();
                }
                continue;
            }
            let Some(job) = self.owed.pop_front() else { return false };
            self.done += 1;
            for number in 0..job.count {
                let lost = || TaskError::Malformed("the result: there is none".into());
                let answer = take_item(&mut answers).map(<[u8]>::to_vec).ok_or_else(lost);
                job.answer(number, answer);
            }
            self.answered += job.count as u64;
        }
    }
}
