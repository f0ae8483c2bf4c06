//! A member: a client, of which the test knows what it has got and not read.

use std::io;
use std::net::UdpSocket;
use std::time::Instant;

use testkit::equal;
use testkit::exercise::{Observed as _, PATIENCE};

use super::Server;
use super::people::Words;

/// Somebody at a socket of his own.
pub struct Member<'a> {
    pub socket: UdpSocket,
    pub name: String,
    pub(super) server: &'a Server,
}

impl Member<'_> {
    pub fn sends(&self, request: &str) {
        self.sends_bytes(request.as_bytes());
    }

    pub fn sends_bytes(&self, request: &[u8]) {
        self.socket.send_to(request, self.server.address).expect("the test can send");
    }

    /// The next thing that comes is this.
    pub fn hears(&self, wanted: &str, what: &str) {
        let start = Instant::now();
        loop {
            match self.comes() {
                Ok(got) => {
                    return equal!(Words(got), Words(wanted.into()), "{what}");
                }
                Err(_) if start.elapsed() < PATIENCE && self.server.process.runs() => {}
                Err(_) => {
                    let wanted = Words(wanted.into());
                    panic!("{what}: {wanted:?} has not come. {}", self.server.place())
                }
            }
        }
    }

    /// Its login, which the server answers again, is answered next: so the server lives, it is done
    /// with all that came before, and nothing was sent to this member because of it.
    pub fn is_up_to_date(&self, what: &str) {
        self.sends(&format!("L {}", self.name));
        let name = &self.name;
        self.hears(
            "OK",
            &format!("{what}. Then {name} logs in once more, and the next thing that {name} gets"),
        );
    }

    /// Logs in until an answer comes, as a client does where datagrams are lost.
    pub fn insists(&self) {
        let start = Instant::now();
        loop {
            self.sends(&format!("L {}", self.name));
            while let Ok(got) = self.comes() {
                if got == b"OK" {
                    return;
                }
            }
            assert!(
                start.elapsed() < PATIENCE && self.server.process.runs(),
                "{} logs in again and again, as each fourth send of yours fails, and never gets an \
                 OK. {}",
                self.name,
                self.server.place()
            );
        }
    }

    /// The next datagram. Only the server's address is believed.
    pub fn comes(&self) -> io::Result<Vec<u8>> {
        let mut buffer = vec![0; 65_536];
        let (length, from) = self.socket.recv_from(&mut buffer)?;
        buffer.truncate(length);
        let server = self.server.address;
        assert!(
            from == server,
            "{:?} came to {} from {from}, and the server is {server}. Clients believe the address \
             that they have asked and no other: anybody could send them an EXIT. An answer goes \
             out by the socket that the question came in by",
            Words(buffer),
            self.name
        );
        Ok(buffer)
    }
}
