//! Transfers that do it well, and some that do not.

use std::io::{ErrorKind, IoSlice, IoSliceMut, Read, Write, pipe};
use std::os::fd::AsRawFd as _;
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::thread::spawn;

use nix::sys::socket::{ControlMessage, MsgFlags, recvmsg, sendmsg};

use crate::Done;
use crate::output::say;

const COUNT: usize = 1000;

/// write_all and read_exact do what they promise.
pub(crate) fn send_well() -> Done {
    let (mut a, mut b) = UnixStream::pair()?;
    let sender = spawn(move || a.write_all(&[7; COUNT]));
    let mut bytes = [0; COUNT];
    b.read_exact(&mut bytes)?;
    sender.join().map_err(|_| "the sender has panicked")??;
    say(&format!("{}", bytes.iter().all(|&byte| byte == 7)))
}

/// One write is believed to write all.
pub(crate) fn send_badly() -> Done {
    let (mut a, mut b) = UnixStream::pair()?;
    let n = a.write(&[7; COUNT])?;
    drop(a);
    let mut bytes = Vec::new();
    b.read_to_end(&mut bytes)?;
    if bytes.len() == COUNT { say("all") } else { Err(format!("{n} of {COUNT}").into()) }
}

/// The same through a pipe, once in a write that is atomic and once in one that is not.
pub(crate) fn pipe_well() -> Done {
    let (mut reader, mut writer) = pipe()?;
    let sender = spawn(move || {
        writer.write_all(&[7; 100])?;
        writer.write_all(&[7; 10_000])
    });
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    sender.join().map_err(|_| "the sender has panicked")??;
    say(&format!("{}", bytes.len()))
}

/// Vectors: each call says how much it has moved.
pub(crate) fn vectored() -> Done {
    let (mut a, mut b) = UnixStream::pair()?;
    let parts = [IoSlice::new(b"one, "), IoSlice::new(b"two, "), IoSlice::new(b"three")];
    let sent = a.write_vectored(&parts)?;
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    drop(a);
    let (mut x, mut y) = ([0; 3], [0; 100]);
    let first = b.read_vectored(&mut [IoSliceMut::new(&mut x), IoSliceMut::new(&mut y)])?;
    let mut rest = Vec::new();
    b.read_to_end(&mut rest)?;
    say(&format!("{sent} sent, {first} and {} read, {lengths:?}", rest.len()))
}

/// A message, with a descriptor in it.
pub(crate) fn message() -> Done {
    let (a, b) = UnixStream::pair()?;
    let parts = [IoSlice::new(b"one, "), IoSlice::new(b"two")];
    let fds = [a.as_raw_fd()];
    let rights = [ControlMessage::ScmRights(&fds)];
    let sent = sendmsg::<()>(a.as_raw_fd(), &parts, &rights, MsgFlags::empty(), None)?;
    let mut space = nix::cmsg_space!([i32; 1]);
    let mut bytes = [0; 100];
    let mut parts = [IoSliceMut::new(&mut bytes)];
    let fd = b.as_raw_fd();
    let got = recvmsg::<()>(fd, &mut parts, Some(&mut space), MsgFlags::MSG_CMSG_CLOEXEC)?;
    let rights = got.cmsgs()?.count();
    say(&format!("{sent} sent, {} read, {rights} with rights", got.bytes))
}

/// A nonblocking socket: EAGAIN is part of its life.
pub(crate) fn nonblocking() -> Done {
    let (mut a, mut b) = UnixStream::pair()?;
    b.set_nonblocking(true)?;
    a.write_all(b"hello")?;
    let (mut again, mut bytes) = (0, [0; 10]);
    loop {
        match b.read(&mut bytes) {
            Ok(n) => return say(&format!("{n} after {again}")),
            Err(error) if error.kind() == ErrorKind::WouldBlock => again += 1,
            Err(error) => return Err(error.into()),
        }
    }
}

/// A datagram is whole, or it is not there.
pub(crate) fn datagram() -> Done {
    let (a, b) = UnixDatagram::pair()?;
    a.send(b"hello")?;
    let mut bytes = [0; 10];
    say(&b.recv(&mut bytes)?.to_string())
}
