//! Memory that several processes see: bytes without a meaning. What has one is in the other
//! modules ([`crate::Shared`], [`crate::Queue`], …), each in such a segment of its own.
//!
//! - **anonymous**: mmap(2) with MAP_SHARED | MAP_ANONYMOUS, made before fork(2), for relatives. It
//!   is gone with the last of them. It has no descriptor, so nobody can shorten it, and it needs
//!   no seals.
//! - **named**: a file in /dev/shm (shm_overview(7)), for any process of the same user. What has
//!   been created is whole, of exactly the size that was said, and allocated. The name goes when
//!   its creator drops it; when the creator was killed, the name counts as gone at once and is
//!   deleted by whoever uses it next. How, and what no program can rule out, is told at the top
//!   of `named.rs`. CPython's `multiprocessing.shared_memory` needs a process more for that, the
//!   resource tracker.
//!
//! A name is one for shm_open(3): 1 to 254 bytes without a slash, but for one in front.

mod mapping;
mod name;
mod named;
mod segment;
mod wiped;

use std::ptr::slice_from_raw_parts;
use std::sync::atomic::AtomicU8;

use syscall::{Context as _, Errno};

use crate::error::{Error, Result};
pub(crate) use segment::{Head, Place, Segment, item};
pub(crate) use wiped::Wiped;

/// A range of bytes. Each may change at any time, so that they are atomics.
///
/// CPython's `multiprocessing.shared_memory.SharedMemory`.
///
/// ```
/// use std::sync::atomic::Ordering::Relaxed;
///
/// # fn main() -> ipc::Result<()> {
/// let memory = ipc::Memory::anonymous(4096)?;
/// memory.bytes()[7].store(42, Relaxed);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Memory(Segment<Nothing>);

#[derive(Debug)]
struct Nothing;

// SAFETY: there is nothing.
unsafe impl Head for Nothing {
    const NAME: &'static str = "memory 1";
}

impl Memory {
    /// For this process and the children that it will have.
    ///
    /// # Errors
    /// EINVAL for no bytes at all, ENOMEM.
    pub fn anonymous(len: usize) -> Result<Self> {
        Self::make(Place::Anonymous, len)
    }

    /// Under a name that nobody alive has, all zeros (O_CREAT | O_EXCL). This process is the
    /// creator: the name goes when it drops this value.
    ///
    /// # Errors
    /// EEXIST; EINVAL and ENAMETOOLONG for the name, EINVAL for no bytes at all; ENOSPC, EACCES.
    pub fn create_new(name: &str, len: usize) -> Result<Self> {
        Self::make(Place::Named(name), len)
    }

    /// Of this name and size, by somebody else or, when there is none, new (O_CREAT).
    ///
    /// # Errors
    /// Those of [`Memory::create_new`] and [`Memory::open`].
    pub fn create(name: &str, len: usize) -> Result<Self> {
        loop {
            // Between the two looks somebody else may have created it, or dropped it.
            match Self::open(name, len) {
                Err(error) if error.errno() == Errno::ENOENT => {}
                opened => return opened,
            }
            match Self::create_new(name, len) {
                Err(error) if error.errno() == Errno::EEXIST => {}
                created => return created,
            }
        }
    }

    /// What somebody else has created. It stays usable when its name goes.
    ///
    /// # Errors
    /// ENOENT when there is none or its creator is gone; [`Error::OtherLayout`] when it has another
    /// size or is no [`Memory`]; EACCES when it is another user's; EINVAL, ENAMETOOLONG.
    pub fn open(name: &str, len: usize) -> Result<Self> {
        let segment = Segment::open(name, 0)?;
        if segment.tail_len() == len { Ok(Self(segment)) } else { Err(Error::OtherLayout) }
    }

    fn make(place: Place<'_>, len: usize) -> Result<Self> {
        if len == 0 {
            Err(Errno::EINVAL).call("mmap")?;
        }
        Segment::new(place, 0, len, Nothing, |_| Ok(())).map(Self)
    }

    /// The bytes.
    pub fn bytes(&self) -> &[AtomicU8] {
        let bytes = slice_from_raw_parts(self.0.tail().cast().as_ptr(), self.0.tail_len());
        // SAFETY: they are mapped as long as this value lives, and all other processes of this
        // crate use them as atomics as well.
        unsafe { &*bytes }
    }

    /// The name, if this process has created it under one.
    pub fn name(&self) -> Option<&str> {
        self.0.name()
    }
}
