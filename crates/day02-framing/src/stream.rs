//! The trouble: a stream has no boundaries.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsRawFd as _;
use std::thread;

use cli::Outcome;
use nix::sys::socket::MsgFlags;
use socket2::SockRef;
use sockets::tcp;

use crate::lesson::say;

/// Sticky packets: the reader comes late, after all was sent, and finds one heap of bytes.
pub(crate) fn sticky() -> Outcome {
    let (mut sender, mut receiver) = pair()?;
    let messages = ["one", "two", "three", "four", "five"];
    for message in messages {
        sender.write_all(message.as_bytes())?;
    }
    until_there(&receiver, messages.concat().len())?;
    let mut room = [0; 1024];
    let n = receiver.read(&mut room)?;
    let found = String::from_utf8_lossy(&room[..n]);
    say(&format!("{} sends, and one read gives {n} bytes: {found:?}", messages.len()))
}

/// Half packets, which the notes do not have: one send, more than the buffers hold, comes in
/// pieces. Each read has room for all of it.
pub(crate) fn halves() -> Outcome {
    const SIZE: usize = 500_000;
    let (mut sender, mut receiver) = pair()?;
    // A small receive buffer, so that it is certain and not only likely.
    SockRef::from(&receiver).set_recv_buffer_size(16 << 10)?;
    let writer = thread::spawn(move || sender.write_all(&vec![b'.'; SIZE]));
    let mut room = vec![0; SIZE];
    let first = receiver.read(&mut room)?;
    let (mut got, mut reads) = (first, 1);
    loop {
        match receiver.read(&mut room)? {
            0 => break,
            n => (got, reads) = (got + n, reads + 1),
        }
    }
    writer.join().map_err(|_| "the writer panicked")??;
    say(&format!("1 send of {SIZE} bytes, and the first read gives {first}"))?;
    say(&format!("  it took {reads} reads to get all {got}"))
}

/// Both ends of one connection on loopback.
pub(crate) fn pair() -> Outcome<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let ours = tcp::Connect::new().to(listener.local_addr()?)?;
    Ok((ours, listener.accept()?.0))
}

/// Waits until `count` bytes have arrived, and leaves them where they are (MSG_PEEK).
fn until_there(stream: &TcpStream, count: usize) -> Outcome {
    let flags = MsgFlags::MSG_PEEK | MsgFlags::MSG_WAITALL;
    let n = nix::sys::socket::recv(stream.as_raw_fd(), &mut vec![0; count], flags)?;
    if n < count { Err(format!("only {n} bytes came").into()) } else { Ok(()) }
}
