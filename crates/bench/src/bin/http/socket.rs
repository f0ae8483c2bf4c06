//! One connection of the generator: nix's calls, as few of them as can be.

use std::net::SocketAddr;
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd, OwnedFd};

use cli::Outcome;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::socket::{
    AddressFamily, MsgFlags, SockFlag, SockType, SockaddrStorage, bind, connect, recv, send, socket,
};
use syscall::{Context as _, retry};

use crate::wire::{Reading, Wrong};

/// What one call may throw away.
const PIECE: usize = 1 << 20;

/// Milliseconds. A server that has not answered after so long does not answer.
const PATIENCE: u16 = 10_000;
/// What is looked at.
const SHORT: usize = 16 << 10;

/// Where answers are read to. Nobody writes to what is behind the first 16 KiB.
#[derive(Debug)]
pub(crate) struct Room(Vec<u8>);

impl Room {
    pub(crate) fn new() -> Self {
        Self(vec![0; PIECE])
    }
}

/// What a read has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Come {
    /// A part of an answer: so many bytes.
    Part(usize),
    /// The rest of one.
    Whole(usize),
    Nothing,
    End,
}

#[derive(Debug)]
pub(crate) struct Socket {
    fd: OwnedFd,
    reading: Reading,
}

impl Socket {
    /// Connects. On one machine that waits only for a listener whose queue is full.
    pub(crate) fn connect(to: SocketAddr, reading: Reading) -> Outcome<Self> {
        Self::connect_from(None, to, reading)
    }

    /// From one of the addresses of the loopback, when ports would not do.
    pub(crate) fn connect_from(
        from: Option<SocketAddr>,
        to: SocketAddr,
        reading: Reading,
    ) -> Outcome<Self> {
        let (family, kind) = (AddressFamily::Inet, SockType::Stream);
        let fd = socket(family, kind, SockFlag::SOCK_CLOEXEC, None).call("socket")?;
        if let Some(from) = from {
            bind(fd.as_raw_fd(), &SockaddrStorage::from(from)).call("bind")?;
        }
        let to = SockaddrStorage::from(to);
        retry(|| connect(fd.as_raw_fd(), &to)).call("connect")?;
        Ok(Self { fd, reading })
    }

    /// A request is shorter than any buffer.
    pub(crate) fn ask(&self, request: &[u8]) -> Outcome {
        let sent = retry(|| send(self.fd.as_raw_fd(), request, MsgFlags::MSG_NOSIGNAL));
        if sent.call("send")? < request.len() { Err("a request was cut".into()) } else { Ok(()) }
    }

    /// Waits for a whole answer.
    pub(crate) fn read_whole(&mut self, room: &mut Room) -> Outcome {
        loop {
            match self.read(room)? {
                Come::Whole(_) => return Ok(()),
                Come::Part(_) => {}
                Come::Nothing => {
                    let mut fds = [PollFd::new(self.fd.as_fd(), PollFlags::POLLIN)];
                    if retry(|| poll(&mut fds, PATIENCE)).call("poll")? == 0 {
                        return Err("an answer does not come".into());
                    }
                }
                Come::End => return Err(Wrong::End.into()),
            }
        }
    }

    /// Waits for a short answer and the end of the connection behind it, by one call.
    pub(crate) fn read_to_end(&mut self, Room(room): &mut Room) -> Outcome<usize> {
        let flags = MsgFlags::MSG_WAITALL;
        let n = retry(|| recv(self.fd.as_raw_fd(), &mut room[..SHORT], flags)).call("recv")?;
        if n == SHORT || !self.reading.take(&room[..n])? { Err(Wrong::End.into()) } else { Ok(n) }
    }

    /// Reads once, and never waits.
    pub(crate) fn read(&mut self, Room(room): &mut Room) -> Outcome<Come> {
        let mut flags = MsgFlags::MSG_DONTWAIT;
        // The kernel throws the bytes away for us (MSG_TRUNC of tcp(7)): servers are compared, and not
        // their reader's copying.
        let unseen = self.reading.unseen();
        let most = if unseen > 0 {
            flags |= MsgFlags::MSG_TRUNC;
            usize::try_from(unseen)?.min(PIECE)
        } else {
            SHORT
        };
        let n = match retry(|| recv(self.fd.as_raw_fd(), &mut room[..most], flags)) {
            Err(Errno::EAGAIN) => return Ok(Come::Nothing),
            come => come.call("recv")?,
        };
        let is_whole = match n {
            0 if self.reading.is_between() => return Ok(Come::End),
            0 => return Err(Wrong::End.into()),
            n if unseen > 0 => self.reading.skip(n as u64)?,
            n => self.reading.take(&room[..n])?,
        };
        Ok(if is_whole { Come::Whole(n) } else { Come::Part(n) })
    }
}

impl AsFd for Socket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}
