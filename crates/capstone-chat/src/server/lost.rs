//! Messages that the kernel did not take, by the errno that it has given.

use std::fmt;

use syscall::Errno;

/// How many were lost, and what of.
#[derive(Debug, Default)]
pub(super) struct Lost(Vec<(Errno, u64)>);

impl Lost {
    pub(super) fn count(&mut self, errno: Errno, messages: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == errno) {
            Some((_, count)) => *count += messages,
            None => self.0.push((errno, messages)),
        }
    }

    pub(super) fn total(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }
}

impl fmt::Display for Lost {
    /// `lost=3 lost_EAGAIN=2 lost_EMSGSIZE=1`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lost={}", self.total())?;
        self.0.iter().try_for_each(|(errno, count)| write!(f, " lost_{errno:?}={count}"))
    }
}
