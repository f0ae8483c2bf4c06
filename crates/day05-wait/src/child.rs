//! A child with a line to its parent, and what /proc says about it.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;

use cli::Outcome;
use nix::errno::Errno;
use nix::libc;
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::{ForkResult, Pid, fork};

/// Forks. The child does its `work` and leaves with the code that comes out of it; the parent
/// gets its id. Each has one end of a line: a parent that dies is an end of stream to the child.
pub(crate) fn start(work: impl FnOnce(UnixStream) -> i32) -> Outcome<(Pid, UnixStream)> {
    let (ours, theirs) = UnixStream::pair()?;
    // SAFETY: this program has one thread, so the child finds no lock that nobody will open.
    match unsafe { fork() }? {
        ForkResult::Parent { child } => Ok((child, ours)),
        ForkResult::Child => {
            drop(ours);
            leave(work(theirs))
        }
    }
}

/// The way out of a forked child: _exit(2) runs no destructors and writes no buffers. Those are
/// copies of the parent's, and the parent does that itself.
pub(crate) fn leave(code: i32) -> ! {
    // SAFETY: _exit takes an integer and does not return.
    unsafe { libc::_exit(code) }
}

/// Waits for a word, or for the end of the one who would say it.
pub(crate) fn hear(mut line: &UnixStream) {
    let _ = line.read(&mut [0]);
}

/// Says the word.
pub(crate) fn tell(mut line: &UnixStream) -> Outcome {
    Ok(line.write_all(b"!")?)
}

/// A child that stays until it is told to leave, with this code.
pub(crate) fn until_told(code: i32) -> Outcome<(Pid, UnixStream)> {
    start(|line| {
        hear(&line);
        code
    })
}

/// Waits until the child has ended and does not reap it: WNOWAIT leaves it as it is. A child
/// that has been reaped already has ended too.
pub(crate) fn until_ended(pid: Pid) -> Outcome {
    loop {
        match waitid(Id::Pid(pid), WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT) {
            Err(Errno::EINTR) => {}
            Err(Errno::ECHILD) | Ok(_) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
    }
}

/// The state and the parent of a process; nothing when there is no such process.
pub(crate) fn look(pid: Pid) -> Option<(char, Pid)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name stands in parentheses and may contain blanks: the fields begin behind it.
    let mut fields = text.rsplit(')').next()?.split_whitespace();
    let state = fields.next()?.chars().next()?;
    Some((state, Pid::from_raw(fields.next()?.parse().ok()?)))
}
