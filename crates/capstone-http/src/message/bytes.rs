//! The loops that run along a head. How far may this go, they say, and never look twice.
//!
//! A head is mostly field values, so theirs is the loop that matters: it looks at eight bytes at a
//! time, as one number. The others ask a table once per byte.

use super::classes::{CLASSES, HOST, TARGET, TOKEN};

/// How many bytes in front may be part of a token: a method, a field's name (RFC 9110, 5.6.2).
#[inline]
pub(super) fn token(bytes: &[u8]) -> usize {
    run(bytes, TOKEN)
}

/// How many bytes in front may be part of a request target (RFC 9112, 3.2).
#[inline]
pub(super) fn target(bytes: &[u8]) -> usize {
    run(bytes, TARGET)
}

/// How many bytes in front may be part of a host's name (RFC 3986, 3.2.2).
#[inline]
pub(super) fn host(bytes: &[u8]) -> usize {
    run(bytes, HOST)
}

#[inline]
fn run(bytes: &[u8], class: u8) -> usize {
    for (at, &byte) in bytes.iter().enumerate() {
        if CLASSES[usize::from(byte)] & class == 0 {
            return at;
        }
    }
    bytes.len()
}

/// How many bytes in front may be part of a field's value: all but control bytes, of which the
/// tabulator may (RFC 9110, 5.5).
#[inline]
pub(super) fn value(bytes: &[u8]) -> usize {
    let mut at = 0;
    loop {
        at += visible(&bytes[at..]);
        match bytes.get(at) {
            Some(b'\t') => at += 1,
            _ => return at,
        }
    }
}

/// How many bytes in front are neither below 0x20 nor 0x7f.
#[inline]
fn visible(bytes: &[u8]) -> usize {
    let (eights, rest) = bytes.as_chunks::<8>();
    for (at, eight) in eights.iter().enumerate() {
        let found = controls(u64::from_le_bytes(*eight));
        if found != 0 {
            return at * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let end = rest.iter().position(|&byte| byte < 0x20 || byte == 0x7f);
    eights.len() * 8 + end.unwrap_or(rest.len())
}

/// The highest bit of each byte that is below 0x20 or 0x7f. A subtraction borrows from the bytes
/// above, so a byte above a found one may be marked wrongly; the lowest mark is always right, and
/// nobody looks at the others.
#[inline]
const fn controls(eight: u64) -> u64 {
    const ONES: u64 = u64::MAX / 0xff;
    let below = eight.wrapping_sub(ONES * 0x20) & !eight;
    let delete = eight ^ (ONES * 0x7f);
    let delete = delete.wrapping_sub(ONES) & !delete;
    (below | delete) & (ONES * 0x80)
}

/// Optional white space (RFC 9110, 5.6.3): blanks and tabulators.
pub(super) const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Without the blanks on both sides.
pub(super) fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = bytes
        && is_blank(*first)
    {
        bytes = rest;
    }
    while let [rest @ .., last] = bytes
        && is_blank(*last)
    {
        bytes = rest;
    }
    bytes
}
