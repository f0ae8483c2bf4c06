//! A server in a process of its own, forked before the clients' threads begin.

use std::fs::File;
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use ::server::Stopper;
use capstone_http::connection::{Handler, Request, Service, Times};
use capstone_http::files::{self, Answer, Site};
use capstone_http::log::AccessLog;
use capstone_http::message::Status;
use capstone_http::server::{self, Model, Options};
use nix::sys::resource::{Resource, setrlimit};
use process::{Child, Exit};
use syscall::Deadline;
use tempfile::TempDir;
use testkit::cases::{next_of, pipe, tell};
use testkit::leaks::Holdings;

use crate::peer::Peer;

/// How a case wants its server.
#[derive(Clone)]
pub(crate) struct Wish {
    pub(crate) times: Times,
    pub(crate) grace: std::time::Duration,
    pub(crate) connections: Option<usize>,
    /// The most descriptors it may have.
    pub(crate) descriptors: Option<u64>,
    pub(crate) log: Option<PathBuf>,
    pub(crate) address: &'static str,
    /// Event loops.
    pub(crate) loops: usize,
}

impl Default for Wish {
    fn default() -> Self {
        let limit = testkit::LIMIT;
        Self {
            times: Times { header: limit, body: limit, idle: limit, write: limit },
            grace: limit,
            connections: None,
            descriptors: None,
            log: None,
            address: "127.0.0.1:0",
            loops: 2,
        }
    }
}

/// What became of the connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) clients: u64,
    pub(crate) done: u64,
    pub(crate) failed: u64,
    pub(crate) panicked: u64,
    pub(crate) pauses: u64,
}

/// A server that runs.
pub(crate) struct Running {
    child: Child,
    said: OwnedFd,
    stopper: Stopper,
    folder: TempDir,
    pub(crate) at: SocketAddr,
}

/// Says what it was asked; its path tells what else it does.
struct Echo;

impl Handler for Echo {
    fn handle(&self, request: &Request<'_>, answer: &mut Answer) {
        assert!(request.path != b"panic", "as it was asked to");
        let method = request.method.as_bytes();
        let said = [method, b" ", request.path, b" ", request.body].concat();
        answer.begin(Status::Ok).pause();
        answer.content("text/plain", said, false);
    }

    fn allowed(&self, _: &[u8]) -> &'static str {
        "GET, HEAD, OPTIONS, POST, PUT"
    }
}

pub(crate) fn start(model: Model) -> Running {
    start_with(model, &Wish::default())
}

pub(crate) fn start_with(model: Model, wish: &Wish) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let (said, say) = pipe();
    let stopper = Stopper::new().unwrap();
    let child = process::fork(|| {
        // A panic that was asked for shall not look like one that was not.
        std::panic::set_hook(Box::new(|panic| {
            let text = panic.to_string();
            if !text.contains("as it was asked to") {
                // No handler's panic must hide it.
                let _ = writeln!(std::io::stderr(), "{text}");
                std::process::abort();
            }
        }));
        let before = Holdings::now();
        let counts = serve(model, wish, folder.path(), &say, &stopper);
        let after = Holdings::now();
        let leaked = before.leaked(&after);
        tell(&say, &format!("{leaked}{}", counts.map(|n| n.to_string()).join(" ")));
        0
    })
    .unwrap();
    drop(say);
    let at = next_of(&said).trim().parse().unwrap();
    Running { child, said, stopper, folder, at }
}

fn serve(model: Model, wish: &Wish, folder: &Path, say: &OwnedFd, stopper: &Stopper) -> [u64; 5] {
    let loops = if model == Model::Epoll { wish.loops } else { 1 };
    let listeners = server::listen(wish.address.parse().unwrap(), loops).unwrap();
    let at = listeners[0].local_addr().unwrap();
    let site = Site::open(folder, files::Options::default()).unwrap();
    let mut service = Service::new(site).unwrap();
    service.times = wish.times;
    service.body = 100_000;
    service.handler = Some((b"/echo".to_vec(), Box::new(Echo)));
    service.metrics_path = Some(b"/metrics".to_vec());
    service.log = wish.log.as_ref().map(|path| {
        let file = File::options().append(true).create(true).open(path).unwrap();
        if model == Model::Fork {
            AccessLog::direct(file)
        } else {
            AccessLog::behind(file, |_| ()).unwrap()
        }
    });
    let mut options = Options::of(model);
    options.grace = wish.grace;
    // Each of 256 threads costs a test more than it tells.
    let few = (model == Model::Pool).then_some(8);
    options.connections = wish.connections.or(few).unwrap_or(options.connections);
    tell(say, &format!("{at}\n"));
    if let Some(limit) = wish.descriptors {
        setrlimit(Resource::RLIMIT_NOFILE, limit, limit).unwrap();
    }
    let served = server::serve(listeners, service, &options, stopper).unwrap();
    [served.clients, served.done, served.failed, served.panicked, served.pauses]
}

impl Running {
    pub(crate) fn pid(&self) -> u32 {
        self.child.pid().as_raw().cast_unsigned()
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn peer(&self) -> Peer {
        Peer::to(self.at)
    }

    pub(crate) fn stop(&self) {
        self.stopper.stop().unwrap();
    }

    /// Stops it, and waits for its end.
    #[track_caller]
    pub(crate) fn finish(self) -> Counts {
        self.stop();
        self.ended()
    }

    #[track_caller]
    pub(crate) fn ended(mut self) -> Counts {
        let exit = self.child.join(Deadline::after(testkit::LIMIT / 3)).unwrap();
        assert_eq!(exit, Some(Exit::Code(0)), "{}", testkit::proc::report(self.pid()));
        let text = testkit::cases::all_of(self.said);
        let numbers = text.split(' ').map(str::parse).collect::<Result<Vec<u64>, _>>();
        let Ok([clients, done, failed, panicked, pauses]) = numbers.as_deref() else {
            panic!("it holds more than before: {text}")
        };
        let [clients, done, failed, panicked, pauses] =
            [clients, done, failed, panicked, pauses].map(|n| *n);
        Counts { clients, done, failed, panicked, pauses }
    }
}
