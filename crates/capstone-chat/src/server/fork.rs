//! The administrator as the course's notes design it: a child reads his lines and sends them to the
//! server's own port, so that the parent waits for one thing only.
//!
//! There, the child sends `C 管理员 line`, and so may everybody else. Here a line is believed when it
//! comes from the child's socket and begins with a key of random bytes that the two have shared
//! since before the fork; nobody else has ever seen it. A datagram without it is one like any other.
//!
//! What stays is the design's own price: a datagram. When the server's receive buffer is full, the
//! line is lost like any other.

use std::fs::File;
use std::io::{self, Read as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::os::fd::AsFd as _;

use cli::Outcome;
use multiplex::{Backend, Deadline, Interest, LineSource, Poller, Token, Trigger};
use nix::sys::signal::Signal;
use process::signals::Disposition;
use process::{Exit, Process, Started};
use sockets::udp;

use super::admin::{Line, take_lines};

type Key = [u8; 32];

/// The child, and how its datagrams are known.
#[derive(Debug)]
pub(super) struct Child {
    /// Until it has ended. What it has sent before may still be on its way then, so the rest stays.
    process: Option<Started>,
    key: Key,
    address: SocketAddr,
}

impl Child {
    /// Starts it; it ends with its parent, whatever the parent ends of.
    pub(super) fn start(server: &UdpSocket, longest: usize) -> Outcome<Self> {
        let mut key = Key::default();
        File::open("/dev/urandom")?.read_exact(&mut key)?;
        let socket = udp::Bind::new().connected_to(reachable(server.local_addr()?))?;
        let address = socket.local_addr()?;
        let work = move || i32::from(send_lines(&socket, &key, longest).is_err());
        let process = Process::new(work).name("administrator").daemon(true).start()?;
        Ok(Self { process: Some(process), key, address })
    }

    /// The administrator's line, when this datagram is one.
    pub(super) fn line<'a>(&self, datagram: &'a [u8], from: SocketAddr) -> Option<&'a str> {
        let line = datagram.strip_prefix(&self.key)?;
        (from == self.address).then(|| str::from_utf8(line).ok()).flatten()
    }

    /// Its end will be reported.
    pub(super) fn watched_by(&self, poller: &mut dyn Poller, token: Token) -> Outcome {
        if let Some(process) = &self.process {
            let process = process.as_fd();
            poller.register(process, token, Interest::READABLE, Trigger::Level)?;
        }
        Ok(())
    }

    /// How it has ended, when it has.
    pub(super) fn bury(&mut self, poller: &mut dyn Poller) -> Outcome<Option<Exit>> {
        let Some(process) = &mut self.process else { return Ok(None) };
        let Some(exit) = process.join(Deadline::Now)? else { return Ok(None) };
        poller.remove(process.as_fd())?;
        self.process = None;
        Ok(Some(exit))
    }
}

/// All that the child does.
fn send_lines(server: &UdpSocket, key: &Key, longest: usize) -> Outcome {
    // Ctrl-C is for the whole foreground group of a terminal. The parent decides what it means.
    let _keyboard = Disposition::ignore(Signal::SIGINT)?;
    let mut poller = Backend::Poll.open()?;
    let mut input = LineSource::new(io::stdin(), longest);
    input.register(poller.as_mut(), Token(0))?;
    let (mut events, mut bytes, mut sent) = (Vec::new(), Vec::new(), Ok(0));
    loop {
        poller.wait(&mut events, Deadline::Never)?;
        let ended = take_lines(&mut input, &mut |line| {
            if let Line::Text(line) = line {
                bytes.clear();
                bytes.extend_from_slice(key);
                bytes.extend_from_slice(line.as_bytes());
                sent = server.send(&bytes);
            }
        });
        // ECONNREFUSED: the server has gone, and the kernel is about to end us.
        if ended || sent.is_err() {
            return Ok(());
        }
    }
}

/// An address of this machine at which a server on this one hears.
fn reachable(mut server: SocketAddr) -> SocketAddr {
    match server.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => server.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => server.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    server
}
