//! Which fault happens to a call that is about to be made.

use std::os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd};
use std::time::Duration;

use syscall::Errno;

use super::operation::{Kind, adds_nothing, descriptor, does_not_wait, kind, numbers};
use super::possible::{Behind, fits, refusal};
use super::short::shorten;
use super::{Act, Fault, Fd};
use crate::Error;
use crate::engine::Alteration;
use crate::sys::{OfProcess, Tid};

/// A call that is about to be made.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    pub(crate) pid: Tid,
    pub(crate) number: u64,
    pub(crate) args: &'a [u64; 6],
    /// The program's own source has made it.
    pub(crate) own: bool,
}

/// What to do to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Skip(i64),
    Alter(Alteration),
    DelayBefore(Duration),
    DelayAfter(Duration),
}

impl Fault {
    /// Looks its calls up.
    ///
    /// # Errors
    /// A name is none, or no kernel would do this.
    pub(crate) fn resolve(&mut self) -> Result<(), Error> {
        self.numbers.clear();
        let mut why = None;
        for name in &self.names {
            let numbers = numbers(name).ok_or_else(|| Error::NoSuchCall((*name).into()))?;
            for number in numbers {
                match refusal(kind(number), number, self.act) {
                    // Of an operation, those that can: epoll_wait knows no ENOMEM, poll does.
                    Some(sentence) => why = Some(sentence),
                    None => self.numbers.push(number),
                }
            }
        }
        match why {
            Some(sentence) if self.numbers.is_empty() => Err(Error::Impossible(sentence)),
            _ => Ok(()),
        }
    }

    /// Whether it can happen to this call, and how.
    fn fit(&self, target: Target<'_>) -> Option<Verdict> {
        if !self.numbers.contains(&target.number) || !(target.own || self.anywhere) {
            return None;
        }
        let (kind, pid) = (kind(target.number), target.pid);
        let fd = descriptor(target.number, target.args);
        let link = || std::fs::read_link(format!("/proc/{pid}/fd/{}", fd?)).ok();
        let chosen = match self.fd {
            Fd::Any => true,
            Fd::NotStandard => fd.is_none_or(|fd| fd > 2),
            Fd::Number(number) => fd == Some(number),
            Fd::Kind(kind) => link()?.to_string_lossy().starts_with(kind),
        };
        // Only what is added needs room, and may be what epoll refuses (epoll_ctl(2)).
        let adding = matches!(self.act, Act::Error(libc::ENOMEM | libc::ENOSPC | libc::EPERM));
        if !chosen || adding && adds_nothing(target.number, target.args) {
            return None;
        }
        let mut behind = None;
        if let Some(fd) = fd
            && matches!(self.act, Act::Error(_) | Act::Short(_))
        {
            let found = look(pid, fd)?;
            let waits = !found.nonblocking && !does_not_wait(target.number, target.args);
            if !fits(kind, self.act, found.behind, waits) {
                return None;
            }
            behind = Some(found.behind);
        }
        Some(match self.act {
            Act::Error(errno) => Verdict::Skip(-i64::from(errno)),
            Act::Result(result) => Verdict::Skip(result),
            Act::DelayBefore(delay) => Verdict::DelayBefore(delay),
            Act::DelayAfter(delay) => Verdict::DelayAfter(delay),
            Act::Short(length) => {
                let (change, wanted) = shorten(kind, target.args, length, &OfProcess(pid))?;
                // What fits into PIPE_BUF is written whole or not at all (pipe(7)).
                let atomic = behind == Some(Behind::Pipe) && matches!(kind, Kind::Write(_));
                if atomic && wanted <= libc::PIPE_BUF as u64 {
                    return None;
                }
                Verdict::Alter(change)
            }
        })
    }
}

/// The first fault that is due, and its name.
pub(crate) fn verdict(faults: &mut [Fault], target: Target<'_>) -> Option<(String, Verdict)> {
    faults.iter_mut().find_map(|fault| {
        let verdict = fault.fit(target)?;
        fault.is_due().then(|| (fault.to_string(), verdict))
    })
}

struct Found {
    behind: Behind,
    nonblocking: bool,
}

/// What a descriptor is; `None` when it is not open, because then the call fails in any case.
fn look(pid: Tid, fd: i32) -> Option<Found> {
    let link = std::fs::read_link(format!("/proc/{pid}/fd/{fd}")).ok()?;
    let link = link.to_string_lossy();
    let behind = match link.split_once(':') {
        Some(("pipe", _)) => Behind::Pipe,
        Some(("anon_inode", "[eventpoll]")) => Behind::File,
        Some(("anon_inode", _)) => Behind::Values,
        Some(("socket", _)) => socket(pid, fd),
        _ => Behind::File,
    };
    let info = std::fs::read_to_string(format!("/proc/{pid}/fdinfo/{fd}")).ok()?;
    let flags = info.lines().find_map(|line| line.strip_prefix("flags:"))?;
    let flags = i32::from_str_radix(flags.trim(), 8).ok()?;
    Some(Found { behind, nonblocking: flags & libc::O_NONBLOCK != 0 })
}

/// Streams and messages are told apart by a copy of the descriptor (pidfd_getfd(2)). Where that
/// is denied, a socket is believed to be a stream.
fn socket(pid: Tid, fd: i32) -> Behind {
    match copy(pid, fd).and_then(|socket| socket_type(&socket)) {
        Some(libc::SOCK_STREAM) | None => Behind::Stream,
        Some(_) => Behind::Messages,
    }
}

fn copy(pid: Tid, fd: i32) -> Option<OwnedFd> {
    // SAFETY: no pointers.
    let process = own(unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) })?;
    // SAFETY: no pointers.
    own(unsafe { libc::syscall(libc::SYS_pidfd_getfd, process.as_raw_fd(), fd, 0) })
}

fn own(result: libc::c_long) -> Option<OwnedFd> {
    let fd = i32::try_from(Errno::result(result).ok()?).ok()?;
    // SAFETY: the kernel has just made it for us, and nobody else knows its number.
    Some(unsafe { OwnedFd::from_raw_fd(fd) })
}

fn socket_type(socket: &OwnedFd) -> Option<libc::c_int> {
    let mut kind: libc::c_int = 0;
    let mut size = libc::socklen_t::try_from(size_of_val(&kind)).ok()?;
    let (fd, value) = (socket.as_raw_fd(), (&raw mut kind).cast());
    // SAFETY: the kernel stores at most `size` bytes at `value`, which is an int.
    let result =
        unsafe { libc::getsockopt(fd, libc::SOL_SOCKET, libc::SO_TYPE, value, &raw mut size) };
    (result == 0).then_some(kind)
}
