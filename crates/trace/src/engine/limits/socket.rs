//! The limits that belong to sockets: SO_RCVTIMEO and SO_SNDTIMEO (socket(7)).
//!
//! A call reads them when it begins. So the limit is taken away for the beginning of a call, through
//! a duplicate of the descriptor, and is there again when others move: whether the call sleeps then,
//! has returned, or its task has ended.

use std::os::fd::AsRawFd as _;
use std::time::Duration;

use libc::{c_int, timeval};

use super::lift::Lift;
use crate::engine::current::Alteration;
use crate::inject::operation::{Kind, descriptor, kind};
use crate::kernel::{self, Duplicate};
use crate::sys::Tid;

/// A limit that is away, until this is dropped.
#[derive(Debug)]
pub(in crate::engine) struct Lifted {
    socket: Duplicate,
    option: c_int,
    asked: timeval,
}

/// Whether a call may give a socket a limit. Most programs never do, and nobody is asked then.
pub(in crate::engine) fn sets_limit(number: u64, args: &[u64; 6]) -> bool {
    let level = u64::from(libc::SOL_SOCKET.cast_unsigned());
    let named = |option: c_int| args[2] == u64::from(option.cast_unsigned());
    number == libc::SYS_setsockopt.cast_unsigned()
        && args[1] == level
        && (named(libc::SO_RCVTIMEO) || named(libc::SO_SNDTIMEO))
}

impl Lifted {
    /// Takes away the limit that this call has from its socket, if it has one. Gives it as well.
    pub(in crate::engine) fn of(
        pid: Tid,
        number: u64,
        args: &[u64; 6],
    ) -> Option<(Self, Duration)> {
        let option = match kind(number) {
            Kind::Read(_) | Kind::Accept => libc::SO_RCVTIMEO,
            Kind::Write(_) | Kind::Connect => libc::SO_SNDTIMEO,
            _ => return None,
        };
        let socket = kernel::socket(pid, descriptor(number, args)?)?;
        let asked = socket.limit(option)?;
        let micros = u32::try_from(asked.tv_usec).ok()?;
        let limit = Duration::new(asked.tv_sec.try_into().ok()?, micros.checked_mul(1000)?);
        if limit.is_zero() {
            return None;
        }
        let lifted = Self { socket, option, asked };
        lifted.set(timeval { tv_sec: 0, tv_usec: 0 });
        Some((lifted, limit))
    }

    /// What the call answers at the end of its limit.
    pub(in crate::engine) fn lift(&self, number: u64) -> Lift {
        // A connection is still being made then (connect(2)); that of a Unix socket waits for room.
        let unix = self.socket.option(libc::SO_DOMAIN) == Some(libc::AF_UNIX);
        let begun = matches!(kind(number), Kind::Connect) && !unix;
        let answer = -i64::from(if begun { libc::EINPROGRESS } else { libc::EAGAIN });
        Lift { change: Alteration::default(), answer, fails: true, sleeps: false }
    }

    fn set(&self, limit: timeval) {
        let length = libc::socklen_t::try_from(size_of::<timeval>()).unwrap_or(0);
        let from = (&raw const limit).cast();
        // SAFETY: setsockopt(2) reads `length` bytes at `from`, which is the size of the struct.
        // It has taken such a limit before, so it does not fail.
        unsafe {
            libc::setsockopt(self.socket.as_raw_fd(), libc::SOL_SOCKET, self.option, from, length)
        };
    }
}

impl Drop for Lifted {
    fn drop(&mut self) {
        self.set(self.asked);
    }
}
