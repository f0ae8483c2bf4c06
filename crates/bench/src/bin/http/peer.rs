//! The servers that are compared. Each is a process of its own: this program again, in a role.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use bench::daemon::which;
use capstone_http::connection::{Service, Times};
use capstone_http::demos::Demos;
use capstone_http::files::{self, Site};
use capstone_http::server::{self, Model, Options};
use cli::{Outcome, Usage};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::Signal;
use syscall::Context as _;

use crate::{conf, hyper};

/// Who serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// capstone-http.
    Ours(Model),
    /// nginx with sendfile.
    Nginx,
    /// The same with its cache of open files, looked at again each second as ours are.
    NginxCache,
    Lighttpd,
    /// The http.server of python3, a thread for each connection.
    Python,
    /// hyper with an answer from memory: what a server costs that looks for no file.
    Hyper,
}

/// Connections at once that a server of loops is asked to be fit for.
pub(crate) const MANY: usize = 10_000;
/// What a server with a thread or a process for each is asked for.
const MANY_THREADS: usize = 1000;
const MANY_PROCESSES: usize = 200;
/// Longer than anything that is measured.
const LONG: Duration = Duration::from_mins(10);

impl Peer {
    pub(crate) const EPOLL: Self = Self::Ours(Model::Epoll);
    pub(crate) const ALL: [Self; 10] = [
        Self::Nginx,
        Self::NginxCache,
        Self::Lighttpd,
        Self::Python,
        Self::Hyper,
        Self::EPOLL,
        Self::Ours(Model::Iterative),
        Self::Ours(Model::Fork),
        Self::Ours(Model::Thread),
        Self::Ours(Model::Pool),
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours(model) => model.name(),
            Self::Nginx => "nginx",
            Self::NginxCache => "nginx-cache",
            Self::Lighttpd => "lighttpd",
            Self::Python => "python3",
            Self::Hyper => "hyper",
        }
    }

    /// The role by this name.
    pub(crate) fn named(name: &str) -> Outcome<Self> {
        let known = Self::ALL.into_iter().find(|peer| peer.name() == name);
        Ok(known.ok_or_else(|| Usage(format!("there is no server {name:?}")))?)
    }

    pub(crate) fn is_ours(self) -> bool {
        matches!(self, Self::Ours(_))
    }

    /// As it stands in a table.
    pub(crate) fn title(self) -> String {
        if self.is_ours() { format!("ours, {}", self.name()) } else { self.name().to_owned() }
    }

    /// Connections at once that it is fit for.
    pub(crate) fn at_once(self) -> usize {
        match self {
            Self::Ours(Model::Iterative) => 1,
            Self::Ours(Model::Fork | Model::Pool) => MANY_PROCESSES,
            Self::Ours(Model::Thread) | Self::Python => MANY_THREADS,
            // It wants two descriptors for each, of which there may be 20,000.
            Self::Lighttpd => MANY - 100,
            _ => MANY,
        }
    }

    /// Whether it has the files.
    pub(crate) fn has_files(self) -> bool {
        self != Self::Hyper
    }

    /// Its program, when it is not this one.
    fn program(self) -> Option<&'static str> {
        match self {
            Self::Ours(_) | Self::Hyper => None,
            Self::NginxCache => Some(Self::Nginx.name()),
            _ => Some(self.name()),
        }
    }

    /// Why it cannot be had here.
    pub(crate) fn missing(self) -> Option<String> {
        let program = self.program().filter(|program| which(program).is_none())?;
        Some(format!("there is no {program} on PATH"))
    }

    /// Serves until it is killed. `place` is that of the files; configurations are written beside
    /// them.
    pub(crate) fn serve(self, place: &Path, port: u16, workers: usize) -> Outcome {
        // Who measures may be killed, and nobody else knows of this process. exec keeps it. Those
        // who fork have to end others before they go.
        let signal = if self.program().is_some() { Signal::SIGTERM } else { Signal::SIGKILL };
        set_pdeathsig(signal).call("prctl")?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let Some(program) = self.program() else {
            return match self {
                Self::Ours(model) => ours(model, place, address, workers),
                _ => hyper::serve(address, workers),
            };
        };
        let path = place.with_extension(format!("{}-{port}", self.name()));
        let text = match self {
            Self::Lighttpd => conf::lighttpd(place, port, workers),
            Self::Python => conf::PYTHON.to_owned(),
            _ => conf::nginx(&path, place, address, workers, self == Self::NginxCache),
        };
        fs::write(&path, text)?;
        let mut command = Command::new(program);
        match self {
            Self::Lighttpd => command.args(["-D", "-f"]).arg(path),
            Self::Python => command.arg(path).arg(place).arg(port.to_string()),
            _ => command.args(["-e", "stderr", "-c"]).arg(path),
        };
        Err(command.exec().into())
    }
}

fn ours(model: Model, place: &Path, address: SocketAddr, workers: usize) -> Outcome {
    let listeners = server::listen(address, if model == Model::Epoll { workers } else { 1 })?;
    let site = Site::open(place, files::Options::default())?;
    let mut service = Service::new(site)?;
    // For the mixed load; the others ask for nothing beneath it.
    service.handler = Some((b"/api".to_vec(), Box::new(Demos::of_the_course())));
    service.times = Times { idle: LONG, ..Times::default() };
    let at_once = Peer::Ours(model).at_once();
    let spare = if matches!(model, Model::Iterative | Model::Pool) { 0 } else { 100 };
    let options = Options { connections: at_once + spare, ..Options::of(model) };
    server::serve(listeners, service, &options, &::server::Stopper::new()?)?;
    Ok(())
}
