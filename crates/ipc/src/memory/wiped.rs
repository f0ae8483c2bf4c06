//! Whether a fork has made this a copy: a word that the kernel wipes in children (MADV_WIPEONFORK,
//! madvise(2), Linux 4.14). Looking at it costs a load, getpid(2) a system call.

use std::num::NonZeroUsize;

use syscall::{Context as _, Errno, Result};

use super::mapping::Mapping;

/// True in the process that has made it, and in none of its children.
#[derive(Debug)]
pub(crate) struct Wiped(Mapping);

impl Wiped {
    pub(crate) fn new() -> Result<Self> {
        let page = NonZeroUsize::MIN;
        let mapping = Mapping::private(page)?;
        // SAFETY: the mapping's own page, which holds nothing yet.
        let done =
            unsafe { libc::madvise(mapping.base().as_ptr().cast(), 1, libc::MADV_WIPEONFORK) };
        Errno::result(done).call("madvise")?;
        // SAFETY: a mapping has at least a page, and nobody else has this one.
        unsafe { mapping.base().write_volatile(1) };
        Ok(Self(mapping))
    }

    pub(crate) fn is_ours(&self) -> bool {
        // SAFETY: as above; nobody writes to it any more.
        unsafe { self.0.base().read_volatile() == 1 }
    }
}
