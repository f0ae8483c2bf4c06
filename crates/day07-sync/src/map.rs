//! Memory that several processes see, as on day 6: it is where everything below lives.

use std::num::NonZeroUsize;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicI32, AtomicU32};

use nix::sys::mman::{MapFlags, ProtFlags, mmap_anonymous, munmap};
use syscall::{Context as _, Result};

/// Room for one T. A fork copies the handle, and both copies lead to the same memory.
pub(crate) struct Map<T> {
    at: NonNull<T>,
}

const BOTH: ProtFlags = ProtFlags::PROT_READ.union(ProtFlags::PROT_WRITE);

impl<T> Map<T> {
    const SIZE: NonZeroUsize = {
        // A mapping begins at the begin of a page, so it suits any alignment up to a page.
        assert!(align_of::<T>() <= 4096, "aligned more than a page");
        NonZeroUsize::new(size_of::<T>()).expect("nothing to share")
    };

    /// Zeros without a name: only those who are forked afterwards can share them.
    pub(crate) fn anonymous() -> Result<Self> {
        // SAFETY: without an address of ours the kernel chooses one where nothing is.
        let at = unsafe { mmap_anonymous(None, Self::SIZE, BOTH, MapFlags::MAP_SHARED) };
        Ok(Self { at: at.call("mmap")?.cast() })
    }

    /// For the functions of C that want the address of something inside.
    pub(crate) fn as_ptr(&self) -> *mut T {
        self.at.as_ptr()
    }
}

impl<T> Drop for Map<T> {
    fn drop(&mut self) {
        // SAFETY: it was mapped with this size, all references into it have borrowed `self`, and
        // other processes keep mappings of their own.
        let _ = unsafe { munmap(self.at.cast(), Self::SIZE.get()) };
    }
}

/// What may be used as shared memory without further care.
///
/// # Safety
/// Any bytes are a value of it, zeros too, and it allows for changes by others at any moment. That
/// is: atomics and arrays of them. A semaphore or a mutex of C is not, it has functions of its
/// own.
pub(crate) unsafe trait Plain: Sync {}

// SAFETY: any 4 bytes will do, and it is an atomic.
unsafe impl Plain for AtomicU32 {}
// SAFETY: any 4 bytes will do, and it is an atomic.
unsafe impl Plain for AtomicI32 {}
// SAFETY: it is nothing but its elements.
unsafe impl<T: Plain, const N: usize> Plain for [T; N] {}

impl<T: Plain> Deref for Map<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: the memory is mapped for as long as `self` lives and aligned to a page; a Plain
        // type is valid whatever has been written, and while it is.
        unsafe { self.at.as_ref() }
    }
}
