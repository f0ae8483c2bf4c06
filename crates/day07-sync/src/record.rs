//! The older file locks, those of fcntl(2), and why one prefers flock(2).

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicI32, Ordering};

use cli::Outcome;
use nix::fcntl::{FcntlArg, fcntl};
use syscall::Errno;

use crate::map::Map;
use crate::worker::Worker;

/// The whole file, at once or not at all (F_SETLK, F_WRLCK).
fn lock(path: &Path) -> Outcome<(File, Result<i32, Errno>)> {
    let file = File::options().write(true).open(path)?;
    let whole = libc::flock {
        l_type: i16::try_from(libc::F_WRLCK)?,
        l_whence: i16::try_from(libc::SEEK_SET)?,
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    };
    let done = fcntl(&file, FcntlArg::F_SETLK(&whole));
    Ok((file, done))
}

pub(crate) fn run(path: &Path) -> Outcome {
    let mut out = io::stdout();
    let answer = Map::<AtomicI32>::anonymous()?;
    let other = || -> Outcome<Errno> {
        Worker::start(|_| {
            let (_file, done) = lock(path)?;
            answer.store(done.err().map_or(0, |errno| errno as i32), Ordering::SeqCst);
            Ok(())
        })?
        .finish()?;
        Ok(Errno::from_raw(answer.load(Ordering::SeqCst)))
    };
    // It belongs to the process: the same file opened twice is no second owner, and a child is
    // another one.
    let (_first, done) = lock(path)?;
    let (second, again) = lock(path)?;
    let refused = other()?;
    writeln!(
        out,
        "a lock by fcntl: {done:?}, by ourselves again: {again:?}, a child: {refused:?}"
    )?;
    // And it is gone as soon as the process closes any descriptor of the file, even one that some
    // library has opened to read it. The first one is still open, and nobody tells its owner.
    drop(second);
    let free = other()? == Errno::from_raw(0);
    writeln!(out, "  one of our two descriptors is closed; a child can lock it: {free}")?;
    Ok(())
}
