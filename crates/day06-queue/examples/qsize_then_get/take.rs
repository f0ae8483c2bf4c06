//! One consumer's way to a message that others may want, too.

use std::os::fd::AsFd as _;

use cli::Outcome;
use nix::mqueue::mq_getattr;
use nix::poll::{PollFd, PollFlags, poll};

use crate::queue::Queue;

/// Takes a message, or says that there is none. `count` is how many there were when this consumer
/// has looked.
pub(crate) fn take(queue: &Queue, count: i64) -> Outcome<String> {
    if count == 0 {
        return Ok(format!("has seen {count} and does not wait"));
    }
    // WRONG: it was there, so receive will not block, one thinks. The poll is here for the end of
    // this example only: a bare receive would sleep until somebody sends again.
    let mut fds = [PollFd::new(queue.fd().as_fd(), PollFlags::POLLIN)];
    if poll(&mut fds, 100_u8)? == 0 {
        let now = mq_getattr(queue.fd())?.curmsgs();
        return Ok(format!("has seen {count} and waits: 100 ms, nothing came, there are {now}"));
    }
    Ok(format!("has seen {count} and gets {}", queue.receive()?.0))
}
