//! What clients of an echo server find out, whichever call the server waits in.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use socket2::SockRef;

use super::{Observed, PATIENCE};
use crate::{equal, peer, proc, step};

/// The buffers of a client that reads nothing.
const SMALL: usize = 64 * 1024;
/// So much may fit into two machines' buffers; whoever takes more keeps it himself.
const MOST: usize = 8 << 20;

/// A server that sends back what it gets.
///
/// All of these panic when it does not do so, with where it is now.
pub trait Echoes: Observed {
    /// Where it listens.
    fn address(&self) -> SocketAddr;

    /// How it learns that there is room again for what did not fit into a write.
    fn learns_of_room(&self) -> &'static str;

    /// A new client, which loses its patience in the end.
    #[track_caller]
    fn client(&self) -> TcpStream {
        let Ok(client) = peer::connect(self.address()) else {
            panic!("nobody listens any more where clients connect. {}", self.place());
        };
        client.set_read_timeout(Some(PATIENCE)).expect("a timeout that is not zero");
        client
    }

    /// The client says this, and gets it back.
    #[track_caller]
    fn echoes(&self, mut client: &TcpStream, text: &str, what: &str) {
        if let Err(error) = client.write_all(text.as_bytes()) {
            panic!("{what} could not be sent: {error:?}. {}", self.place());
        }
        self.hears(client, text, what);
    }

    /// The client gets this, and has not got anything else before it.
    #[track_caller]
    fn hears(&self, mut client: &TcpStream, text: &str, what: &str) {
        let mut got = Vec::new();
        while got.len() < text.len() {
            let mut bytes = vec![0; text.len() - got.len()];
            let why = match client.read(&mut bytes) {
                Ok(n @ 1..) => {
                    got.extend_from_slice(&bytes[..n]);
                    continue;
                }
                Ok(_) => "and then the end of the stream".into(),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    "and nothing more".to_owned()
                }
                Err(error) => format!("and then {error:?}"),
            };
            panic!(
                "{what}, {text:?}: {} of {} bytes came back, {why}. {}",
                got.len(),
                text.len(),
                self.place()
            );
        }
        equal!(String::from_utf8_lossy(&got), text, "{what}");
    }

    /// It ends its side as well: the client, which has ended its own, reads the end.
    #[track_caller]
    fn ends(&self, mut client: &TcpStream) {
        match client.read(&mut [0]) {
            Ok(0) => {}
            Ok(_) => panic!("more came back than was sent"),
            Err(error) => panic!(
                "A client has ended its side and got all that it was owed, and your server does not \
                 end its own: {error:?}. {}",
                self.place()
            ),
        }
    }

    /// The client sends without reading, and a new one is served meanwhile. How much was taken, and
    /// the new one.
    #[track_caller]
    fn serves_others(&self, stubborn: &TcpStream) -> (usize, TcpStream) {
        let arrived = || stubborn.peek(&mut vec![0; MOST]).ok();
        let mut sent = 0;
        loop {
            sent += self.stalls(stubborn);
            let before = arrived();
            let other = self.client();
            self.echoes(&other, "and me?", "what a client says while another one does not read");
            // A sender's kernel waits a while before it fills the last bit of a window (RFC 9293,
            // 3.8.6.2.1). A server that was caught in that may have been let go by now.
            if arrived() == before {
                return (sent, other);
            }
        }
    }

    /// The client sends without reading until no more is taken for now. How much was taken.
    #[track_caller]
    fn stalls(&self, client: &TcpStream) -> usize {
        let small = SockRef::from(client);
        small.set_recv_buffer_size(SMALL).expect("it is a socket");
        small.set_send_buffer_size(SMALL).expect("it is a socket");
        // Bytes to read, and it sleeps: that is its decision, and no pause.
        let asleep = || proc::stat(self.process().pid()).is_some_and(|stat| stat.state == 'S');
        let full = || asleep() && self.has_unread();
        let sent = match peer::stall_until(client, Duration::from_millis(300), MOST, full) {
            Ok(sent) => sent,
            Err(error) => panic!(
                "a client sends and reads nothing, and your server has closed its connection: \
                 {error:?}. That there is no room for a write now (EAGAIN, send(2)) is no failure: \
                 keep what did not fit{}. {}",
                self.learns_of_room(),
                self.place()
            ),
        };
        assert!(
            sent < MOST,
            "a client sends and reads nothing, and your server has taken 8 MiB from it. If it keeps \
             them, the next one takes all memory: whoever does not read his answers is not read from \
             either, and then TCP makes him wait (tcp(7), flow control). If it does not, they are \
             lost: a write that finds no room fails with EAGAIN, and write_all keeps nothing then"
        );
        step!("a client has sent {sent} bytes, and reads nothing");
        sent
    }
}
