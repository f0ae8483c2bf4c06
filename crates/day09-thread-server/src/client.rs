//! A client of the lesson, and what it can see of the server from outside.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use cli::Outcome;
use nix::unistd::Pid;
use process::procfs::{self, Stat};
use socket2::{Domain, Socket, Type};
use sockets::tcp;

pub(crate) struct Client(BufReader<TcpStream>);

impl Client {
    pub(crate) fn connect(server: SocketAddr) -> Outcome<Self> {
        Ok(Self(BufReader::new(tcp::Connect::new().to(server)?)))
    }

    /// One that takes little at a time: before connect, so that the handshake promises no more.
    pub(crate) fn with_small_buffers(server: SocketAddr) -> Outcome<Self> {
        let socket = Socket::new(Domain::for_address(server), Type::STREAM, None)?;
        socket.set_recv_buffer_size(4096)?;
        socket.connect(&server.into())?;
        // A buffer of our own as small as a line.
        Ok(Self(BufReader::with_capacity(256, socket.into())))
    }

    pub(crate) fn say(&mut self, question: &str) -> io::Result<()> {
        self.0.get_mut().write_all(format!("{question}\n").as_bytes())
    }

    /// So many lines, or fewer when the stream ends before.
    pub(crate) fn hear(&mut self, lines: usize) -> io::Result<Vec<String>> {
        (&mut self.0).lines().take(lines).collect()
    }

    pub(crate) fn ask(&mut self, question: &str, lines: usize) -> io::Result<Vec<String>> {
        self.say(question)?;
        self.hear(lines)
    }

    /// What comes instead of another line.
    pub(crate) fn end(&mut self) -> io::Result<String> {
        match self.0.read_line(&mut String::new())? {
            0 => Ok("hears the end".into()),
            n => Ok(format!("hears {n} bytes more")),
        }
    }
}

/// The threads of this process; not those that are just ending and run no more code of ours.
pub(crate) fn threads() -> Outcome<usize> {
    let tasks = procfs::tasks(Pid::this())?.into_iter();
    Ok(tasks.filter(|&task| Stat::of(task).is_ok_and(|stat| !stat.is_exiting())).count())
}

/// Waits until so many threads are left. There is nothing to wait on for that: it is looked at again
/// and again, and the pause leaves the processor to those who are to end.
pub(crate) fn until_threads(count: usize) -> Outcome<usize> {
    until(count, threads)
}

/// Waits until so many connections stand in the backlog: connected, and nobody has accepted them.
/// connect(2) comes back a moment before the other end has put it there.
pub(crate) fn until_backlog(listener: SocketAddr, length: usize) -> Outcome<usize> {
    until(length, || backlog(listener))
}

fn until(wanted: usize, look: impl Fn() -> Outcome<usize>) -> Outcome<usize> {
    loop {
        let now = look()?;
        if now == wanted {
            return Ok(now);
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// What /proc/net/tcp (proc_pid_net(5)) calls the receive queue of a listener.
fn backlog(listener: SocketAddr) -> Outcome<usize> {
    let (port, table) = (format!(":{:04X}", listener.port()), fs::read_to_string("/proc/net/tcp")?);
    for line in table.lines() {
        let fields: Vec<&str> = line.split_whitespace().collect();
        // 0A is the state LISTEN; the queues stand as "tx:rx", in hexadecimal.
        if let [_, local, _, "0A", queues, ..] = fields[..]
            && local.ends_with(&port)
            && let Some((_, queue)) = queues.split_once(':')
        {
            return Ok(usize::from_str_radix(queue, 16)?);
        }
    }
    Err("nobody listens".into())
}
