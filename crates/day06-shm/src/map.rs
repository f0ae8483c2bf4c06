//! Memory that several processes see (mmap(2), MAP_SHARED). The finished form is in `ipc`.

use std::num::NonZeroUsize;
use std::ops::Deref;
use std::os::fd::OwnedFd;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64};

use nix::sys::mman::{MapFlags, ProtFlags, mmap, mmap_anonymous, munmap};
use nix::sys::stat::fstat;
use syscall::{Context as _, Errno, Error, Result};

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

    /// The begin of a file, or of a segment. It must be long enough: memory behind the end of a
    /// file can be mapped, and touching its pages is SIGBUS. The same happens to all who use it
    /// when somebody makes it shorter later on, so only friends get the right to write.
    pub(crate) fn of(file: &OwnedFd) -> Result<Self> {
        let length = fstat(file).call("fstat")?.st_size;
        if usize::try_from(length).is_ok_and(|length| length < Self::SIZE.get()) {
            return Err(Error::new("mmap", Errno::ENXIO).on(format!("{length} bytes")));
        }
        // SAFETY: without an address of ours the kernel chooses one where nothing is.
        let at = unsafe { mmap(None, Self::SIZE, BOTH, MapFlags::MAP_SHARED, file, 0) };
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
/// is: atomics, and arrays and `repr(C)` structs of them. Nothing with a pointer inside, no Box,
/// no Vec, no String: an address means nothing to a process that has something else there.
pub(crate) unsafe trait Plain: Sync {}

// SAFETY: any byte will do, and it is an atomic.
unsafe impl Plain for AtomicU8 {}
// SAFETY: any 4 bytes will do, and it is an atomic.
unsafe impl Plain for AtomicU32 {}
// SAFETY: any 8 bytes will do, and it is an atomic.
unsafe impl Plain for AtomicU64 {}
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
