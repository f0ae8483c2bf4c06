//! One part of a file, copied by one of two processes.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;

use nix::errno::Errno;
use nix::unistd::{Whence, lseek64};

/// Copies the bytes in `range` and leaves them where they are. `ready` is called once, when
/// everything is prepared; the other process copies at the same time.
pub(crate) fn part(
    from: &File,
    to: &File,
    range: Range<u64>,
    ready: impl FnOnce(),
) -> io::Result<()> {
    ready();
    let mut bytes = vec![0; 64 * 1024];
    let mut at = next_data(from, range.start)?;
    while at < range.end {
        let left = usize::try_from(range.end - at).unwrap_or(usize::MAX);
        let n = left.min(bytes.len());
        // pread(2) and pwrite(2): the offset comes with the call. The one in the open file,
        // which both processes share, is neither used nor moved. copy_file_range(2) takes
        // offsets too and leaves the bytes inside the kernel; std::fs::copy is built on it.
        from.read_exact_at(&mut bytes[..n], at)?;
        to.write_all_at(&bytes[..n], at)?;
        at = next_data(from, at + n as u64)?;
    }
    // A file that has become shorter looks like a hole.
    if from.metadata()?.len() < range.end {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

/// Where the next bytes are that are no hole: the new file has holes wherever nobody has written.
/// lseek(2) moves the shared offset, which does no harm to those who never use it.
fn next_data(file: &File, at: u64) -> io::Result<u64> {
    let offset = i64::try_from(at).map_err(|_| Errno::EOVERFLOW)?;
    match lseek64(file, offset, Whence::SeekData) {
        Ok(found) => Ok(found.cast_unsigned()),
        Err(Errno::ENXIO) => Ok(u64::MAX),
        // A file system that does not know its holes.
        Err(Errno::EINVAL) => Ok(at),
        Err(error) => Err(error.into()),
    }
}
