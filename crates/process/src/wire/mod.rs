//! What crosses the border between two processes: values as bytes and back.
//!
//! Two processes have no memory in common, so nothing crosses that is made of pointers. CPython
//! pickles any object, by looking at it at run time, and whoever unpickles runs what the bytes
//! say. A [`Wire`] type says at compile time what its bytes are, and reading them makes a value
//! or a [`Malformed`], nothing else.
//!
//! Numbers have their own width, least significant byte first (usize and isize: 8 bytes); a bool,
//! an Option and a Result begin with a byte of 0 or 1; a String and a Vec begin with their length
//! in 8 bytes; the fields of a tuple follow each other. [`Malformed`] is what any other bytes
//! give. A length is compared with the bytes that are there before any memory is taken.

mod impls;
mod tuples;

use std::fmt;

/// A value that can be sent to another process.
///
/// For a type of one's own: the fields, one after the other.
///
/// ```
/// use process::wire::{Malformed, Wire, from_bytes, to_bytes};
///
/// #[derive(Debug, PartialEq)]
/// struct Half { file: String, from: u64 }
///
/// impl Wire for Half {
///     fn put(&self, to: &mut Vec<u8>) {
///         self.file.put(to);
///         self.from.put(to);
///     }
///     fn take(from: &mut &[u8]) -> Result<Self, Malformed> {
///         Ok(Self { file: Wire::take(from)?, from: Wire::take(from)? })
///     }
/// }
///
/// let half = Half { file: "a.jpg".into(), from: 512 };
/// assert_eq!(from_bytes(&to_bytes(&half)), Ok(half));
/// ```
pub trait Wire: Sized {
    /// Appends its bytes, at least one: a value that takes no room cannot be counted.
    fn put(&self, to: &mut Vec<u8>);

    /// Takes its bytes off the front.
    ///
    /// # Errors
    /// [`Malformed`] for bytes that `put` would not have written.
    fn take(from: &mut &[u8]) -> Result<Self, Malformed>;

    /// Appends the bytes of several. Bytes have a faster way than one by one.
    fn put_all(items: &[Self], to: &mut Vec<u8>) {
        for item in items {
            item.put(to);
        }
    }

    /// Takes `count` of them.
    ///
    /// # Errors
    /// As [`Wire::take`].
    fn take_all(count: usize, from: &mut &[u8]) -> Result<Vec<Self>, Malformed> {
        (0..count).map(|_| Self::take(from)).collect()
    }
}

/// All bytes of a value.
pub fn to_bytes(value: &impl Wire) -> Vec<u8> {
    let mut bytes = Vec::new();
    value.put(&mut bytes);
    bytes
}

/// The value that these bytes are, all of them.
///
/// # Errors
/// [`Malformed`], also when bytes are left over.
pub fn from_bytes<T: Wire>(mut bytes: &[u8]) -> Result<T, Malformed> {
    let value = T::take(&mut bytes)?;
    if bytes.is_empty() { Ok(value) } else { Err(Malformed("the end")) }
}

/// Bytes that are not the value that they should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed(
    /// What should have stood there: `"a bool"`.
    pub &'static str,
);

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "malformed bytes: {} was expected", self.0)
    }
}

impl std::error::Error for Malformed {}

/// The next bytes, so many.
fn bytes<'b>(count: usize, from: &mut &'b [u8], what: &'static str) -> Result<&'b [u8], Malformed> {
    let (head, tail) = from.split_at_checked(count).ok_or(Malformed(what))?;
    *from = tail;
    Ok(head)
}

/// A length, which cannot be more than the bytes that follow.
fn length(from: &mut &[u8]) -> Result<usize, Malformed> {
    let length = usize::take(from)?;
    if length <= from.len() { Ok(length) } else { Err(Malformed("a length")) }
}
