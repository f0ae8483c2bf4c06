//! One client: it asks, waits, compares, and sometimes leaves.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use cli::Outcome;
use fastrand::Rng;
use sockets::tcp::reset_on_close;

use super::kind::{Body, Exchange, Kind};
use crate::files::Files;
use crate::wire::{Wrong, content_length, head};

const PATIENCE: Duration = Duration::from_secs(30);
const PIECE: usize = 64 << 10;
/// Requests in one piece.
const PIPELINE: u64 = 8;

#[derive(Debug)]
pub(crate) struct Client<'f> {
    server: SocketAddr,
    files: &'f Files,
    random: Rng,
    /// `None` when it has left.
    stream: Option<TcpStream>,
    /// What has come and was not looked at.
    unread: Vec<u8>,
}

impl<'f> Client<'f> {
    pub(crate) fn new(server: SocketAddr, files: &'f Files, seed: u64) -> Self {
        Self { server, files, random: Rng::with_seed(seed), stream: None, unread: Vec::new() }
    }

    /// Asks once, or some times at once, but not more often than `most`.
    pub(crate) fn ask(&mut self, most: u64) -> Outcome<(Kind, u64)> {
        let kind = Kind::by_chance(&mut self.random);
        let count = match kind {
            Kind::Pipelined => self.random.u64(2..=PIPELINE).min(most),
            _ => 1,
        };
        let all: Vec<_> = (0..count).map(|_| self.exchange(kind)).collect();
        let requests: Vec<u8> = all.iter().flat_map(|one| &one.request).copied().collect();
        self.stream()?.write_all(&requests)?;
        if let Kind::Early | Kind::Reset = kind {
            self.leave(kind)?;
        } else {
            let told = |wrong| format!("{wrong} ({})", kind.name());
            all.iter().try_for_each(|one| self.compare(one)).map_err(told)?;
        }
        Ok((kind, count))
    }

    fn exchange(&mut self, kind: Kind) -> Exchange<'f> {
        const PIPELINED: [Kind; 6] =
            [Kind::Small, Kind::Range, Kind::NotModified, Kind::NotFound, Kind::Head, Kind::Post];
        let kind = match kind {
            Kind::Pipelined => PIPELINED[self.random.usize(..PIPELINED.len())],
            kind => kind,
        };
        kind.exchange(&mut self.random, self.files)
    }

    fn stream(&mut self) -> Outcome<&mut TcpStream> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.server)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            self.stream = Some(stream);
        }
        Ok(self.stream.as_mut().ok_or("no stream")?)
    }

    /// After a part of the answer, which may be the whole of it in the kernel's buffers.
    fn leave(&mut self, kind: Kind) -> Outcome {
        let Some(mut stream) = self.stream.take() else { return Ok(()) };
        let mut part = [0; 1000];
        let some = self.random.usize(..part.len());
        stream.read_exact(&mut part[..some])?;
        if kind == Kind::Reset {
            reset_on_close(&stream)?;
        }
        Ok(())
    }

    fn compare(&mut self, exchange: &Exchange<'_>) -> Outcome {
        let end = self.until(head)?;
        if self.unread.get(9..12) != Some(exchange.status) {
            return Err(Wrong::Status.into());
        }
        let length = usize::try_from(content_length(&self.unread[..end]).unwrap_or(0))?;
        let length = if matches!(exchange.body, Body::None) { 0 } else { length };
        let whole = end + length;
        self.until(|unread| (unread.len() >= whole).then_some(whole))?;
        if let Body::Is(body) = exchange.body {
            if body.len() != length {
                return Err(Wrong::Length.into());
            }
            if body != &self.unread[end..whole] {
                return Err("an answer with other bytes".into());
            }
        }
        self.unread.drain(..whole);
        Ok(())
    }

    /// Reads until that is there.
    fn until(&mut self, there: impl Fn(&[u8]) -> Option<usize>) -> Outcome<usize> {
        loop {
            if let Some(length) = there(&self.unread) {
                return Ok(length);
            }
            let begun = self.unread.len();
            self.unread.resize(begun + PIECE, 0);
            let stream = self.stream.as_mut().ok_or("no stream")?;
            let n = stream.read(&mut self.unread[begun..])?;
            self.unread.truncate(begun + n);
            if n == 0 {
                return Err(Wrong::End.into());
            }
        }
    }
}
