//! The loop that accepts, and the end of it.

use std::fmt;
use std::net::TcpListener;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::time::Duration;

use cli::Outcome;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::crew::Crew;

pub(crate) struct Settings {
    pub(crate) dir: PathBuf,
    /// So many clients, and so many threads, at once.
    pub(crate) limit: usize,
    /// How long a client may take for a line, or to take an answer.
    pub(crate) patience: Duration,
    /// How long answers that have begun may go on after a stop.
    pub(crate) grace: Duration,
}

impl Settings {
    pub(crate) fn of(dir: impl Into<PathBuf>) -> Self {
        let (patience, grace) = (Duration::from_mins(1), Duration::from_secs(2));
        Self { dir: dir.into(), limit: 64, patience, grace }
    }
}

/// What all threads see.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) stopping: AtomicBool,
    pub(crate) inside: AtomicUsize,
}

/// How it has ended.
pub(crate) struct End {
    pub(crate) joined: usize,
    pub(crate) inside: usize,
    pub(crate) cut: usize,
}

/// Serves until `stop` is readable. Then all threads have ended and were joined.
pub(crate) fn serve(listener: TcpListener, settings: Settings, stop: &impl AsFd) -> Outcome<End> {
    let (stopping, inside) = (AtomicBool::new(false), AtomicUsize::new(0));
    let shared = Arc::new(Shared { settings, stopping, inside });
    let mut crew = Crew::new(Arc::clone(&shared))?;
    // No descriptor, or no thread, is left for a new client.
    let mut crowded = false;
    loop {
        // At the limit nobody asks the listener: whoever comes stays in the backlog.
        let open = !crowded && crew.clients.len() < shared.settings.limit;
        let wanted = if open { PollFlags::POLLIN } else { PollFlags::empty() };
        let limit = if crowded { PollTimeout::from(100_u8) } else { PollTimeout::NONE };
        let mut fds = [
            PollFd::new(stop.as_fd(), PollFlags::POLLIN),
            PollFd::new(crew.waker.as_fd(), PollFlags::POLLIN),
            PollFd::new(listener.as_fd(), wanted),
        ];
        match poll(&mut fds, limit) {
            Err(Errno::EINTR) => continue,
            done => done?,
        };
        if fds[0].any().unwrap_or(false) {
            break;
        }
        crew.join_those_who_have_gone()?;
        crowded = !crew.accept(&listener, crowded)?;
    }
    // From here on a connect is refused, and who was still in the backlog is reset.
    drop(listener);
    crew.stop()
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { joined, inside, cut } = self;
        write!(f, "stopped with {inside} inside, {cut} of them cut; threads joined: {joined}")
    }
}
