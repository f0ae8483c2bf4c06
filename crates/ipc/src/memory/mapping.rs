//! mmap(2) with MAP_SHARED, owned: what one process writes, all others that have it see.

use std::ffi::c_void;
use std::num::NonZeroUsize;
use std::os::fd::AsFd;
use std::ptr::NonNull;

use nix::sys::mman::{MapFlags, ProtFlags, mmap, mmap_anonymous, munmap};
use syscall::{Context as _, Result};

/// Memory from `base` on, for as long as this value lives; zeros at first, and page aligned.
#[derive(Debug)]
pub(super) struct Mapping {
    base: NonNull<c_void>,
    len: usize,
}

// SAFETY: it is an address and a length; who reads and writes there is the users' business.
unsafe impl Send for Mapping {}
// SAFETY: as above, nothing here changes through a shared reference.
unsafe impl Sync for Mapping {}

const BOTH: ProtFlags = ProtFlags::PROT_READ.union(ProtFlags::PROT_WRITE);

impl Mapping {
    /// Memory that only children of this process will have, too. There is no descriptor of it and
    /// no file that anybody could shorten, so that no access to it can end in SIGBUS.
    pub(super) fn anonymous(len: NonZeroUsize) -> Result<Self> {
        // SAFETY: without MAP_FIXED the kernel looks for an address where nothing is.
        let base = unsafe { mmap_anonymous(None, len, BOTH, MapFlags::MAP_SHARED) };
        Ok(Self { base: base.call("mmap")?, len: len.get() })
    }

    /// Memory of this process alone.
    pub(super) fn private(len: NonZeroUsize) -> Result<Self> {
        // SAFETY: as above.
        let base = unsafe { mmap_anonymous(None, len, BOTH, MapFlags::MAP_PRIVATE) };
        Ok(Self { base: base.call("mmap")?, len: len.get() })
    }

    /// The content of a file, from its beginning.
    pub(super) fn of(file: impl AsFd, len: NonZeroUsize) -> Result<Self> {
        // SAFETY: as above.
        let base = unsafe { mmap(None, len, BOTH, MapFlags::MAP_SHARED, file, 0) };
        Ok(Self { base: base.call("mmap")?, len: len.get() })
    }

    pub(super) fn base(&self) -> NonNull<u8> {
        self.base.cast()
    }

    /// It stays mapped until the process ends.
    pub(super) fn leak(&mut self) {
        self.len = 0;
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        if self.len > 0 {
            // SAFETY: this is the whole of a mapping of our own, and whoever borrowed from it has
            // given it back. The call fails for wrong addresses only.
            let _ = unsafe { munmap(self.base, self.len) };
        }
    }
}
