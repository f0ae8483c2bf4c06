//! The two sides of the learner's: his server beside the test, and what its clients find out; a
//! server for his client.

use std::fmt;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use hash_quit::serve;
use testkit::exercise::{Beside, beside};
use testkit::{equal, peer, step};

/// The learner's server. It is the only one that holds the listener.
pub fn server() -> (Beside, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let own = listener.try_clone().unwrap();
    let server = beside(move || serve(own));
    drop(listener);
    (server, address)
}

#[track_caller]
pub fn connect(address: SocketAddr) -> TcpStream {
    match peer::connect(address) {
        Ok(client) => client,
        Err(error) => panic!("nobody accepts the first client: {error:?}"),
    }
}

/// After a client that has left in the way of `how`.
#[track_caller]
pub fn connect_next(address: SocketAddr, server: &Beside, how: &str) -> TcpStream {
    match peer::connect(address) {
        Ok(client) => client,
        Err(error) => unserved(server, how, &error),
    }
}

#[track_caller]
pub fn unserved(server: &Beside, how: &str, error: &io::Error) -> ! {
    // Only for the words: a process that ends may need a moment for it.
    let patience = Instant::now() + Duration::from_secs(2);
    while server.runs() && Instant::now() < patience {
        thread::yield_now();
    }
    let end = if server.runs() { "" } else { " The process of your server has ended." };
    panic!(
        "after a client that {how}, the next one is not served: {error:?}.{end} accept(2) gives a \
         socket for one client. What happens on it, a farewell, an end, an error, is the end of \
         that conversation; the listener, and whoever accepts, live on"
    )
}

#[track_caller]
pub fn send(mut client: &TcpStream, text: impl AsRef<[u8]>) {
    // A server that has closed already is found out when its answer is read.
    let _ = client.write_all(text.as_ref());
}

#[track_caller]
pub fn echoed(client: &TcpStream, line: &[u8], why: &str) {
    send(client, line);
    answered(client, line, why);
}

/// That these bytes are what comes next.
#[track_caller]
pub fn answered(mut client: &TcpStream, wanted: &[u8], why: &str) {
    let mut got = Vec::new();
    while got.len() < wanted.len() {
        let mut bytes = vec![0; wanted.len() - got.len()];
        match client.read(&mut bytes) {
            Ok(n @ 1..) => got.extend_from_slice(&bytes[..n]),
            end => {
                let end = end.map_or_else(|error| format!("{error:?}"), |_| "the end".into());
                panic!(
                    "the server ended the conversation: the client waited for {:?}, and recv(2) \
                     gave {:?} and then {end}. It had sent {why}",
                    text(wanted),
                    text(&got)
                );
            }
        }
        if !wanted.starts_with(&got) {
            break;
        }
    }
    equal!(text(&got), text(wanted), "what came back. The client had sent {why}");
}

/// That the end is what comes next.
#[track_caller]
pub fn ended(mut client: &TcpStream, why: &str) {
    let mut bytes = [0; 256];
    match client.read(&mut bytes) {
        Ok(0) => {}
        Ok(n) => {
            panic!("the server answered {:?} where it should have closed: {why}", text(&bytes[..n]))
        }
        Err(error) => panic!(
            "the conversation ended with {error:?} where it should have ended in order: {why}. A \
             close(2) with bytes that were not read sends a RST (tcp(7))"
        ),
    }
}

/// A server of the test's own. It answers so many lines, each in two pieces, and then closes its
/// direction, as it does at the farewell. Gives all that has come, also after that.
pub fn answers(mut most: usize) -> (JoinHandle<Vec<u8>>, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || {
        let mut client = listener.accept().unwrap().0;
        let mut lines = BufReader::new(client.try_clone().unwrap());
        let (mut all, mut line) = (Vec::new(), Vec::new());
        loop {
            // A client that is gone or has crashed: what it has done wrong is seen elsewhere.
            let piece = lines.fill_buf().unwrap_or_default();
            let length =
                piece.iter().position(|&byte| byte == b'\n').map_or(piece.len(), |at| at + 1);
            if length == 0 {
                return all;
            }
            line.extend_from_slice(&piece[..length]);
            all.extend_from_slice(&piece[..length]);
            lines.consume(length);
            if !line.ends_with(b"\n") {
                step!("the server has got {:?}, and waits for the newline", text(&line));
                continue;
            }
            step!("the server has got {:?}", text(&line));
            if line == b"##\n" || most == 0 {
                break;
            }
            most -= 1;
            let (first, second) = line.split_at(line.len() / 2);
            for piece in [first, second] {
                let _ = client.write_all(piece);
                peer::until_read(&client);
            }
            line.clear();
        }
        let _ = client.shutdown(Shutdown::Write);
        let _ = lines.read_to_end(&mut all);
        all
    });
    (server, address)
}

/// Bytes, for people.
#[derive(PartialEq)]
pub struct Bytes(Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

pub fn text(bytes: impl AsRef<[u8]>) -> Bytes {
    Bytes(bytes.as_ref().into())
}
