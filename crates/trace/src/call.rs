//! A system call as a value: its name, its arguments, its answer.
//!
//! Arguments keep their meaning (a descriptor, a process, an address), because what differs from
//! run to run is renamed before two recordings are compared, and a string would hide it.

use std::borrow::Cow;
use std::net::{IpAddr, SocketAddrV4, SocketAddrV6};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::pid::Pid;

/// What a call is about; what a lens shows or hides, and in which colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Files and descriptors: openat, read, fcntl.
    File,
    /// Sockets: bind, accept4, sendto.
    Socket,
    /// Waiting for several descriptors: poll, epoll_wait.
    Readiness,
    /// Processes: fork, wait4, execve.
    Process,
    /// Signals: kill, rt_sigaction.
    Signal,
    /// Pipes, queues, shared memory.
    Ipc,
    /// Threads: futex, and the clone that makes one.
    Thread,
    /// Sleeping and timers.
    Time,
    /// The address space: mmap, brk.
    Memory,
    /// Everything else.
    Other,
}

/// A system call, as far as it is known: an argument that the kernel fills in is
/// [`Value::Later`] until the call has returned.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Call {
    /// The name in section 2 of the manual; `syscall_N` for those that nobody has described here.
    pub name: Cow<'static, str>,
    /// What it is about.
    pub class: Class,
    /// In the order of the manual.
    pub args: Vec<Value>,
}

/// An argument, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A number.
    Int(i64),
    /// A constant or flags, as C spells them: `SOCK_STREAM|SOCK_CLOEXEC`.
    Name(Cow<'static, str>),
    /// A descriptor.
    Fd(i32),
    /// A process or a thread.
    Pid(Pid),
    /// A signal's number.
    Signal(i32),
    /// Some place in memory. Which one differs from run to run and says nothing.
    Pointer,
    /// NULL.
    Null,
    /// What is written or was read.
    Bytes(Bytes),
    /// A name in the file system, or another text that ends with a NUL.
    Text(String),
    /// A socket's address.
    Address(Address),
    /// A span of time; `None` is without limit.
    Time(Option<Duration>),
    /// A moment of some clock. Which one differs from run to run and says nothing.
    Moment,
    /// Several.
    List(Vec<Value>),
    /// A struct: names and values.
    Fields(Vec<(Cow<'static, str>, Value)>),
    /// The kernel has not filled it in yet.
    Later,
    /// There is something, which is not kept: at the end of a list the rest of it; in a recording
    /// that has been normalised what the machine says of itself.
    More,
}

/// The beginning of some bytes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bytes {
    /// The first of them, [`Bytes::SHOWN`] at most. Written as text, with `\xNN` for a byte that
    /// is none and `\\` for a backslash.
    #[serde(with = "crate::escaped")]
    pub head: Vec<u8>,
    /// How many there are.
    pub length: u64,
}

impl Bytes {
    /// So many are kept.
    pub const SHOWN: usize = 64;
}

/// A socket's address (ip(7), ipv6(7), unix(7)).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// IPv4.
    V4(SocketAddrV4),
    /// IPv6.
    V6(SocketAddrV6),
    /// In a recording that has been normalised: a port that the kernel has chosen, by the order
    /// in which they appear, as in `127.0.0.1:port#1`.
    Ephemeral {
        /// IPv4 or IPv6.
        ip: IpAddr,
        /// 1 is the first.
        port: u32,
    },
    /// A socket file.
    Path(String),
    /// A name without a file, without its leading NUL.
    Abstract(String),
    /// A Unix socket without a name.
    Unnamed,
    /// Another family, by its number.
    Family(u16),
}

/// How a call has returned.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// With a value: a number of bytes, a descriptor, a process.
    Value(Value),
    /// With an errno.
    Error(i32),
    /// A signal has come first. The kernel will begin the call again, or turn this into EINTR
    /// (signal(7), its numbers 512 to 516).
    Interrupted,
}
