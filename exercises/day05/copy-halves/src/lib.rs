//! Copies a file with two processes, a half each.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;

/// The two halves of `size` bytes: which the parent copies, and which the child. Together they are
/// all bytes, and their lengths differ by one at most.
pub fn halves(size: u64) -> [Range<u64>; 2] {
    todo!()
}

/// Copies the bytes in `range` of one file to the same place of another one. The offsets of the
/// open files are neither used nor moved. An error also when `from` ends before `range` does.
pub fn copy_range(from: &File, to: &File, range: Range<u64>) -> io::Result<()> {
    todo!()
}

/// Copies `from` to `to`, which must not exist yet, and gives the number of bytes: the first half
/// in this process, the second one in a child. After an error there is no `to`.
pub fn copy_halves(from: &Path, to: &Path) -> io::Result<u64> {
    todo!()
}
