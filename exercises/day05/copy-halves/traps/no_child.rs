//! expect: 0 processes were forked, and there are two halves

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
        from.read_exact_at(&mut bytes[..n], at)?;
        to.write_all_at(&bytes[..n], at)?;
        at += n as u64;
    }
    Ok(())
}

pub fn copy_halves(from: &Path, to: &Path) -> io::Result<u64> {
    File::create_new(to)?;
    fs::copy(from, to)
}
