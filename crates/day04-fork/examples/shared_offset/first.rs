//! The first bytes of a file that was opened before the fork.

use std::fs::File;
use std::io::{self, Read as _};

/// WRONG: read(2) begins where the last read of this or of the other process has ended.
pub(crate) fn first(mut file: &File) -> io::Result<String> {
    let mut bytes = [0; 4];
    file.read_exact(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
