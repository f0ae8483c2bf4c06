//! Three clients, in a process of their own: this one is busy serving.

use std::collections::BTreeSet;
use std::io::{self, PipeReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream, UdpSocket};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::path::PathBuf;

use cli::Outcome;
use process::{Child, Deadline};
use server::{Executor, Server, Tcp, Transport, Udp, Unix, UnixDgram};

use crate::handlers::who;

/// How a transport's clients find it and ask.
pub(crate) trait Address {
    /// Where it is.
    fn at(&self) -> syscall::Result<At>;
}

/// Where a server is, and of which kind.
pub(crate) enum At {
    Tcp(SocketAddr),
    Udp(SocketAddr),
    Unix(PathBuf),
    UnixDgram(PathBuf),
}

impl Address for Tcp {
    fn at(&self) -> syscall::Result<At> {
        self.address().map(At::Tcp)
    }
}

impl Address for Udp {
    fn at(&self) -> syscall::Result<At> {
        self.address().map(At::Udp)
    }
}

impl Address for Unix {
    fn at(&self) -> syscall::Result<At> {
        Ok(At::Unix(self.path().into()))
    }
}

impl Address for UnixDgram {
    fn at(&self) -> syscall::Result<At> {
        Ok(At::UnixDgram(self.path().into()))
    }
}

impl At {
    /// One client: asks once, and leaves when it has the answer.
    fn ask(&self) -> io::Result<String> {
        match self {
            Self::Tcp(at) => {
                let stream = TcpStream::connect(at)?;
                talk(&stream, || stream.shutdown(Shutdown::Write))
            }
            Self::Unix(path) => {
                let stream = UnixStream::connect(path)?;
                talk(&stream, || stream.shutdown(Shutdown::Write))
            }
            Self::Udp(at) => {
                let socket = UdpSocket::bind("127.0.0.1:0")?;
                socket.send_to(b"?", at)?;
                answer(|bytes| socket.recv(bytes))
            }
            Self::UnixDgram(path) => {
                // Nobody can answer a Unix datagram that comes from no address.
                let own = path.with_extension("client");
                let socket = UnixDatagram::bind(&own)?;
                socket.send_to(b"?", path)?;
                let answer = answer(|bytes| socket.recv(bytes));
                std::fs::remove_file(own)?;
                answer
            }
        }
    }
}

fn talk<S>(stream: S, end: impl Fn() -> io::Result<()>) -> io::Result<String>
where
    S: Read + Write + Copy,
{
    let (mut from, mut to) = (stream, stream);
    to.write_all(b"?")?;
    end()?;
    let mut text = String::new();
    from.read_to_string(&mut text)?;
    Ok(text)
}

fn answer(receive: impl FnOnce(&mut [u8]) -> io::Result<usize>) -> io::Result<String> {
    let mut bytes = [0; 64];
    let n = receive(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes[..n]).into_owned())
}

/// The clients' process.
pub(crate) struct Visit {
    child: Child,
    answers: PipeReader,
}

impl Visit {
    pub(crate) fn start<T, E, H>(server: &Server<T, E, H>) -> Outcome<Self>
    where
        T: Transport + Address,
        E: Executor<T, H>,
    {
        let (at, stopper) = (server.transport().at()?, server.stopper());
        let (answers, mut to) = io::pipe()?;
        let child = process::fork(move || {
            let mut all = || (0..3).try_for_each(|_| writeln!(to, "{}", at.ask()?));
            let outcome = all();
            // Also after a failure, or the server would wait for ever.
            let stopped = stopper.stop();
            i32::from(outcome.is_err() || stopped.is_err())
        })?;
        Ok(Self { child, answers })
    }

    /// What the three answers have in common, compared with the thread that asks now.
    pub(crate) fn who_answered(mut self) -> Outcome<String> {
        let text = io::read_to_string(&mut self.answers)?;
        if self.child.join(Deadline::Never)?.and_then(process::Exit::code) != Some(0) {
            return Err("a client was not served".into());
        }
        let here = who()?;
        let mine: Vec<&str> = here.split(' ').collect();
        let all: BTreeSet<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
        let (count, one) = (all.len(), all.len() == 1);
        let every = |part: usize, wanted: &str| all.iter().all(|answer| answer[part] == wanted);
        Ok(match () {
            () if every(0, mine[0]) && every(2, mine[2]) => "the thread that serves".into(),
            () if every(0, mine[0]) => {
                format!("{count} other {}", if one { "thread" } else { "threads" })
            }
            () if every(1, mine[0]) => {
                format!("{count} {}", if one { "child" } else { "children" })
            }
            () => format!("somebody else: {text}"),
        })
    }
}
