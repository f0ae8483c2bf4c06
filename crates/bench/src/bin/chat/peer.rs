//! The servers that are compared. Each is a process of its own: this program again, in a role.

use std::fmt;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bench::machine;
use capstone_chat::room::Limits;
use capstone_chat::server::{self, Level, Model, Options};
use cli::{Outcome, Usage};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::time::ClockId;
use nix::unistd::Pid;
use syscall::Context as _;

use crate::relay;

const SCRIPT: &str = include_str!("relay.py");

/// Who relays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// capstone-chat.
    Ours,
    /// One sendto per member, as in C.
    Relay,
    /// The same in Python.
    Python,
}

impl Peer {
    pub(crate) const ALL: [Self; 3] = [Self::Ours, Self::Relay, Self::Python];

    /// The role by this name.
    pub(crate) fn named(name: &str) -> Outcome<Self> {
        let known = Self::ALL.into_iter().find(|peer| peer.to_string() == name);
        Ok(known.ok_or_else(|| Usage(format!("there is no role {name:?}")))?)
    }

    /// Serves on a port of the kernel's choice, until it is killed.
    pub(crate) fn serve(self) -> Outcome {
        // Who measures may be killed, and nobody else knows of this process. exec keeps it.
        set_pdeathsig(Signal::SIGKILL).call("prctl")?;
        match self {
            Self::Ours => {
                let (model, grace) = (Model::Poll, Duration::ZERO);
                let options = Options { model, limits: Limits::default(), log: Level::Off, grace };
                server::run(Some(SocketAddr::from(([127, 0, 0, 1], 0))), &options)
            }
            Self::Relay => relay::run(),
            Self::Python => Err(Command::new("python3").args(["-c", SCRIPT]).exec().into()),
        }
    }

    /// Starts one, on a processor of its own; `None` where there is no python3.
    pub(crate) fn start(self, processor: usize) -> Outcome<Option<Server>> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", &self.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(if self == Self::Python { Stdio::null() } else { Stdio::inherit() })
            .spawn()?;
        let out = child.stdout.take().ok_or("no pipe")?;
        let mut server = Server { child, address: SocketAddr::from(([0; 4], 0)) };
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let address = line.trim_end().strip_prefix("listening on ");
        let Some(address) = address.and_then(|address| address.parse().ok()) else {
            return if self == Self::Python { Ok(None) } else { Err("no server".into()) };
        };
        machine::pin_to(server.pid(), processor)?;
        server.address = address;
        Ok(Some(server))
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ours => "ours",
            Self::Relay => "sendto",
            Self::Python => "Python",
        })
    }
}

/// One that runs.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl Server {
    fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().cast_signed())
    }

    /// Seconds of processor time that it has used (clock_getcpuclockid(3)). On loopback that holds the
    /// way to the receivers' buffers, too: the kernel goes it within the sender's call.
    pub(crate) fn busy(&self) -> Outcome<f64> {
        let clock = ClockId::pid_cpu_clock_id(self.pid()).call("clock_getcpuclockid")?;
        Ok(Duration::from(clock.now().call("clock_gettime")?).as_secs_f64())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing else could be done about a failure.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
