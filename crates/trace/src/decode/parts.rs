//! The smallest parts: numbers of C cut out of registers and of bytes, as values.

use std::borrow::Cow;
use std::time::Duration;

use crate::call::Value;

/// So many elements of a list are kept.
pub(super) const LIST: usize = 16;

/// The bytes of a C struct. What lies beyond their end is zero.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'a>(pub(super) &'a [u8]);

impl Block<'_> {
    pub(super) fn array<const N: usize>(self, at: usize) -> [u8; N] {
        let mut part = [0; N];
        let rest = self.0.get(at..).unwrap_or_default();
        let n = rest.len().min(N);
        part[..n].copy_from_slice(&rest[..n]);
        part
    }

    pub(super) fn u16(self, at: usize) -> u16 {
        u16::from_ne_bytes(self.array(at))
    }

    pub(super) fn u32(self, at: usize) -> u32 {
        u32::from_ne_bytes(self.array(at))
    }

    pub(super) fn u64(self, at: usize) -> u64 {
        u64::from_ne_bytes(self.array(at))
    }

    pub(super) fn i32(self, at: usize) -> i32 {
        i32::from_ne_bytes(self.array(at))
    }

    pub(super) fn i64(self, at: usize) -> i64 {
        i64::from_ne_bytes(self.array(at))
    }
}

/// An `unsigned int` in a register: what is above it says nothing.
pub(super) fn low(register: u64) -> u32 {
    let [a, b, c, d, ..] = register.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// An `int` in a register.
pub(super) fn int(register: u64) -> i32 {
    low(register).cast_signed()
}

/// A length that may be any number, as one that room is made for.
pub(super) fn at_most(length: u64, limit: usize) -> usize {
    usize::try_from(length).map_or(limit, |length| length.min(limit))
}

/// The elements that were kept of so many.
pub(super) fn list(mut kept: Vec<Value>, of: u64) -> Value {
    if of > kept.len() as u64 {
        kept.push(Value::More);
    }
    Value::List(kept)
}

/// A struct.
pub(super) fn fields<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    Value::Fields(fields.map(|(name, value)| (Cow::Borrowed(name), value)).into())
}

/// What the caller has stored at an address, as far as it can be read.
pub(super) fn given(address: u64, read: impl FnOnce() -> Option<Value>) -> Value {
    if address == 0 { Value::Null } else { read().unwrap_or(Value::Pointer) }
}

/// An address.
pub(super) fn pointer(address: u64) -> Value {
    if address == 0 { Value::Null } else { Value::Pointer }
}

/// A number that may be an address, as epoll_data_t is. User addresses of these processors are
/// high; numbers that programs choose are low, or have their highest bits set.
pub(super) fn number_or_pointer(number: u64) -> Value {
    const ADDRESSES: std::ops::Range<u64> = 1 << 46..1 << 48;
    if ADDRESSES.contains(&number) { Value::Pointer } else { Value::Int(number.cast_signed()) }
}

/// A process; 0 and -1 are none but say whom a call is about, below that it is a group.
pub(super) fn pid(number: i32) -> Value {
    match number {
        1.. => Value::Pid(number.into()),
        -1 | 0 => Value::Int(number.into()),
        _ => fields([("group", Value::Pid(number.saturating_neg().into()))]),
    }
}

/// Permissions.
pub(super) fn octal(mode: u32) -> Value {
    Value::Name(format!("{mode:#05o}").replacen("0o", "0", 1).into())
}

/// A time limit; negative is none.
pub(super) fn millis(limit: i32) -> Value {
    Value::Time(u64::try_from(limit).ok().map(Duration::from_millis))
}

/// Seconds and nanoseconds, if they are such.
pub(super) fn span(seconds: i64, nanoseconds: i64) -> Value {
    match (u64::try_from(seconds), u32::try_from(nanoseconds)) {
        (Ok(seconds), Ok(rest @ 0..1_000_000_000)) => {
            Value::Time(Some(Duration::new(seconds, rest)))
        }
        _ => fields([("tv_sec", Value::Int(seconds)), ("tv_nsec", Value::Int(nanoseconds))]),
    }
}

/// Bytes as text, with an ellipsis when they were cut.
pub(super) fn lossy(bytes: &[u8], cut: bool) -> String {
    let mut text = String::from_utf8_lossy(bytes).into_owned();
    if cut {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_are_cut_to_ints() {
        assert_eq!(int(0xdead_beef_ffff_ffff), -1);
        assert_eq!(low(0xdead_beef_ffff_ffff), u32::MAX);
        assert_eq!(at_most(u64::MAX, 7), 7);
    }

    #[test]
    fn a_block_ends_in_zeros() {
        assert_eq!(Block(&[1, 0]).u32(0), u32::from_ne_bytes([1, 0, 0, 0]));
        assert_eq!(Block(&[1]).u64(usize::MAX), 0);
    }

    #[test]
    fn numbers_become_what_they_mean() {
        assert_eq!(pid(7), Value::Pid(7.into()));
        assert_eq!(pid(-1), Value::Int(-1));
        assert_eq!(pid(-7).to_string(), "{group=7}");
        assert_eq!(pid(i32::MIN).to_string(), "{group=2147483647}");
        assert_eq!(octal(0o600).to_string(), "0600");
        assert_eq!(octal(0).to_string(), "0000");
        assert_eq!(octal(0o10_644).to_string(), "010644");
        assert_eq!(millis(1500).to_string(), "1.5s");
        assert_eq!(millis(-1).to_string(), "forever");
        assert_eq!(span(-1, 0).to_string(), "{tv_sec=-1, tv_nsec=0}");
        assert_eq!(span(1, 1_000_000_000).to_string(), "{tv_sec=1, tv_nsec=1000000000}");
        assert_eq!(number_or_pointer(u64::MAX), Value::Int(-1));
        assert_eq!(number_or_pointer(0x5555_5555_4000), Value::Pointer);
    }
}
