//! The clients: outside of the tracer, all at once, and each knows what it is owed.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use crate::peer;
use crate::program::Program;

/// How many there are.
pub(super) const CLIENTS: u32 = 20;
/// What an echo is made of, in bytes: two of these.
const HALF: u32 = 200;
/// Lines that each client has logged.
const LINES: u32 = 60;
/// A client that is turned away so often gives up.
const ATTEMPTS: u32 = 10;

/// What clients and server say to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Talk {
    /// What is sent comes back.
    Echo,
    /// Lines are appended to a file, after a greeting.
    Lines,
    /// Requests and answers of HTTP/1.1.
    Web,
}

/// All clients of one server.
pub(super) struct Scene {
    talk: Talk,
    /// Where the lines go.
    log: PathBuf,
}

impl Scene {
    pub(super) fn new(talk: Talk) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let log = format!("nine-days-faults-{}-{n}", std::process::id());
        Self { talk, log: std::env::temp_dir().join(log) }
    }

    /// The server's arguments.
    pub(super) fn args(&self, role: &str) -> Vec<String> {
        let mut args = vec![role.into(), "127.0.0.1:0".into()];
        if self.talk == Talk::Lines {
            args.push(self.log.display().to_string());
        }
        args
    }

    /// What each client is owed: what it sends, or what the server answers without faults.
    pub(super) fn expected(&self, plain: impl FnOnce() -> Program) -> Vec<Vec<u8>> {
        match self.talk {
            Talk::Echo => (0..CLIENTS).map(message).collect(),
            Talk::Lines => vec![b"lines, please\n".into(); CLIENTS as usize],
            Talk::Web => {
                let answer = web(plain().spawn().addr()).unwrap();
                assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"), "{}", answer.escape_ascii());
                vec![answer; CLIENTS as usize]
            }
        }
    }

    /// All of them at once. Gives how often one was turned away before it was served.
    ///
    /// # Errors
    /// A sentence: who got what instead of what.
    pub(super) fn play(&self, server: SocketAddr, expected: &[Vec<u8>]) -> Result<u32, String> {
        let turned_away = AtomicU32::new(0);
        let all: Result<Vec<()>, String> = thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .zip(expected)
                .map(|(n, expected)| {
                    let turned_away = &turned_away;
                    scope.spawn(move || self.client(server, n, expected, turned_away))
                })
                .collect();
            clients.into_iter().map(|client| client.join().unwrap()).collect()
        });
        all?;
        if self.talk == Talk::Lines {
            self.check_log()?;
        }
        Ok(turned_away.into_inner())
    }

    fn client(
        &self,
        server: SocketAddr,
        n: u32,
        expected: &[u8],
        turned_away: &AtomicU32,
    ) -> Result<(), String> {
        for _ in 0..ATTEMPTS {
            let got = match self.talk {
                Talk::Echo => echo(server, expected),
                Talk::Lines => lines(server, n),
                Talk::Web => web(server),
            };
            match got {
                Ok(got) if got == expected => return Ok(()),
                // Not a byte, then the end: it may come again.
                Ok(got) if got.is_empty() => {}
                Err(error) if is_end(&error) => {}
                Ok(got) => {
                    let same = got.iter().zip(expected).take_while(|(a, b)| a == b).count();
                    let (got, owed) = (got.len(), expected.len());
                    return Err(format!("client {n} got {got} bytes of {owed}, {same} are right"));
                }
                Err(error) => return Err(format!("client {n}: {error}")),
            }
            turned_away.fetch_add(1, Ordering::Relaxed);
        }
        Err(format!("client {n} was turned away {ATTEMPTS} times"))
    }

    /// Every line of everybody, whole, once, and in its order.
    fn check_log(&self) -> Result<(), String> {
        let text = std::fs::read_to_string(&self.log).map_err(|error| error.to_string())?;
        let texts: Vec<&str> = text.lines().filter_map(|line| line.split(": ").nth(1)).collect();
        for n in 0..CLIENTS {
            let start = format!("client {n} ");
            let own = texts.iter().filter(|text| text.starts_with(&start)).copied();
            if !own.eq((0..LINES).map(|line| text_of(n, line))) {
                return Err(format!("the lines of client {n} are not what it has sent"));
            }
        }
        let (all, sent) = (text.lines().count(), CLIENTS * LINES);
        if all == sent as usize { Ok(()) } else { Err(format!("{all} lines of {sent}")) }
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        // It is there for one kind of server only.
        let _ = std::fs::remove_file(&self.log);
    }
}

/// Different for each client, and nowhere the same as a few bytes before.
fn message(client: u32) -> Vec<u8> {
    let mut state = client.wrapping_mul(2_654_435_761).wrapping_add(1);
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_le_bytes()[3]
    };
    (0..2 * HALF).map(next).collect()
}

fn text_of(client: u32, line: u32) -> String {
    format!("client {client} line {line}")
}

/// A question and its answer; then another one, after which the client ends its side.
fn echo(server: SocketAddr, message: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = peer::connect(server)?;
    let (first, second) = message.split_at(message.len() / 2);
    let mut got = peer::ask(&stream, first)?;
    stream.write_all(second)?;
    got.extend(peer::half_close(&stream)?);
    Ok(got)
}

/// Lines, in pieces that have nothing to do with them. The end comes when all are logged.
fn lines(server: SocketAddr, client: u32) -> io::Result<Vec<u8>> {
    let mut stream = peer::connect(server)?;
    let text: String = (0..LINES).map(|line| text_of(client, line) + "\n").collect();
    for piece in text.as_bytes().chunks(100) {
        stream.write_all(piece)?;
    }
    peer::half_close(&stream)
}

/// Three requests in one connection, two of them in one write.
fn web(server: SocketAddr) -> io::Result<Vec<u8>> {
    let mut stream = peer::connect(server)?;
    let get = |path: &str, rest: &str| format!("GET {path} HTTP/1.1\r\nHost: x\r\n{rest}\r\n");
    stream.write_all((get("/hello", "") + &get("/", "")).as_bytes())?;
    stream.write_all(get("/hello", "Connection: close\r\n").as_bytes())?;
    stream.shutdown(Shutdown::Write)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

/// The server has closed the connection before it had taken what was sent.
fn is_end(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, NotConnected, UnexpectedEof};
    matches!(error.kind(), UnexpectedEof | ConnectionReset | BrokenPipe | NotConnected)
}
