//! A full buffer: how much it holds, who waits for room, and what write_all is for.
//!
//! The buffers are memory of the kernel, one on each side; no disk has a part in it. The receiver
//! tells the sender how much room it has left, the window: that is flow control.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::os::fd::AsFd as _;
use std::sync::mpsc;
use std::thread;

use cli::Outcome;
use nix::errno::Errno;
use nix::libc;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use socket2::SockRef;
use sockets::not_now;

use crate::{asleep, pair, say, transfer};

/// More than all buffers on the way can hold.
const MESSAGE: usize = 4 << 20;

pub(crate) fn run() -> Outcome {
    say("a full buffer")?;
    how_much()?;
    who_waits()?;
    nonblocking()
}

/// A pair with small buffers of a size of our own: left alone, Linux makes them grow to megabytes.
fn small() -> Outcome<(TcpStream, TcpStream)> {
    let (ours, theirs) = pair()?;
    SockRef::from(&ours).set_send_buffer_size(16 << 10)?;
    SockRef::from(&theirs).set_recv_buffer_size(16 << 10)?;
    Ok((ours, theirs))
}

fn how_much() -> Outcome {
    let (mut ours, theirs) = small()?;
    ours.set_nonblocking(true)?;
    let mut sent = 0;
    let refused = loop {
        match ours.write(&[b'.'; 1000]) {
            Ok(n) => sent += n,
            // No room now. Is there none for a fifth of a second, then both sides are full.
            Err(error) if not_now(&error) => {
                let mut fds = [PollFd::new(ours.as_fd(), PollFlags::POLLOUT)];
                match poll(&mut fds, PollTimeout::from(200_u8)) {
                    Ok(0) => break error,
                    Err(errno) if errno != Errno::EINTR => return Err(errno.into()),
                    _ => {}
                }
            }
            Err(error) => return Err(error.into()),
        }
    };
    let sizes =
        (SockRef::from(&ours).send_buffer_size()?, SockRef::from(&theirs).recv_buffer_size()?);
    // The kernel doubles what is asked for, to pay for its own bookkeeping.
    say(&format!(
        "  SO_SNDBUF and SO_RCVBUF set to 16384, read back: {} and {}",
        sizes.0, sizes.1
    ))?;
    say(&format!("  write took {sent} bytes and then: {refused}"))?;
    ours.set_nonblocking(false)?;
    drop(ours);
    let there = io::copy(&mut &theirs, &mut io::sink())?;
    say(&format!("  the peer, which reads only now, finds {there}: the buffers held them all"))
}

/// write_all is the loop around write: it comes back when the kernel has taken everything.
fn who_waits() -> Outcome {
    let (mut ours, mut theirs) = small()?;
    let (tell, told) = mpsc::channel();
    let writer = thread::spawn(move || -> Outcome {
        tell.send(asleep::me()?)?;
        Ok(ours.write_all(&vec![b'.'; MESSAGE])?)
    });
    let state = asleep::wait_until_in(&told.recv()?, libc::SYS_sendto)?;
    say(&format!("  write_all of {MESSAGE} bytes: the writer sleeps in sendto, state {state}"))?;
    let got = theirs.read_to_end(&mut Vec::new())?;
    writer.join().map_err(|_| "the writer panicked")??;
    say(&format!("  the peer reads {got} bytes, and write_all has come back with Ok"))
}

/// With O_NONBLOCK, or with a time-out, write_all fails in the middle and does not say where. Only
/// a loop of one's own keeps count.
fn nonblocking() -> Outcome {
    let (mut ours, theirs) = small()?;
    ours.set_nonblocking(true)?;
    let message = vec![b'.'; MESSAGE];
    let failed = ours.write_all(&message).map(|()| 0);
    say(&format!("  write_all without blocking: {}", crate::send::outcome(failed)))?;
    ours.set_nonblocking(false)?;
    drop(ours);
    let part = io::copy(&mut &theirs, &mut io::sink())?;
    say(&format!("    that error has no number in it; {part} bytes had gone out"))?;

    let (ours, theirs) = small()?;
    let reader = thread::spawn(move || io::copy(&mut &theirs, &mut io::sink()));
    let told = transfer::send(&ours, &message)?;
    drop(ours);
    let got = reader.join().map_err(|_| "the reader panicked")??;
    say(&format!("  a loop that keeps count: {told} bytes sent, {got} received"))
}
