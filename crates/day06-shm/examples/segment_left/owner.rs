//! Who removes the name of a segment.

use syscall::Result;

use crate::segment::{self, Counter};

/// WRONG: the name is forgotten. The end of the process unmaps the memory and closes every
/// descriptor, but a segment is there until somebody calls shm_unlink, or the machine restarts.
pub(crate) struct Owner {
    pub(crate) counter: Counter,
}

impl Owner {
    pub(crate) fn create(name: &str) -> Result<Self> {
        Ok(Self { counter: segment::create(name)? })
    }
}
