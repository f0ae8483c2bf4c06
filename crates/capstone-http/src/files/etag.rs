//! Our entity tags: names for the exact bytes of a representation (RFC 9110, 8.8.3).

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::files::Facts;
use crate::files::encoding::Coding;

/// What stands between the quotes of a strong tag: whoever has the same tag has the same bytes. It
/// is made of what changes when a file is written (its time of modification, to the nanosecond, and
/// its size) or replaced by another (its inode), and of the coding, so that a file and a twin of it
/// never share one.
pub fn of(facts: &Facts, coding: Coding) -> String {
    let Facts { size, inode, seconds, nanoseconds, .. } = facts;
    let tag = format!("{size:x}-{seconds:x}.{nanoseconds:x}-{inode:x}");
    match coding.token() {
        Some(coding) => format!("{tag}-{coding}"),
        None => tag,
    }
}

/// The same for what is no file: its bytes themselves.
pub fn of_bytes(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
