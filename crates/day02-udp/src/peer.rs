//! The server and the client.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use cli::Outcome;

use crate::say;

/// The largest payload of a UDP datagram over IPv4: 65535 less 20 bytes of IP and 8 of UDP header.
pub(crate) const LARGEST: usize = 65_507;

/// Answers everybody, until it has answered `last`; without one, for ever. It does not count: a
/// client that got no answer in time asks again.
pub(crate) fn serve(socket: &UdpSocket, last: Option<&str>) -> Outcome {
    // Room for the largest one: what does not fit into the buffer is lost.
    let mut room = vec![0; LARGEST];
    loop {
        // The data and its sender come together: there is no connection that would know.
        let (n, from) = match socket.recv_from(&mut room) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            came => came?,
        };
        let text = String::from_utf8_lossy(&room[..n]);
        if last.is_none() {
            // {:?} escapes what a stranger might do to our terminal.
            say(&format!("{from}: {n} bytes, {text:?}"))?;
        }
        // format! builds a string as Python's format() does, but the compiler checks that each
        // pair of braces has its value.
        let answer = format!("{n} bytes: {text}");
        // The answer is longer than the question: to the largest ones it does not fit and fails
        // with EMSGSIZE. That is this client's trouble, and no reason for a server to end.
        if let Err(error) = socket.send_to(answer.as_bytes(), from) {
            say(&format!("no answer to {from}: {error}"))?;
        }
        if last == Some(&*text) {
            return Ok(());
        }
    }
}

/// How long to wait for an answer, and how many times to ask.
const PATIENCE: Duration = Duration::from_secs(1);
const TRIES: usize = 3;

/// Sends a question and waits for its answer. A datagram may get lost on either way, so whoever
/// wants an answer has to ask again.
pub(crate) fn ask(servers: &[SocketAddr], question: &[u8]) -> Outcome<Vec<u8>> {
    let mut last = String::from("no address to ask");
    for &server in servers {
        match ask_one(server, question) {
            Ok(answer) => return Ok(answer),
            Err(error) => last = format!("{server}: {error}"),
        }
    }
    Err(last.into())
}

fn ask_one(server: SocketAddr, question: &[u8]) -> io::Result<Vec<u8>> {
    // A client needs a port as well; Python binds it at the first send, std wants it said. Port 0:
    // any free one. And the address family of the server.
    let any = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket: UdpSocket = UdpSocket::bind::<SocketAddr>(any)?;
    // Only this peer, and its "port unreachable": see connected.rs.
    socket.connect(server)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let mut room = vec![0; LARGEST];
    for _ in 0..TRIES {
        socket.send(question)?;
        match socket.recv(&mut room) {
            Ok(n) => return Ok(room[..n].to_vec()),
            Err(error)
                if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(ErrorKind::TimedOut, format!("asked {TRIES} times, no answer")))
}
