//! The signals of a role, as a descriptor that can be waited for beside another one.

use std::os::fd::{AsFd as _, BorrowedFd};

use cli::Outcome;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigHandler, SigSet, Signal, signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};

/// All that the two will use, held back. Called while there is one process: the child inherits
/// the mask, so that no signal finds either of them unprepared.
pub(crate) fn hold_back() -> nix::Result<()> {
    use Signal::{SIGINT, SIGQUIT, SIGTSTP, SIGUSR1, SIGUSR2};
    [SIGINT, SIGQUIT, SIGTSTP, SIGUSR1, SIGUSR2].into_iter().collect::<SigSet>().thread_block()
}

/// What one role reads.
pub(crate) struct Inbox(SignalFd);

impl Inbox {
    /// Reads `mine` and does not feel `others`; what is in neither has its default action.
    pub(crate) fn open(mine: &[Signal], others: &[Signal]) -> Outcome<Self> {
        for &one in others {
            // This also throws away what was pending.
            // SAFETY: an ignored signal runs none of our code.
            unsafe { signal(one, SigHandler::SigIgn) }?;
        }
        for &one in mine {
            // A shell starts what is in the background with Ctrl-C ignored.
            // SAFETY: the default action runs none of our code.
            unsafe { signal(one, SigHandler::SigDfl) }?;
        }
        let mine: SigSet = mine.iter().copied().collect();
        let flags = SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK;
        let inbox = Self(SignalFd::with_flags(&mine, flags)?);
        // From here on nothing else is held back: the others' signals come, and are ignored.
        mine.thread_set_mask()?;
        Ok(inbox)
    }

    /// The next signal, the one with the lowest number first; nothing when `partner` has gone,
    /// and all that came before has been read. Several of a kind that come at once are one.
    pub(crate) fn next(&self, partner: BorrowedFd) -> Outcome<Option<Signal>> {
        loop {
            if let Some(signal) = self.take()? {
                return Ok(Some(signal));
            }
            let mut fds = [
                PollFd::new(self.0.as_fd(), PollFlags::POLLIN),
                PollFd::new(partner, PollFlags::POLLIN),
            ];
            match poll(&mut fds, PollTimeout::NONE) {
                Err(Errno::EINTR) => continue,
                done => done?,
            };
            if fds[1].any() == Some(true) {
                // Its last signal may have come between the look above and its end.
                return self.take();
            }
        }
    }

    fn take(&self) -> Outcome<Option<Signal>> {
        let Some(info) = self.0.read_signal()? else { return Ok(None) };
        Ok(Some(Signal::try_from(info.ssi_signo.cast_signed())?))
    }
}
