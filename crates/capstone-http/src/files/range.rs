//! Ranges of bytes (RFC 9110, 14.1 and 14.2).

use std::ops::Range;

/// More ranges than this in one request are an attack or a mistake; then all is sent, once.
pub const MOST: usize = 32;
/// Two ranges with no more than this between them become one: the head of a part costs more.
pub const GAP: u64 = 80;

/// What a Range field asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// Everything: it asks for nothing that is understood here, as a server may decide.
    Whole,
    /// 206, the bytes as they are.
    One(Range<u64>),
    /// 206, as multipart/byteranges. They neither overlap nor touch.
    Several(Vec<Range<u64>>),
    /// 416: no range of it lies within the file.
    Unsatisfiable,
}

/// What the value of a Range field asks for, of a file of this size. What is no valid set of ranges
/// is treated as if it were not there.
pub fn select(value: &[u8], size: u64) -> Selection {
    let Some(set) = unit(value) else { return Selection::Whole };
    let specs =
        || set.split(|&byte| byte == b',').map(<[u8]>::trim_ascii).filter(|s| !s.is_empty());
    // An empty file has no first byte that Content-Range could name; all of it is nothing.
    if specs().count() > MOST || size == 0 && specs().all(|spec| spec.starts_with(b"-")) {
        return Selection::Whole;
    }
    let mut one = None;
    let mut several = Vec::new();
    for spec in specs() {
        match resolve(spec, size) {
            None => return Selection::Whole,
            Some(range) if range.is_empty() => {}
            Some(range) if one.is_none() && several.is_empty() => one = Some(range),
            Some(range) => {
                several.extend(one.take());
                add(&mut several, range);
            }
        }
    }
    if several.len() == 1 {
        one = several.pop();
    }
    match one {
        Some(range) => Selection::One(range),
        None if several.is_empty() && specs().next().is_none() => Selection::Whole,
        None if several.is_empty() => Selection::Unsatisfiable,
        None => Selection::Several(several),
    }
}

/// What follows `bytes=`, whatever its case.
fn unit(value: &[u8]) -> Option<&[u8]> {
    let (unit, set) = value.split_at_checked(6)?;
    unit.eq_ignore_ascii_case(b"bytes=").then_some(set)
}

/// `first-last`, `first-` or `-length`; the empty range when it lies behind the end, nothing when
/// it is none.
fn resolve(spec: &[u8], size: u64) -> Option<Range<u64>> {
    let dash = spec.iter().position(|&byte| byte == b'-')?;
    let (first, last) = (&spec[..dash], &spec[dash + 1..]);
    if first.is_empty() {
        return Some(size - number(last)?.min(size)..size);
    }
    let first = number(first)?;
    let last = if last.is_empty() { u64::MAX } else { number(last)? };
    (first <= last).then(|| first.min(size)..last.saturating_add(1).min(size))
}

/// Digits only; what is larger than any file is as large as the largest.
fn number(digits: &[u8]) -> Option<u64> {
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| u64::from(byte - b'0'));
    let append = |n: u64, byte| Some(n.saturating_mul(10).saturating_add(digit(byte)?));
    if digits.is_empty() { None } else { digits.iter().try_fold(0, append) }
}

/// Adds a range, and joins it with those that it overlaps or nearly touches, in the place of the
/// first of them. Their order is the client's otherwise: it may want the end first.
fn add(list: &mut Vec<Range<u64>>, mut new: Range<u64>) {
    let mut place = list.len();
    while let Some(near) = list.iter().position(|old| {
        new.start <= old.end.saturating_add(GAP) && old.start <= new.end.saturating_add(GAP)
    }) {
        let old = list.remove(near);
        new = new.start.min(old.start)..new.end.max(old.end);
        place = place.min(near);
    }
    list.insert(place.min(list.len()), new);
}
