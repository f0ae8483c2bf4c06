//! Who removes the name of a segment.

use syscall::Result;

use crate::segment::{self, Counter};

/// The counter and its name, which go together.
pub(crate) struct Owner {
    pub(crate) counter: Counter,
    name: String,
}

impl Owner {
    pub(crate) fn create(name: &str) -> Result<Self> {
        Ok(Self { counter: segment::create(name)?, name: name.into() })
    }
}

impl Drop for Owner {
    /// A segment is no descriptor: the end of its processes does not remove it. This does, on
    /// every way out but SIGKILL and the like; memfd_create(2) is the segment without a name that
    /// needs no such care.
    fn drop(&mut self) {
        let _ = segment::unlink(&self.name);
    }
}
