//! A process for each client.
//!
//! The notes' five steps: socket, bind, listen; accept; fork; the child serves and ends; the
//! parent goes on. Three more belong to it: the child closes the listener, the parent closes the
//! connection, and the parent waits for its children. Fork comes before threads, or not at all.

use std::io::{self, Write as _};
use std::net::TcpStream;
use std::os::fd::AsFd as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use cli::Outcome;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};
use process::Deadline;
use process::signals::{Masked, SignalFd};

use crate::echo;
use crate::listener::Listener;
use crate::report::{Report, Word};

pub(crate) const ACCEPTORS: usize = 1;

pub(crate) fn serve(listener: Listener, report: &Report) -> Outcome {
    listener.socket.set_nonblocking(true)?;
    // Children end at any time, and the parent must hear of it although no new client comes: so
    // SIGCHLD is something to wait for beside the listener.
    let ended = SignalFd::new(Masked::block([Signal::SIGCHLD])?)?;
    let mut children: Vec<Pid> = Vec::new();
    loop {
        report.say(Word::Waits, None)?;
        let mut fds =
            [listener.as_fd(), ended.as_fd()].map(|fd| PollFd::new(fd, PollFlags::POLLIN));
        match poll(&mut fds, PollTimeout::NONE) {
            Err(Errno::EINTR) => continue,
            done => done?,
        };
        reap(&ended, &mut children, report)?;
        let Some(stream) = listener.next()? else { continue };

        // SAFETY: this process has one thread, so that no lock is held by anybody who is not
        // copied. All output so far ended with a newline: no buffer is copied full.
        match unsafe { fork() } {
            Ok(ForkResult::Child) => {
                // Both processes have both sockets now. The child's copy of the listener goes, or
                // the port would be taken for as long as the child lives, parent or not. The
                // compiler allows to drop it inside a loop because `child` never comes back.
                drop(listener);
                drop(ended);
                child(stream, report)
            }
            Ok(ForkResult::Parent { child }) => {
                // The parent's copy of the connection goes, or the client would never see its end.
                drop(stream);
                children.push(child);
            }
            Err(errno) => {
                writeln!(io::stderr(), "no process for a client, which is turned away: {errno}")?;
            }
        }
    }
}

/// All that a child ever does. It must not return, nor unwind, into the parent's loop.
fn child(stream: TcpStream, report: &Report) -> ! {
    let talk = AssertUnwindSafe(|| i32::from(echo::talk(&stream, report).is_err()));
    let code = catch_unwind(talk).unwrap_or(101);
    // SAFETY: _exit(2) takes an integer and does not return. It closes the connection.
    unsafe { libc::_exit(code) }
}

/// SIGCHLD is no count: two ends may be one signal. So each child is asked, by its own number.
fn reap(ended: &SignalFd, children: &mut Vec<Pid>, report: &Report) -> Outcome {
    while ended.wait(Deadline::Now)?.is_some() {}
    let before = children.len();
    children.retain(|&pid| {
        let status = waitpid(pid, Some(WaitPidFlag::WNOHANG));
        matches!(status, Ok(WaitStatus::StillAlive) | Err(Errno::EINTR))
    });
    for _ in children.len()..before {
        report.say(Word::Reaped, None)?;
    }
    Ok(())
}
