//! One consumer's way to a message that others may want, too.

use cli::Outcome;
use nix::errno::Errno;
use nix::mqueue::mq_set_nonblock;

use crate::queue::Queue;

/// Takes a message, or says that there is none. `count` is how many there were when this consumer
/// has looked.
pub(crate) fn take(queue: &Queue, count: i64) -> Outcome<String> {
    // The number is a hint: it was right once. To look and to take must be ONE call, and "nothing
    // there" one of its answers.
    mq_set_nonblock(queue.fd())?;
    match queue.receive() {
        Ok((text, _)) => Ok(format!("has seen {count} and gets {text}")),
        Err(Errno::EAGAIN) => Ok(format!("has seen {count} and gets EAGAIN: somebody was faster")),
        Err(errno) => Err(errno.into()),
    }
}
