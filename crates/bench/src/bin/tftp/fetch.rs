//! The one client that all servers of TFTP are measured by: our state machine, a socket, and nowhere
//! to write to.
//!
//! It takes several datagrams by one call where a server has sent them by one (UDP_GRO of udp(7)), and
//! answers at once. Nothing it does depends on who the server is.

use std::io::ErrorKind;
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use capstone_tftp::tftp::packet::{HEADER, Mode};
use capstone_tftp::tftp::{End, Receiver, Taken, Timing};
use cli::Outcome;
use nix::sys::socket::{setsockopt, sockopt};
use syscall::{Context as _, retry};

use crate::case::Ask;
use crate::files::Name;

/// For a window of 64 of the largest blocks, as the kernel counts them. More than rmem_max allows is
/// root's privilege; then rmem_max is what there is.
const BUFFER: usize = 16 << 20;
/// More than any datagram has, or several by one call.
pub(crate) const ROOM: usize = 1 << 16;
/// How long one wait is; then the clock is looked at.
pub(crate) const TICK: Duration = Duration::from_millis(100);
/// A server that says nothing for so long says nothing more.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// One read that is under way.
#[derive(Debug)]
pub(crate) struct Fetch<'a> {
    receiver: Receiver,
    pub(crate) socket: UdpSocket,
    server: SocketAddr,
    /// To the server's end of this transfer, once it is known.
    connected: bool,
    content: &'a [u8],
    bytes: usize,
    /// Each byte is compared, and not only their number.
    thorough: bool,
    ask: Ask,
    /// How often nothing came, and it was asked again.
    pub(crate) repeats: usize,
}

impl<'a> Fetch<'a> {
    /// Sends the request.
    pub(crate) fn begin(
        server: SocketAddr,
        name: Name,
        ask: Ask,
        content: &'a [u8],
    ) -> Outcome<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        setsockopt(&socket, sockopt::UdpGroSegment, &true).call("UDP_GRO")?;
        if setsockopt(&socket, sockopt::RcvBufForce, &BUFFER).is_err() {
            setsockopt(&socket, sockopt::RcvBuf, &BUFFER).call("SO_RCVBUF")?;
        }
        let (options, timing) = (ask.options(), Timing::default());
        let receiver = Receiver::ask(name.text().as_bytes(), Mode::Octet, &options, timing)?;
        let (connected, bytes, thorough, repeats) = (false, 0, false, 0);
        let mut fetch =
            Self { receiver, socket, server, connected, content, bytes, thorough, ask, repeats };
        fetch.speak()?;
        Ok(fetch)
    }

    /// Compares each byte.
    pub(crate) fn thorough(self) -> Self {
        Self { thorough: true, ..self }
    }

    /// Reads to the end; gives up after so much silence.
    pub(crate) fn alone(mut self, patience: Duration) -> Outcome<Self> {
        self.socket.set_read_timeout(Some(TICK.min(patience)))?;
        let (mut room, mut last) = (vec![0; ROOM], Instant::now());
        while !self.is_done()? {
            if self.take(&mut room)? {
                last = Instant::now();
            } else if last.elapsed() >= patience {
                return Err("it does not answer".into());
            } else {
                self.look_at_the_clock(Instant::now())?;
            }
        }
        Ok(self)
    }

    /// What one call brings; false when that is nothing.
    pub(crate) fn take(&mut self, room: &mut [u8]) -> Outcome<bool> {
        let came = retry(|| {
            if self.connected {
                self.socket.recv(room).map(|length| (length, self.server))
            } else {
                self.socket.recv_from(room)
            }
        });
        let (length, from) = match came {
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            came => came?,
        };
        let now = Instant::now();
        // Several came by one call only if they are DATA; the last may be shorter.
        let each = HEADER + usize::from(self.receiver.agreed().blksize);
        for datagram in room[..length].chunks(each) {
            match self.receiver.receive(datagram, now) {
                Taken::Nothing => {}
                Taken::Bytes(bytes) => self.keep(bytes)?,
                Taken::Last(bytes) => {
                    self.keep(bytes)?;
                    self.receiver.stored(now);
                }
            }
        }
        if !self.connected && self.receiver.opened() {
            self.socket.connect(from)?;
            self.connected = true;
        }
        self.speak()?;
        Ok(true)
    }

    fn keep(&mut self, bytes: &[u8]) -> Outcome {
        let place = self.bytes..self.bytes + bytes.len();
        if self.thorough && self.content.get(place) != Some(bytes) {
            return Err("it sends other bytes than the file's".into());
        }
        self.bytes += bytes.len();
        Ok(())
    }

    /// Asks again when it is time.
    pub(crate) fn look_at_the_clock(&mut self, now: Instant) -> Outcome {
        self.receiver.expire(now);
        self.repeats += usize::from(self.receiver.unsent().is_some());
        self.speak()
    }

    fn speak(&mut self) -> Outcome {
        while let Some(batch) = self.receiver.unsent() {
            if self.connected {
                self.socket.send(batch.bytes)?;
            } else {
                self.socket.send_to(batch.bytes, self.server)?;
            }
            self.receiver.sent(Instant::now());
        }
        Ok(())
    }

    pub(crate) fn is_done(&self) -> Outcome<bool> {
        match self.receiver.end() {
            None => Ok(false),
            Some(End::Done) if self.bytes != self.content.len() => {
                Err(format!("{} bytes came of {}", self.bytes, self.content.len()).into())
            }
            Some(End::Done) => self.ask.granted(self.receiver.agreed()).map(|()| true),
            Some(end) => Err(end.to_string().into()),
        }
    }
}
