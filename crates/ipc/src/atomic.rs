//! Bare atomics in shared memory: one word, no lock, nothing that could be left half changed.

use std::ops::Deref;
use std::sync::atomic::{
    AtomicI8, AtomicI16, AtomicI32, AtomicI64, AtomicIsize, AtomicU8, AtomicU16, AtomicU32,
    AtomicU64, AtomicUsize,
};

use crate::error::Result;
use crate::memory::{Head, Place, Segment, item};

/// std's atomics of integers, and arrays of them.
///
/// Source: the memory model makes no difference between threads and processes, as all of these
/// are lock-free on the machines that have them.
///
/// # Safety
/// Every pattern of bytes is a value, there is no padding, and all access is atomic.
pub unsafe trait Lockless: Send + Sync + 'static {}

macro_rules! lockless {
    ($($type:ty)*) => {$(
        // SAFETY: an integer that is only used atomically.
        unsafe impl Lockless for $type {}
    )*};
}

lockless!(AtomicU8 AtomicU16 AtomicU32 AtomicU64 AtomicUsize);
lockless!(AtomicI8 AtomicI16 AtomicI32 AtomicI64 AtomicIsize);

// SAFETY: the elements of an array lie side by side.
unsafe impl<A: Lockless, const N: usize> Lockless for [A; N] {}

#[derive(Debug)]
#[repr(transparent)]
struct Alone<A>(A);

// SAFETY: atomics alone, and any bytes are values of them.
unsafe impl<A: Lockless> Head for Alone<A> {
    const NAME: &'static str = "atomic 1";
}

/// An atomic that several processes have. It derefs to std's type.
///
/// `fetch_add` is one step. A `load` and a `store` are two, and what other processes do in between
/// is lost: safe code, wrong count.
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
///
/// # fn main() -> ipc::Result<()> {
/// let hits = ipc::Atomic::new(AtomicU64::new(0))?;
/// hits.fetch_add(1, Relaxed);
/// # assert_eq!(hits.load(Relaxed), 1);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Atomic<A: Lockless>(Segment<Alone<A>>);

impl<A: Lockless> Atomic<A> {
    /// For this process and its children.
    ///
    /// # Errors
    /// ENOMEM.
    pub fn new(value: A) -> Result<Self> {
        Self::make(Place::Anonymous, value)
    }

    /// Under a name, see [`crate::Memory::create_new`].
    ///
    /// # Errors
    /// Those of [`crate::Memory::create_new`].
    pub fn create_new(name: &str, value: A) -> Result<Self> {
        Self::make(Place::Named(name), value)
    }

    fn make(place: Place<'_>, value: A) -> Result<Self> {
        Segment::new(place, item::<A>(), 0, Alone(value), |_| Ok(())).map(Self)
    }

    /// What somebody else has created, see [`crate::Memory::open`].
    ///
    /// # Errors
    /// Those of [`crate::Memory::open`].
    pub fn open(name: &str) -> Result<Self> {
        Segment::open(name, item::<A>()).map(Self)
    }
}

impl<A: Lockless> Deref for Atomic<A> {
    type Target = A;

    fn deref(&self) -> &A {
        &self.0.head().0
    }
}
