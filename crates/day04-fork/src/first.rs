//! The first bytes of a file that was opened before the fork.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

/// pread(2) says where to read: it neither uses nor moves the offset that all copies share.
pub(crate) fn first(file: &File) -> io::Result<String> {
    let mut bytes = [0; 4];
    file.read_exact_at(&mut bytes, 0)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
