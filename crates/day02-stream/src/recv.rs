//! recv: an empty buffer, a rest, the end, and an end that is none (recv(2), tcp(7)).

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::os::fd::AsRawFd as _;
use std::sync::mpsc;
use std::thread;

use cli::Outcome;
use nix::libc;
use nix::sys::socket::MsgFlags;
use sockets::tcp;

use crate::{asleep, pair, say};

pub(crate) fn run() -> Outcome {
    say("recv")?;
    empty_buffer()?;
    rest_and_end()?;
    no_end()?;
    reset()
}

/// Blocking is not waiting in a loop: the thread is off the processor until a byte comes.
fn empty_buffer() -> Outcome {
    let (mut ours, mut theirs) = pair()?;
    let (tell, told) = mpsc::channel();
    let reader = thread::spawn(move || -> Outcome<usize> {
        tell.send(asleep::me()?)?;
        Ok(ours.read(&mut [0; 16])?)
    });
    // std's read on a socket is recv(2), which is the system call recvfrom.
    let state = asleep::wait_until_in(&told.recv()?, libc::SYS_recvfrom)?;
    say(&format!("  the buffer is empty: the reader sleeps in recvfrom, state {state}"))?;
    theirs.write_all(b"!")?;
    let n = reader.join().map_err(|_| "the reader panicked")??;
    say(&format!("  a byte is sent: the reader has woken up with {n} byte"))
}

/// What does not fit into this read waits for the next one, and the end waits behind all of it.
fn rest_and_end() -> Outcome {
    let (mut ours, mut theirs) = pair()?;
    theirs.write_all(b"0123456789")?;
    drop(theirs);
    say("  ten bytes are sent and the peer has closed; each read has room for four")?;
    until_there(&ours, 10)?;
    loop {
        let mut room = [0; 4];
        let n = ours.read(&mut room)?;
        say(&format!("    read: {n} {:?}", String::from_utf8_lossy(&room[..n])))?;
        if n == 0 {
            break;
        }
    }
    // The end is a state, not an event: whoever asks again is told again.
    say(&format!("    and again: {}", ours.read(&mut [0; 4])?))
}

/// A read without room gives 0 as well. The number says "the end" only if there was room.
fn no_end() -> Outcome {
    let (mut ours, mut theirs) = pair()?;
    theirs.write_all(b"abc")?;
    until_there(&ours, 3)?;
    let nothing = ours.read(&mut [])?;
    let behind = ours.read(&mut [0; 16])?;
    say(&format!("  a read with no room gives {nothing}, and the next one {behind}: no end"))?;

    // The end concerns one direction. The other one still works: a half-close.
    theirs.shutdown(Shutdown::Write)?;
    let end = ours.read(&mut [0; 16])?;
    ours.write_all(b"heard")?;
    let mut answer = [0; 5];
    theirs.read_exact(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    say(&format!("  the peer has ended its side: {end}; it still reads our {answer:?}"))
}

/// A connection can also end without a FIN. That is an error, and no read of 0.
fn reset() -> Outcome {
    let (mut ours, theirs) = pair()?;
    tcp::reset_on_close(&theirs)?;
    drop(theirs);
    match ours.read(&mut [0; 4]) {
        Err(error) => say(&format!("  the peer has reset: {error}")),
        Ok(n) => Err(format!("a reset connection gave a read of {n}").into()),
    }
}

/// Waits until `count` bytes lie in the receive buffer, and leaves them there: MSG_PEEK looks,
/// MSG_WAITALL waits. That write has returned says nothing about what has arrived.
fn until_there(stream: &TcpStream, count: usize) -> Outcome {
    let flags = MsgFlags::MSG_PEEK | MsgFlags::MSG_WAITALL;
    let n = nix::sys::socket::recv(stream.as_raw_fd(), &mut vec![0; count], flags)?;
    if n < count { Err(format!("only {n} bytes came").into()) } else { Ok(()) }
}
