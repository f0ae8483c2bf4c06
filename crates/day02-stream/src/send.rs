//! send: a peer that has gone (send(2), tcp(7)).
//!
//! The notes say that sending to a peer that has gone raises BrokenPipeError. The truth has two
//! steps, because our kernel learns of it only by the answer to what it sends.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::os::fd::AsFd as _;

use cli::Outcome;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::{pair, say};

pub(crate) fn run() -> Outcome {
    say("send")?;
    closed()?;
    closed_with_unread_data()
}

/// A FIN says "I shall send no more", not "I shall read no more". So the first send is in order,
/// and only its answer, a RST, tells our kernel that nobody is left.
fn closed() -> Outcome {
    let (mut ours, theirs) = pair()?;
    drop(theirs);
    let end = ours.read(&mut [0; 1])?;
    say(&format!("  the peer has closed: read gives {end}"))?;
    say(&format!("    first write:  {}", outcome(ours.write(b"one"))))?;
    until_reset(&ours)?;
    // In C this write would also kill the process by SIGPIPE. Rust ignores that signal at start.
    say(&format!("    second write: {}", outcome(ours.write(b"two"))))
}

/// Who closes with data still unread has lost it, and TCP says so at once, with a RST instead of a
/// FIN: the very first write fails.
fn closed_with_unread_data() -> Outcome {
    let (mut ours, theirs) = pair()?;
    ours.write_all(b"nobody will read this")?;
    theirs.peek(&mut [0; 1])?;
    drop(theirs);
    until_reset(&ours)?;
    say("  the peer has closed with unread data")?;
    say(&format!("    first write:  {}", outcome(ours.write(b"one"))))?;
    // An error is told once. Afterwards the connection is simply closed.
    say(&format!("    second write: {}", outcome(ours.write(b"two"))))?;
    say(&format!("    read:         {}", outcome(ours.read(&mut [0; 1]))))
}

/// `Ok(3)`, or the errno's name with its text.
pub(crate) fn outcome(result: io::Result<usize>) -> String {
    match result {
        Ok(n) => format!("Ok({n})"),
        Err(error) => match error.raw_os_error().map(Errno::from_raw) {
            Some(errno) => format!("{errno:?}, {:?}", error.kind()),
            None => error.to_string(),
        },
    }
}

/// Waits for the RST without taking the error that it leaves: poll(2), of day 4, reports a
/// connection that is no more although nothing was asked for.
fn until_reset(stream: &TcpStream) -> Outcome {
    loop {
        let mut fds = [PollFd::new(stream.as_fd(), PollFlags::empty())];
        match poll(&mut fds, PollTimeout::NONE) {
            Err(Errno::EINTR) => {}
            done => return Ok(done.map(|_| ())?),
        }
    }
}
