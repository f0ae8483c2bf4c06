//! A server that runs: it was started on a port where it can be reached. One that ends before that,
//! because somebody else was faster at the port, is started once more.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::process::{ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use bench::{daemon, machine};
use cli::Outcome;
use nix::unistd::Pid;

use crate::case::Ask;
use crate::fetch::Fetch;
use crate::files::{Files, Name};
use crate::peer::{How, Peer};

/// Ports that are tried.
const TRIES: usize = 3;
/// A server that has not answered after so long does not answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Until a question is repeated.
const PAUSE: Duration = Duration::from_millis(100);

/// Who works where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Processors {
    pub(crate) servers: usize,
    pub(crate) clients: usize,
}

/// One that runs.
#[derive(Debug)]
pub(crate) struct Daemon {
    process: daemon::Daemon,
    /// Where it speaks TFTP.
    pub(crate) udp: SocketAddr,
    /// Where it speaks TCP.
    tcp: SocketAddr,
}

impl Daemon {
    /// Starts one and waits until it can be reached.
    ///
    /// # Errors
    /// A sentence that says why this server cannot be had here.
    pub(crate) fn start(peer: Peer, files: &Files, processors: Processors) -> Outcome<Self> {
        if let Some(why) = peer.missing() {
            return Err(why.into());
        }
        for _ in 0..TRIES {
            let address = peer.how().free_address()?;
            let process = processors.of_servers(|| spawn(peer, files, address))?;
            let daemon = Self { process, udp: address, tcp: address };
            if let Some(daemon) = daemon.reached(peer.how(), files)? {
                return Ok(daemon);
            }
        }
        Err("it ends at once".into())
    }

    /// `None`: it has ended before it could be reached.
    fn reached(mut self, how: How, files: &Files) -> Outcome<Option<Self>> {
        match how {
            How::Ours => {
                let mut lines = BufReader::new(self.process.stdout().ok_or("no pipe")?);
                self.tcp = listening(&mut lines, "tcp")?;
                self.udp = listening(&mut lines, "udp")?;
                Ok(Some(self))
            }
            How::Tftp => self.until(|address| {
                let small = files.content(Name::Small);
                Fetch::begin(address, Name::Small, Ask::PLAIN, small)?.alone(PAUSE).map(drop)
            }),
            How::Http => self.until(|address| {
                TcpStream::connect(address)?;
                Ok(())
            }),
            // It would take the question for its only client.
            How::Once => Ok(Some(self)),
        }
    }

    fn until(mut self, ask: impl Fn(SocketAddr) -> Outcome) -> Outcome<Option<Self>> {
        let address = self.udp;
        Ok(self.process.until(|| ask(address))?.then_some(self))
    }

    /// Connects as soon as there is somebody.
    pub(crate) fn connect(&mut self) -> Outcome<TcpStream> {
        let start = Instant::now();
        loop {
            match TcpStream::connect(self.tcp) {
                Ok(stream) => return Ok(stream),
                Err(_) if self.process.has_ended()? => return Err("it ends at once".into()),
                Err(error) if start.elapsed() > PATIENCE => return Err(error.into()),
                Err(_) => thread::yield_now(),
            }
        }
    }
}

impl Processors {
    /// A child, and whatever it forks, begins on the processors of who starts it.
    fn of_servers<T>(self, start: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        machine::pin_to(Pid::from_raw(0), self.servers)?;
        let started = start();
        machine::pin_to(Pid::from_raw(0), self.clients)?;
        started
    }
}

impl How {
    /// One that nobody had a moment ago, or whichever the kernel will choose.
    fn free_address(self) -> Outcome<SocketAddr> {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Ok(match self {
            Self::Ours => any,
            Self::Tftp => UdpSocket::bind(any)?.local_addr()?,
            Self::Http | Self::Once => daemon::free_address()?,
        })
    }
}

/// This program again, in a role.
fn spawn(peer: Peer, files: &Files, address: SocketAddr) -> Outcome<daemon::Daemon> {
    let place = files.place(peer, address)?;
    let is_ours = peer.how() == How::Ours;
    let mut command = Command::new(std::env::current_exe()?);
    command
        .args(["serve", peer.name()])
        .arg(place)
        .arg(address.port().to_string())
        .stdin(Stdio::null())
        .stdout(if is_ours { Stdio::piped() } else { Stdio::null() })
        .stderr(if is_ours { Stdio::inherit() } else { Stdio::null() });
    Ok(daemon::Daemon::start(&mut command)?)
}

fn listening(lines: &mut BufReader<ChildStdout>, protocol: &str) -> Outcome<SocketAddr> {
    let mut line = String::new();
    lines.read_line(&mut line)?;
    let address = line.trim_end().strip_prefix(&format!("listening on {protocol} "));
    Ok(address.and_then(|address| address.parse().ok()).ok_or("our server does not start")?)
}
