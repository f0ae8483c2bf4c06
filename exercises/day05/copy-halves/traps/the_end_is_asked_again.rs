//! expect: it has used more than 2 s of processor time
//! expect: at src/lib.rs:

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use nix::errno::Errno;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};

pub fn halves(size: u64) -> [Range<u64>; 2] {
    let middle = size / 2;
    [0..middle, middle..size]
}

pub fn copy_range(from: &File, to: &File, range: Range<u64>) -> io::Result<()> {
    let mut bytes = vec![0; 64 * 1024];
    let mut at = range.start;
    while at < range.end {
        let left = usize::try_from(range.end - at).unwrap_or(usize::MAX);
        let n = left.min(bytes.len());
        let n = from.read_at(&mut bytes[..n], at)?;
        to.write_all_at(&bytes[..n], at)?;
        at += n as u64;
    }
    Ok(())
}

pub fn copy_halves(from: &Path, to: &Path) -> io::Result<u64> {
    let source = File::open(from)?;
    let size = source.metadata()?.len();
    let target = File::create_new(to)?;
    let done = in_two_processes(&source, &target, size);
    if done.is_err() {
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
            let second = wait_for(child);
            first.and(second)
        }
    }
}

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
