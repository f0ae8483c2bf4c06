//! Waiting for whatever comes first.

use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use cli::Outcome;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::keys::Keys;
use super::saves::Saves;
use crate::job::Job;
use crate::stops::Stops;

/// An editor's save is several steps: when nothing has happened for so long, it is over.
const QUIET: Duration = Duration::from_millis(40);
/// And in any case after this.
const ENOUGH: Duration = Duration::from_millis(400);

/// What a round of waiting has found.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "four things to wait for, in any combination")]
pub(super) struct Ready {
    pub(super) woken: bool,
    pub(super) saved: bool,
    pub(super) ended: bool,
    pub(super) key: bool,
}

/// The one place that sleeps, but for the end of a save.
pub(super) fn wait(
    stops: &Stops,
    saves: &Saves,
    job: Option<&Job>,
    keys: Option<&Keys>,
) -> Outcome<Ready> {
    let mut fds = vec![PollFd::new(stops.as_fd(), PollFlags::POLLIN)];
    fds.push(PollFd::new(saves.as_fd(), PollFlags::POLLIN));
    fds.extend(job.map(|job| PollFd::new(job.as_fd(), PollFlags::POLLIN)));
    fds.extend(keys.map(|keys| PollFd::new(keys.as_fd(), PollFlags::POLLIN)));
    match poll(&mut fds, PollTimeout::try_from(saves.patience())?) {
        Ok(_) | Err(Errno::EINTR) => {}
        Err(errno) => return Err(format!("poll: {errno}").into()),
    }
    let mut ready = fds.iter().map(|fd| fd.any().unwrap_or(false));
    let mut next = || ready.next().unwrap_or(false);
    let (woken, saved) = (next(), next());
    let ended = job.is_some() && next();
    Ok(Ready { woken, saved, ended, key: keys.is_some() && next() })
}

/// Waits until nothing more happens to the files.
pub(super) fn settle(saves: &Saves) -> Outcome {
    let begin = Instant::now();
    let timeout = PollTimeout::try_from(QUIET)?;
    loop {
        saves.look();
        let mut fds = [PollFd::new(saves.as_fd(), PollFlags::POLLIN)];
        let more = poll(&mut fds, timeout).is_ok_and(|ready| ready > 0);
        if !more || begin.elapsed() > ENOUGH {
            return Ok(());
        }
    }
}
