//! The client, one system call after the other: socket, connect, send, recv, close.

use std::io::{self, BufRead as _, Read as _, Write as _};
use std::net::SocketAddr;

use cli::Outcome;
use socket2::{Domain, Protocol, Socket, Type};
use syscall::{Context as _, retry};

use crate::lines::Lines;
use crate::server::send_all;

/// A connection, and what has come from it and is no whole line yet.
pub(crate) struct Client {
    socket: Socket,
    lines: Lines,
}

impl Client {
    pub(crate) fn connect(server: SocketAddr) -> Outcome<Self> {
        // Family and kind must be those of the server.
        let socket = Socket::new(Domain::for_address(server), Type::STREAM, Some(Protocol::TCP))?;
        // No bind: connect takes a free port by itself. It comes back when the handshake is done,
        // which does not mean that the server's program has called accept.
        socket.connect(&server.into()).call_on("connect", server)?;
        Ok(Self { socket, lines: Lines::default() })
    }

    /// Tries one address after the other: a name may have several.
    pub(crate) fn connect_any(servers: &[SocketAddr]) -> Outcome<Self> {
        let mut outcome = Err("there is no address to connect to".into());
        for &server in servers {
            outcome = Self::connect(server);
            if outcome.is_ok() {
                break;
            }
        }
        outcome
    }

    pub(crate) fn send(&self, bytes: &[u8]) -> io::Result<()> {
        send_all(&self.socket, bytes)
    }

    /// The next line from the server; None at the end of the stream.
    pub(crate) fn line(&mut self) -> Outcome<Option<Vec<u8>>> {
        let mut bytes = [0; 4096];
        loop {
            if let Some(line) = self.lines.next()? {
                return Ok(Some(line));
            }
            match retry(|| (&self.socket).read(&mut bytes))? {
                0 => return Ok(None),
                n => self.lines.push(&bytes[..n]),
            }
        }
    }
}

/// Sends a line of the terminal, waits for the answer, and so on. Sends and receives must match on
/// both sides: if both waited in recv, they would wait for ever, and no compiler would say so.
pub(crate) fn talk(mut client: Client) -> Outcome {
    let mut out = io::stdout();
    let mut input = io::stdin().lock();
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        if line.last() != Some(&b'\n') {
            line.push(b'\n');
        }
        client.send(&line)?;
        let farewell = line.trim_ascii_end() == b"##" && line.starts_with(b"##");
        line.clear();
        match client.line()? {
            Some(answer) => {
                out.write_all(&[&answer, &b"\n"[..]].concat())?;
                out.flush()?;
            }
            // After ## the answer is the end: both sides have ended.
            None if farewell => return Ok(()),
            None => return Err("the server has closed the connection".into()),
        }
    }
    // close sends the end of our stream, if that is not known to the server yet.
    Ok(())
}
