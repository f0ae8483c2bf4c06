//! The huge file by TCP, and the one client that reads it from every server.
//!
//! It asks, and then counts what comes until the end of the stream. The kernel throws the bytes away
//! for it (MSG_TRUNC of tcp(7)): so the servers are compared, and not their reader's copying.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::fd::AsRawFd as _;
use std::time::{Duration, Instant};

use bench::median;
use capstone_tftp::wire::{NONE, Request};
use cli::Outcome;
use nix::sys::socket::{MsgFlags, recv};
use syscall::{Context as _, retry};

use crate::daemon::{Daemon, Processors};
use crate::files::{Files, Name};
use crate::peer::{How, Peer};

/// A server, and what it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) peer: Peer,
    pub(crate) checksum: bool,
}

/// What one call counts at most.
const PIECE: usize = 1 << 20;
const PATIENCE: Duration = Duration::from_secs(10);

impl Source {
    /// All of them; ours in the model that the verdict is about also with a checksum.
    pub(crate) fn all() -> Vec<Self> {
        let plain = Peer::TCP.into_iter().map(|peer| Self { peer, checksum: false });
        let mut all: Vec<Self> = plain.collect();
        all.insert(3, Self { peer: Peer::OURS, checksum: true });
        all
    }

    pub(crate) fn text(self) -> String {
        let name = self.peer.name();
        match self {
            Self { peer: Peer::Ours(_), checksum: true } => format!("ours, {name}, checksum"),
            Self { peer: Peer::Ours(_), .. } => format!("ours, {name}"),
            _ => name.to_owned(),
        }
    }

    fn request(self) -> Vec<u8> {
        let (checksum, name) = (self.checksum, Name::Huge.text().as_bytes());
        let get = Request::Get { checksum, offset: 0, version: NONE, name };
        match self.peer.how() {
            // The end of the stream is asked for at once.
            How::Ours => [get.to_bytes(), Request::Quit.to_bytes()].concat(),
            How::Http => b"GET /huge HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".to_vec(),
            How::Tftp | How::Once => Vec::new(),
        }
    }

    /// How an answer that is one begins, and how many bytes there are besides the content.
    fn answer(self) -> (&'static [u8], std::ops::Range<u64>) {
        match self.peer.how() {
            // G, D and Q of the wire: 53, 5 or 9, and 5 bytes.
            How::Ours if self.checksum => (b"\0\0\0\x31G", 67..68),
            How::Ours => (b"\0\0\0\x31G", 63..64),
            How::Http => (b"HTTP/1.1 200 OK\r\n", 20..2000),
            How::Tftp | How::Once => (b"", 0..1),
        }
    }

    /// Millions of bytes per second, from the request to the end of the stream.
    pub(crate) fn sample(self, daemon: &mut Daemon, huge: u64) -> Outcome<f64> {
        let mut stream = daemon.connect()?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let start = Instant::now();
        stream.write_all(&self.request())?;
        let (beginning, besides) = self.answer();
        let mut first = vec![0; beginning.len()];
        stream.read_exact(&mut first)?;
        let all = first.len() as u64 + count(&stream)?;
        let wall = start.elapsed();
        if first != beginning || !all.checked_sub(huge).is_some_and(|more| besides.contains(&more))
        {
            return Err(format!("{}: {all} bytes came of {huge}", self.text()).into());
        }
        Ok(f64::from(u32::try_from(huge >> 10)?) * 1024.0 / 1e6 / wall.as_secs_f64())
    }
}

fn count(stream: &TcpStream) -> Outcome<u64> {
    let (mut nobody_writes_here, mut all) = (vec![0; PIECE], 0);
    loop {
        let fd = stream.as_raw_fd();
        let come = retry(|| recv(fd, &mut nobody_writes_here, MsgFlags::MSG_TRUNC));
        match come.call("recv")? {
            0 => return Ok(all),
            come => all += come as u64,
        }
    }
}

/// A server that runs, and what was measured of it.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) source: Source,
    daemon: Option<Daemon>,
    pub(crate) rates: Vec<f64>,
}

impl Row {
    pub(crate) fn open(source: Source, files: &Files, processors: Processors) -> Outcome<Self> {
        let daemon = Some(Daemon::start(source.peer, files, processors)?);
        let mut row = Self { source, daemon, rates: Vec::new() };
        // The first one brings the file into memory.
        row.sample(files, processors)?;
        row.rates.clear();
        Ok(row)
    }

    pub(crate) fn sample(&mut self, files: &Files, processors: Processors) -> Outcome {
        // One that serves once is started for each.
        let running = self.daemon.take().filter(|_| self.source.peer.how() != How::Once);
        let start = || Daemon::start(self.source.peer, files, processors);
        let mut daemon = running.map_or_else(start, Ok)?;
        self.rates.push(self.source.sample(&mut daemon, files.huge)?);
        self.daemon = Some(daemon);
        Ok(())
    }

    /// The median of the ratios within each repetition; NaN where there is nothing to compare with.
    pub(crate) fn times(&self, than: &Self) -> f64 {
        median(self.rates.iter().zip(&than.rates).map(|(ours, its)| ours / its))
    }
}
