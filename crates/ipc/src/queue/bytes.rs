//! Bytes in a ring: what does not fit before its end goes on at its beginning.

use std::ptr::{NonNull, copy_nonoverlapping};

/// What positions count in.
pub(super) const UNIT: usize = 8;

/// A power of two of units in shared memory. Positions run on over its end, and over that of u32;
/// whatever they are, they lie inside.
#[derive(Debug)]
pub(super) struct Bytes {
    base: NonNull<u8>,
    units: u32,
}

// SAFETY: an address and a number. Who writes where is agreed by locks and by the two ends.
unsafe impl Send for Bytes {}
// SAFETY: as above.
unsafe impl Sync for Bytes {}

impl Bytes {
    /// # Safety
    /// `units` is a power of two, and `base` is aligned to a unit and begins so many of them, which
    /// are mapped for as long as this value lives.
    pub(super) unsafe fn new(base: NonNull<u8>, units: u32) -> Self {
        Self { base, units }
    }

    pub(super) fn units(&self) -> u32 {
        self.units
    }

    fn offset(&self, position: u32) -> usize {
        (position & (self.units - 1)) as usize * UNIT
    }

    fn len(&self) -> usize {
        self.units as usize * UNIT
    }

    /// Asks for the cache line of a `position` that will soon be written, or read. The locked
    /// instructions of each message keep the processor from fetching it ahead by itself.
    pub(super) fn prefetch(&self, position: u32, write: bool) {
        #[cfg(target_arch = "x86_64")]
        {
            use std::arch::x86_64::{_MM_HINT_ET0, _MM_HINT_T0, _mm_prefetch};
            let at = self.base.as_ptr().wrapping_add(self.offset(position)).cast();
            if write {
                // SAFETY: a hint, which reads nothing.
                unsafe { _mm_prefetch::<_MM_HINT_ET0>(at) };
            } else {
                // SAFETY: as above.
                unsafe { _mm_prefetch::<_MM_HINT_T0>(at) };
            }
        }
        // Other processors have no hint in stable Rust.
        #[cfg(not(target_arch = "x86_64"))]
        let _ = (position, write);
    }

    /// The number in the unit at `position`.
    pub(super) fn number(&self, position: u32) -> u64 {
        // SAFETY: the offset is one of a whole unit inside.
        let unit = unsafe { self.base.add(self.offset(position)) };
        // SAFETY: it is aligned, and any bytes are a number.
        unsafe { unit.cast().read() }
    }

    /// # Safety
    /// Nobody else reads or writes this unit now.
    pub(super) unsafe fn set_number(&self, position: u32, number: u64) {
        // SAFETY: as in `number`.
        let unit = unsafe { self.base.add(self.offset(position)) };
        // SAFETY: aligned, and nobody else's now, says the caller.
        unsafe { unit.cast().write(number) };
    }

    /// Copies `len` bytes from `position` on to `to`.
    ///
    /// # Safety
    /// `to` has room for them, they are at most as many as there are, and nobody writes them now.
    pub(super) unsafe fn read(&self, position: u32, to: *mut u8, len: usize) {
        let offset = self.offset(position);
        let first = len.min(self.len() - offset);
        // SAFETY: `offset` is inside.
        let from = unsafe { self.base.add(offset) };
        // SAFETY: from `offset` to the end there are at least `first` bytes; `to` has as many.
        unsafe { copy_nonoverlapping(from.as_ptr(), to, first) };
        // SAFETY: `first` is at most `len`.
        let rest = unsafe { to.add(first) };
        // SAFETY: the others lie at the beginning; together they are at most all.
        unsafe { copy_nonoverlapping(self.base.as_ptr(), rest, len - first) };
    }

    /// Copies bytes to `position` and what follows it.
    ///
    /// # Safety
    /// They are at most as many as there are, and nobody else uses those in the ring now.
    pub(super) unsafe fn write(&self, position: u32, from: &[u8]) {
        let offset = self.offset(position);
        let (first, rest) = from.split_at(from.len().min(self.len() - offset));
        // SAFETY: `offset` is inside.
        let to = unsafe { self.base.add(offset) };
        // SAFETY: from `offset` to the end there is room for `first`.
        unsafe { copy_nonoverlapping(first.as_ptr(), to.as_ptr(), first.len()) };
        // SAFETY: the others go to the beginning; together they are at most all.
        unsafe { copy_nonoverlapping(rest.as_ptr(), self.base.as_ptr(), rest.len()) };
    }
}
