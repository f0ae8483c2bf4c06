//! A server in a process of its own, forked before the clients' threads begin.

use std::net::{SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use capstone_tftp::server::tcp::{self, Model, Options, Outcome};
use capstone_tftp::store::{Rules, Store};
use nix::sys::resource::{Resource, setrlimit};
use process::signals::{Disposition, Signal};
use process::{Child, Exit};
use server::Stopper;
use syscall::Deadline;
use tempfile::TempDir;
use testkit::cases::{next_of, pipe, tell};
use testkit::leaks::Holdings;

use crate::peer::Peer;

/// How a case wants its server.
#[derive(Clone, Copy)]
pub(crate) struct Wish {
    pub(crate) rules: Rules,
    pub(crate) patience: Duration,
    pub(crate) grace: Duration,
    pub(crate) at_once: Option<usize>,
    /// The most descriptors it may have.
    pub(crate) files: Option<u64>,
    /// The longest file that it may write: what goes wrong in the middle.
    pub(crate) file_size: Option<u64>,
    /// Its folder is a disk of so many bytes.
    pub(crate) disk: Option<u64>,
}

impl Default for Wish {
    fn default() -> Self {
        Self {
            rules: Rules::default(),
            patience: testkit::LIMIT,
            grace: testkit::LIMIT,
            // A crew that is there before costs a test more than it tells.
            at_once: None,
            files: None,
            file_size: None,
            disk: None,
        }
    }
}

/// What became of the clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) clients: u64,
    pub(crate) done: u64,
    pub(crate) failed: u64,
    pub(crate) peak: u64,
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

pub(crate) fn start(model: Model) -> Running {
    start_with(model, Wish::default())
}

pub(crate) fn start_with(model: Model, wish: Wish) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let (said, say) = pipe();
    let stopper = Stopper::new().unwrap();
    // One that serves one after the other gets its crew, too, or two hundred threads each time.
    let at_once = wish.at_once.or((model == Model::Pool).then_some(8));
    let child = process::fork(|| {
        if let Some(size) = wish.disk
            && let Err(errno) = mount(&folder, size)
        {
            tell(&say, &format!("no {errno}\n"));
            return 0;
        }
        // Without it, the limit would be a signal that kills.
        let _ignored = Disposition::ignore(Signal::new(nix::libc::SIGXFSZ).unwrap()).unwrap();
        if let Some(limit) = wish.file_size {
            setrlimit(Resource::RLIMIT_FSIZE, limit, limit).unwrap();
        }
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let store = Store::open(folder.path(), wish.rules).unwrap();
        let before = Holdings::now();
        tell(&say, &format!("{at}\n"));
        if let Some(files) = wish.files {
            setrlimit(Resource::RLIMIT_NOFILE, files, files).unwrap();
        }
        let options = Options {
            model,
            at_once,
            patience: wish.patience,
            grace: wish.grace,
            tell: Arc::new(|event| {
                assert!(!matches!(event.outcome, Outcome::Done(n) if n > 1 << 40));
            }),
        };
        let served = tcp::serve(listener, store, &options, &stopper).unwrap();
        let after = Holdings::now();
        assert_eq!(before.leaked(&after), "", "it holds more than before");
        let counts =
            [served.clients, served.done, served.failed, served.peak as u64, served.pauses];
        tell(&say, &counts.map(|n| n.to_string()).join(" "));
        0
    })
    .unwrap();
    drop(say);
    let text = next_of(&said);
    if let Some(errno) = text.strip_prefix("no ") {
        testkit::need::say_skipped(&format!("no disk of its own: {errno}"));
        drop(folder);
        std::process::exit(0);
    }
    let at = text.trim().parse().unwrap();
    Running { child, said, stopper, folder, at }
}

/// A disk of so many bytes, for this process alone.
fn mount(folder: &TempDir, size: u64) -> nix::Result<()> {
    use nix::mount::{MsFlags, mount};
    use nix::sched::{CloneFlags, unshare};
    if !nix::unistd::geteuid().is_root() {
        unshare(CloneFlags::CLONE_NEWUSER)?;
    }
    unshare(CloneFlags::CLONE_NEWNS)?;
    // What is mounted here is to be seen nowhere else.
    mount(None::<&str>, "/", None::<&str>, MsFlags::MS_REC | MsFlags::MS_PRIVATE, None::<&str>)?;
    let options = format!("size={size}");
    mount(Some("tmpfs"), folder.path(), Some("tmpfs"), MsFlags::empty(), Some(&*options))
}

impl Running {
    pub(crate) fn pid(&self) -> u32 {
        self.child.pid().as_raw().cast_unsigned()
    }

    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// All names in the folder, hidden ones too.
    pub(crate) fn names(&self) -> Vec<String> {
        let name = |entry: std::io::Result<std::fs::DirEntry>| {
            entry.unwrap().file_name().into_string().unwrap()
        };
        let mut names: Vec<String> = std::fs::read_dir(self.path()).unwrap().map(name).collect();
        names.sort();
        names
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
        let numbers: Vec<u64> = text.split(' ').map(|n| n.parse().unwrap()).collect();
        let [clients, done, failed, peak, pauses] = numbers[..] else { panic!("{text:?}") };
        Counts { clients, done, failed, peak, pauses }
    }
}
