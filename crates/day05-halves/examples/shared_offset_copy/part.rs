//! One part of a file, copied by one of two processes.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;

/// Copies the bytes in `range` and leaves them where they are. `ready` is called once, when
/// everything is prepared; the other process copies at the same time.
pub(crate) fn part(
    mut from: &File,
    mut to: &File,
    range: Range<u64>,
    ready: impl FnOnce(),
) -> io::Result<()> {
    // WRONG: both files were opened before the fork. There is one offset in each, and the other
    // process sets it, and moves it, too.
    from.seek(SeekFrom::Start(range.start))?;
    to.seek(SeekFrom::Start(range.start))?;
    ready();
    let mut bytes = vec![0; 64 * 1024];
    let mut left = range.end - range.start;
    while left > 0 {
        let n = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let n = from.read(&mut bytes[..n])?;
        if n == 0 {
            break;
        }
        to.write_all(&bytes[..n])?;
        left -= n as u64;
    }
    Ok(())
}
