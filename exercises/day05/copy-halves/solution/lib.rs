//! Copies a file with two processes, a half each.

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use nix::errno::Errno;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};

/// The two halves of `size` bytes: which the parent copies, and which the child. Together they are
/// all bytes, and their lengths differ by one at most.
pub fn halves(size: u64) -> [Range<u64>; 2] {
    // One place where both meet: an odd byte can neither be lost nor be copied twice.
    let middle = size / 2;
    [0..middle, middle..size]
}

/// Copies the bytes in `range` of one file to the same place of another one. The offsets of the
/// open files are neither used nor moved. An error also when `from` ends before `range` does.
pub fn copy_range(from: &File, to: &File, range: Range<u64>) -> io::Result<()> {
    let mut bytes = vec![0; 64 * 1024];
    let mut at = range.start;
    while at < range.end {
        let left = usize::try_from(range.end - at).unwrap_or(usize::MAX);
        let n = left.min(bytes.len());
        // pread(2) and pwrite(2): the offset comes with the call, as 64 bits. The one in the open
        // file, which both processes share, has no part in it. "Exact" and "all", because a call
        // may transfer less than it was asked for: near the end of a file, on a full disk.
        from.read_exact_at(&mut bytes[..n], at)?;
        to.write_all_at(&bytes[..n], at)?;
        at += n as u64;
    }
    Ok(())
}

/// Copies `from` to `to`, which must not exist yet, and gives the number of bytes: the first half
/// in this process, the second one in a child. After an error there is no `to`.
pub fn copy_halves(from: &Path, to: &Path) -> io::Result<u64> {
    let source = File::open(from)?;
    let size = source.metadata()?.len();
    // Made once, and before there are two of us: whoever opened it again with O_TRUNC would throw
    // away what the other one has written. O_EXCL, so that it is nobody else's file.
    let target = File::create_new(to)?;
    let done = in_two_processes(&source, &target, size);
    if done.is_err() {
        // Half a copy looks like a file. The first error is the one to tell.
        let _ = fs::remove_file(to);
    }
    done.map(|()| size)
}

fn in_two_processes(from: &File, to: &File, size: u64) -> io::Result<()> {
    let [first, second] = halves(size);
    // SAFETY: the callers have one thread, so no lock is held by a thread that the child does not
    // have.
    match unsafe { fork() }? {
        ForkResult::Child => {
            let copy = AssertUnwindSafe(|| copy_range(from, to, second));
            // A status has eight bits, and every errno fits.
            let code = match catch_unwind(copy) {
                Ok(Ok(())) => 0,
                Ok(Err(error)) => error.raw_os_error().unwrap_or(libc::EIO),
                Err(_) => libc::EIO,
            };
            // SAFETY: _exit(2) takes a number and does not come back.
            unsafe { libc::_exit(code) }
        }
        ForkResult::Parent { child } => {
            let first = copy_range(from, to, first);
            // Whatever has become of our half: the child is waited for, and before anybody removes
            // the file that it writes to.
            let second = wait_for(child);
            first.and(second)
        }
    }
}

/// Good only when the child says so: memory is not shared, and its status is all that it can tell.
fn wait_for(child: Pid) -> io::Result<()> {
    loop {
        return match waitpid(child, None) {
            Ok(WaitStatus::Exited(_, 0)) => Ok(()),
            Ok(WaitStatus::Exited(_, code)) => Err(io::Error::from_raw_os_error(code)),
            Ok(end) => Err(io::Error::other(format!("the second half: {end:?}"))),
            Err(Errno::EINTR) => continue,
            Err(error) => Err(error.into()),
        };
    }
}
