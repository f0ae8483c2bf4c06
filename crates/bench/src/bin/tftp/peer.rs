//! The servers that are compared. Each is a process of its own: this program again, in a role.

use std::ffi::OsString;
use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use bench::daemon::which;
use capstone_tftp::serve::{self, Model, Options};
use capstone_tftp::store::Rules;
use cli::{Outcome, Usage};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use nix::unistd::Uid;
use service::Level;
use syscall::Context as _;

/// Who serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// capstone-tftp; the model is that of TCP.
    Ours(Model),
    /// in.tftpd of tftp-hpa: a process for each client, without windowsize.
    Hpa,
    /// atftpd: a thread for each client.
    Atftpd,
    /// The binary of the crate tftpd: a thread for each client.
    Crate,
    /// nginx with sendfile.
    Nginx,
    /// OpenBSD's nc, which copies the file to its first client and ends.
    Netcat,
}

/// How one talks to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    Ours,
    Tftp,
    Http,
    Once,
}

impl Peer {
    pub(crate) const OURS: Self = Self::Ours(Model::Epoll);
    pub(crate) const UDP: [Self; 4] = [Self::OURS, Self::Hpa, Self::Atftpd, Self::Crate];
    pub(crate) const TCP: [Self; 7] = [
        Self::OURS,
        Self::Nginx,
        Self::Netcat,
        Self::Ours(Model::Iterative),
        Self::Ours(Model::Fork),
        Self::Ours(Model::Thread),
        Self::Ours(Model::Pool),
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours(model) => model.name(),
            Self::Hpa => "tftpd-hpa",
            Self::Atftpd => "atftpd",
            Self::Crate => "tftpd",
            Self::Nginx => "nginx",
            Self::Netcat => "nc",
        }
    }

    /// The role by this name.
    pub(crate) fn named(name: &str) -> Outcome<Self> {
        let known = Self::UDP.into_iter().chain(Self::TCP).find(|peer| peer.name() == name);
        Ok(known.ok_or_else(|| Usage(format!("there is no role {name:?}")))?)
    }

    pub(crate) fn how(self) -> How {
        match self {
            Self::Ours(_) => How::Ours,
            Self::Hpa | Self::Atftpd | Self::Crate => How::Tftp,
            Self::Nginx => How::Http,
            Self::Netcat => How::Once,
        }
    }

    /// Its program; ours is this one.
    fn program(self) -> &'static str {
        if self == Self::Hpa { "in.tftpd" } else { self.name() }
    }

    /// Why it cannot be had here, as far as that can be known before.
    pub(crate) fn missing(self) -> Option<String> {
        if self.how() == How::Ours {
            return None;
        }
        let name = self.program();
        if which(name).is_none() {
            return Some(format!("there is no {name} on PATH"));
        }
        let changes = matches!(self, Self::Hpa | Self::Atftpd) && !Uid::effective().is_root();
        changes.then(|| format!("{name} changes its user, which needs root"))
    }

    /// Serves until it is killed: a folder, what is in nginx's configuration, or nc's one file.
    pub(crate) fn serve(self, place: &Path, port: u16) -> Outcome {
        // Who measures may be killed, and nobody else knows of this process. exec keeps it.
        set_pdeathsig(Signal::SIGKILL).call("prctl")?;
        let (place_text, address) = (OsString::from(place), format!("127.0.0.1:{port}"));
        let port_text = port.to_string();
        let mut command = Command::new(self.program());
        match self {
            Self::Ours(model) => return ours(model, place, port),
            Self::Hpa => {
                command.args(["-L", "-p", "-a", &address, "-u", "root", "-s"]).arg(place_text)
            }
            Self::Atftpd => command
                // A change of the group would make the kernel forget what was just asked of it.
                .args(["--user", "root", "--group", "root"])
                .args(["--daemon", "--no-fork", "--logfile", "-"])
                .args(["--bind-address", "127.0.0.1", "--port", &port_text])
                .arg(place_text),
            Self::Crate => {
                command.args(["-i", "127.0.0.1", "-p", &port_text, "-r", "-d"]).arg(place_text)
            }
            Self::Nginx => command.args(["-e", "stderr", "-c"]).arg(place_text),
            Self::Netcat => {
                command.args(["-N", "-l", "127.0.0.1", &port_text]).stdin(File::open(place)?)
            }
        };
        Err(command.exec().into())
    }
}

fn ours(model: Model, folder: &Path, port: u16) -> Outcome {
    let address = Some(([127, 0, 0, 1], port).into());
    let options = Options {
        tcp: address,
        udp: address,
        model,
        workers: 1,
        rules: Rules { writable: false, ..Rules::default() },
        clients: None,
        transfers: 1000,
        idle: Duration::from_mins(1),
        log: Level::Off,
        grace: Duration::ZERO,
    };
    serve::run(folder, &options)
}
