//! What may lie in memory that other processes write to.

use std::ptr::NonNull;

/// A type whose every value is its bytes, and whose every pattern of bytes is a value.
///
/// Whatever another process leaves there, a whole value, a half of an old one, or zeros, it is a
/// value of the type, so that no fault of theirs becomes undefined behaviour here. `bool`, `char`
/// and enums are not such types: they have patterns without a meaning. Pointers and references
/// are not: they mean nothing in another address space.
///
/// CPython's `multiprocessing.sharedctypes` has the same rule: the types of `ctypes`.
///
/// # Safety
/// Every pattern of `size_of::<Self>()` bytes is a value; there is no padding, no pointer, no
/// reference, and no handle that one process alone could use.
pub unsafe trait Plain: Copy + Send + Sync + 'static {}

macro_rules! plain {
    ($($type:ty)*) => {$(
        // SAFETY: integers and floats have neither padding nor invalid patterns.
        unsafe impl Plain for $type {}
    )*};
}

plain!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64);

// SAFETY: no bytes at all.
unsafe impl Plain for () {}

// SAFETY: the elements of an array lie side by side, without padding.
unsafe impl<T: Plain, const N: usize> Plain for [T; N] {}

/// What can lie behind a lock: one value, or a slice of them.
pub trait Content: Sealed {}

impl<T: Sealed + ?Sized> Content for T {}

/// How to find the values in bytes. Nobody outside of this crate can have it.
pub trait Sealed {
    /// One value.
    type Item: Plain;
    /// How many they are, if that is fixed.
    const COUNT: Option<usize>;
    /// The content, `count` values from `first` on.
    fn at(first: NonNull<Self::Item>, count: usize) -> NonNull<Self>;
}
impl<T: Plain> Sealed for T {
    type Item = T;
    const COUNT: Option<usize> = Some(1);

    fn at(first: NonNull<T>, _: usize) -> NonNull<T> {
        first
    }
}

impl<T: Plain> Sealed for [T] {
    type Item = T;
    const COUNT: Option<usize> = None;

    fn at(first: NonNull<T>, count: usize) -> NonNull<[T]> {
        NonNull::slice_from_raw_parts(first, count)
    }
}
