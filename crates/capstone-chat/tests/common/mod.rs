//! A server, and members who know every byte that they are owed.

#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a panic is a failed test")]

use std::collections::HashMap;
use std::net::{SocketAddr, UdpSocket};

use nix::sys::signal::Signal;
use testkit::{LIMIT, Program, Running, until};

pub(crate) const CHAT: &str = env!("CARGO_BIN_EXE_capstone-chat");

/// A server that can be reached.
pub(crate) struct Server {
    pub(crate) running: Running,
    pub(crate) address: SocketAddr,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(&["--log", "warn"])
    }

    pub(crate) fn with(options: &[&str]) -> Self {
        Self::of(Program::new(CHAT).args(["server", "127.0.0.1:0"]).args(options).stdin_pipe())
    }

    pub(crate) fn of(program: Program) -> Self {
        let mut running = program.spawn();
        let address = running.addr();
        Self { running, address }
    }

    /// The numbers that it tells when it is sent SIGUSR1.
    pub(crate) fn statistics(&self) -> Statistics {
        let told = |text: &str| text.matches("event=statistics").count();
        let before = told(&self.running.stderr());
        self.running.signal(Signal::SIGUSR1);
        until("the server tells its statistics", || {
            let text = self.running.stderr();
            let line = text.lines().filter(|line| line.contains("event=statistics")).nth(before)?;
            Some(Statistics::read(line))
        })
    }

    /// Ends it, and gives the numbers that it has told at its end.
    #[track_caller]
    pub(crate) fn end(self) -> Statistics {
        self.running.signal(Signal::SIGTERM);
        let finished = self.running.wait();
        assert!(finished.status.success(), "{finished:#?}");
        let line = finished.stderr.lines().find(|line| line.contains("event=end"));
        Statistics::read(line.unwrap_or_else(|| panic!("{finished:#?}")))
    }
}

/// `key=number` pairs out of a line of the log.
#[derive(Debug)]
pub(crate) struct Statistics(HashMap<String, u64>);

impl Statistics {
    pub(crate) fn read(line: &str) -> Self {
        let pairs = line.split_whitespace().filter_map(|pair| pair.split_once('='));
        let numbers = pairs.filter_map(|(key, number)| Some((key.into(), number.parse().ok()?)));
        Self(numbers.collect())
    }

    #[track_caller]
    pub(crate) fn get(&self, key: &str) -> u64 {
        *self.0.get(key).unwrap_or_else(|| panic!("no {key} in {self:?}"))
    }

    /// What is not there was counted zero times.
    #[track_caller]
    pub(crate) fn are(&self, wanted: &[(&str, u64)]) {
        for &(key, number) in wanted {
            assert_eq!(self.0.get(key).copied().unwrap_or(0), number, "{key} in {self:?}");
        }
    }

    /// The sum of these.
    pub(crate) fn sum(&self, keys: &[&str]) -> u64 {
        keys.iter().map(|key| self.get(key)).sum()
    }
}

/// Somebody with a socket.
pub(crate) struct Peer {
    pub(crate) socket: UdpSocket,
    pub(crate) name: String,
}

impl Peer {
    /// A stranger: nobody has logged in.
    pub(crate) fn of(server: SocketAddr) -> Self {
        let any = if server.is_ipv4() { "127.0.0.1:0" } else { "[::1]:0" };
        let socket = UdpSocket::bind(any).unwrap();
        socket.connect(server).unwrap();
        socket.set_read_timeout(Some(LIMIT)).unwrap();
        Self { socket, name: String::new() }
    }

    /// A member. Those who are there already hear of it.
    #[track_caller]
    pub(crate) fn login(server: SocketAddr, name: &str) -> Self {
        let peer = Self { name: name.into(), ..Self::of(server) };
        peer.ping();
        peer
    }

    /// Members with these names. What they have heard of each other is taken off.
    #[track_caller]
    pub(crate) fn all<const N: usize>(server: SocketAddr, names: [&str; N]) -> [Self; N] {
        let all = names.map(|name| Self::login(server, name));
        for (at, member) in all.iter().enumerate() {
            for later in &names[at + 1..] {
                member.hears(format!("\n欢迎 {later} 进入聊天室"));
            }
        }
        all
    }

    pub(crate) fn sends(&self, datagram: impl AsRef<[u8]>) {
        self.socket.send(datagram.as_ref()).unwrap();
    }

    pub(crate) fn says(&self, text: &str) {
        self.sends(format!("C {} {text}", self.name));
    }

    /// The next datagram.
    #[track_caller]
    pub(crate) fn hears_any(&self) -> Vec<u8> {
        let mut bytes = vec![0; 65_536];
        let length = self.socket.recv(&mut bytes).unwrap_or_else(|error| {
            panic!("{} hears nothing: {error}", self.name);
        });
        bytes.truncate(length);
        bytes
    }

    /// The next datagram is this.
    #[track_caller]
    pub(crate) fn hears(&self, wanted: impl AsRef<[u8]>) {
        let (got, wanted) = (self.hears_any(), wanted.as_ref());
        let show = |bytes| String::from_utf8_lossy(bytes).into_owned();
        assert!(got == wanted, "{} hears {:?}, not {:?}", self.name, show(&got), show(wanted));
    }

    /// Logs in once more: after the answer, the server has seen all that was sent before, and
    /// nothing of it has come back.
    #[track_caller]
    pub(crate) fn ping(&self) {
        self.sends(format!("L {}", self.name));
        self.hears("OK");
    }

    /// Nothing has come that was not heard yet. What was done before the answer was asked for would
    /// come before the answer. A stranger knows only that nothing has come so far.
    #[track_caller]
    pub(crate) fn has_heard_all(&self) {
        if !self.name.is_empty() {
            self.ping();
        }
        self.socket.set_nonblocking(true).unwrap();
        let got = self.socket.recv(&mut [0; 2048]);
        self.socket.set_nonblocking(false).unwrap();
        assert!(got.is_err(), "{} was sent something", self.name);
    }
}
