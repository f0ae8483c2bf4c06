//! What a descriptor stands for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::call::Address;
use crate::pid::Pid;

/// A descriptor, and the open file description behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Descriptor {
    /// What it stands for.
    pub object: Object,
    /// O_NONBLOCK.
    #[serde(default, skip_serializing_if = "is_false")]
    pub nonblocking: bool,
    /// FD_CLOEXEC.
    #[serde(default, skip_serializing_if = "is_false")]
    pub close_on_exec: bool,
    /// Locks on the file that were made through this open file description. One of the process
    /// (F_SETLK) is only shown with the process that has it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locks: Vec<Lock>,
}

/// A lock that is held (proc_locks(5)). Who waits for one is seen in a call that sleeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// Which interface has made it, and so whose it is.
    pub kind: LockKind,
    /// For writing; otherwise shared with other readers.
    pub exclusive: bool,
    /// Its first byte.
    pub start: u64,
    /// Its last byte; `None` is to the end, wherever that will be.
    pub end: Option<u64>,
}

/// The three kinds of advisory locks, which do not see each other (flock(2), F_SETLK(2const)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LockKind {
    /// flock(2): of the open file description, whole files.
    Flock,
    /// fcntl(2), F_SETLK: of the process; any close of the file in it gives it up.
    Posix,
    /// fcntl(2), F_OFD_SETLK: of the open file description.
    Ofd,
}

/// What a descriptor stands for. What the kernel does not tell here is `None`: where a sandbox
/// refuses pidfd_getfd(2), nobody can look into a pipe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Object {
    /// A file with a name.
    File {
        /// Its name.
        path: String,
        /// Where the next read or write begins.
        offset: u64,
    },
    /// One end of a pipe or of a FIFO.
    Pipe {
        /// Both ends of one pipe have the same number.
        inode: u64,
        /// A FIFO has a name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        path: Option<String>,
        /// This end writes.
        writes: bool,
        /// Bytes in it.
        queued: Option<u64>,
        /// Bytes that fit.
        capacity: Option<u64>,
    },
    /// A socket.
    Socket(Socket),
    /// epoll(7): the descriptors that are watched, with their events as bits.
    Epoll {
        /// Descriptor → events.
        watches: BTreeMap<i32, u32>,
    },
    /// eventfd(2) and its count.
    Event {
        /// The count.
        count: u64,
    },
    /// signalfd(2) and the signals that it takes, as bits.
    Signals {
        /// Bit 0 is signal 1.
        mask: u64,
    },
    /// timerfd_create(2). Not what is left of it: every look would differ from the one before.
    Timer,
    /// A message queue (mq_overview(7)).
    Queue {
        /// With its slash.
        name: String,
        /// Messages in it.
        queued: Option<u64>,
        /// Messages that fit.
        capacity: Option<u64>,
    },
    /// pidfd_open(2).
    Process {
        /// Whom it stands for; `None` when that has been waited for.
        pid: Option<Pid>,
    },
    /// A terminal.
    Terminal,
    /// Anything else, as /proc/PID/fd shows it.
    Other(String),
}

/// A socket, as far as the kernel tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Socket {
    /// `tcp`, `udp`, `unix stream`, `unix datagram`, …; `socket` when the kernel does not tell.
    pub kind: String,
    /// Its own address, when it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local: Option<Address>,
    /// The address at the other end; [`Address::Unnamed`] is an end without a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<Address>,
    /// The state, such as `LISTEN` or `CLOSE-WAIT`, in the words of ss(8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Of a listener.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backlog: Option<Backlog>,
    /// Bytes (of a datagram socket: of the first datagram) that wait to be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub readable: Option<u64>,
    /// Of a TCP socket: bytes that were written and that the other end has had no room for.
    /// Not those that are on their way or wait for their acknowledgement, which comes when a
    /// timer of the kernel says so. Of other sockets the kernel counts only memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsent: Option<u64>,
}

/// A listener's queue of connections that wait for accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backlog {
    /// So many wait.
    pub waiting: u32,
    /// Beyond so many the kernel makes connecting wait. It takes one more than this says.
    pub limit: Option<u32>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}
