//! How long the room waits for a send buffer that is full.

use std::net::UdpSocket;
use std::os::fd::AsFd as _;
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use syscall::Deadline;

/// All that is sent at a time may wait for so long in all.
const LIMIT: Duration = Duration::from_millis(20);

/// A buffer that is said to have room, and has none when it is tried, is believed so often in a row.
const TRIES: u32 = 8;

/// What is left of it.
#[derive(Debug)]
pub(super) struct Patience {
    end: Deadline,
    tries: u32,
}

impl Patience {
    pub(super) fn new() -> Self {
        Self { end: Deadline::after(LIMIT), tries: TRIES }
    }

    /// Something was sent.
    pub(super) fn recover(&mut self) {
        self.tries = TRIES;
    }

    /// Waits for room. Looks in any case, also when the time is over: a server that was slow itself
    /// loses nothing by that.
    pub(super) fn finds_room(&mut self, socket: &UdpSocket) -> bool {
        let Some(tries) = self.tries.checked_sub(1) else { return false };
        self.tries = tries;
        let timeout = PollTimeout::try_from(self.end.as_millis()).unwrap_or(PollTimeout::ZERO);
        let mut fds = [PollFd::new(socket.as_fd(), PollFlags::POLLOUT)];
        // EINTR: the next call finds out.
        !matches!(poll(&mut fds, timeout), Ok(0))
    }
}
