//! A member: a socket, and what was heard there.

use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use cli::Outcome;
use nix::sys::socket::{setsockopt, sockopt};
use syscall::Context as _;

use crate::inbox::Take;
use crate::script::name;

/// For two thousand datagrams and more, as the kernel counts them. More than rmem_max allows is
/// root's privilege; then rmem_max is what there is.
const BUFFER: usize = 4 << 20;
/// The smallest that the kernel gives.
const SMALLEST: usize = 1;
/// How a member behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conduct {
    /// Reads everything.
    Reads,
    /// Never reads, and has the smallest buffer that there is.
    Sleeps,
    /// Has gone without a word: its port is closed, and the kernel says so to the server.
    Dead,
}

#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) conduct: Conduct,
    /// `None`: dead.
    pub(crate) socket: Option<UdpSocket>,
    pub(crate) heard: usize,
    /// The next message that may come.
    pub(crate) next: usize,
}

/// What readers have got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) due: usize,
    pub(crate) heard: usize,
    /// Out of order, twice, or nothing that was said.
    pub(crate) wrong: usize,
}

impl Tally {
    pub(crate) fn lost(&self) -> usize {
        self.due.saturating_sub(self.heard)
    }

    /// What was heard, to divide by.
    pub(crate) fn deliveries(&self) -> f64 {
        f64::from(u32::try_from(self.heard).unwrap_or(u32::MAX))
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.due += other.due;
        self.heard += other.heard;
        self.wrong += other.wrong;
    }
}

impl Member {
    /// Logs in under the name that belongs to the number.
    pub(crate) fn log_in(
        server: SocketAddr,
        number: usize,
        conduct: Conduct,
        take: Take,
    ) -> Outcome<Self> {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.connect(server)?;
        if conduct == Conduct::Sleeps {
            setsockopt(&socket, sockopt::RcvBuf, &SMALLEST).call("SO_RCVBUF")?;
        } else if setsockopt(&socket, sockopt::RcvBufForce, &BUFFER).is_err() {
            setsockopt(&socket, sockopt::RcvBuf, &BUFFER).call("SO_RCVBUF")?;
        }
        setsockopt(&socket, sockopt::UdpGroSegment, &(take == Take::Whole)).call("UDP_GRO")?;
        socket.set_read_timeout(Some(Duration::from_secs(30)))?;
        socket.send(format!("L {}", name(number)).as_bytes())?;
        let mut answer = [0; 64];
        let length = socket.recv(&mut answer)?;
        if &answer[..length] != b"OK" {
            return Err("a login was refused".into());
        }
        Ok(Self { conduct, socket: Some(socket), heard: 0, next: 0 })
    }
}
