//! Faults: what a kernel may do to a program and hardly ever does.
//!
//! A fault is something that could happen: an errno that the manual of the call knows, on a
//! descriptor where it occurs. `EAGAIN` meets nonblocking descriptors only, `EINTR` those that may
//! sleep, a short transfer a stream and never a datagram. What no kernel would do is refused when
//! the program is started ([`crate::Error::Impossible`]), or simply does not come to pass; and a
//! fault that never came to pass is told ([`crate::Tracer::unfired`]).

mod apply;
pub(crate) mod operation;
mod possible;
mod short;

use std::fmt;
use std::time::Duration;

use crate::decode;

pub(crate) use apply::{Target, Verdict, verdict};

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Act {
    /// It is not made, and fails with this errno.
    Error(i32),
    /// It is not made, and returns this: 0 from a read is an end of the stream.
    Result(i64),
    /// It transfers so many bytes at most; at least 1. For read, write, sendto, recvfrom, pread64,
    /// pwrite64 (the length is another one until the call returns), and for readv, writev, preadv,
    /// pwritev, sendmsg, recvmsg (the vector is). Never on datagrams, on descriptors that give
    /// whole values (eventfd, timerfd, signalfd), or where pipe(7) says that a write is atomic.
    Short(u64),
    /// It begins so much later.
    DelayBefore(Duration),
    /// It returns so much later.
    DelayAfter(Duration),
}

/// Which descriptors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fd {
    /// Any, and calls without one.
    Any,
    /// Any but 0, 1 and 2, and calls without one. This is what a fault begins with.
    NotStandard,
    /// This number.
    Number(i32),
    /// What /proc/PID/fd shows begins with this: `socket:`, `pipe:`, `/tmp/`.
    Kind(&'static str),
}

/// A fault to inject: into which calls, what, and when.
///
/// ```
/// use trace::{Act, Fault, Fd};
/// // Every write to a socket takes at most seven bytes, three times.
/// let fault = Fault::on(&["@write"], Act::Short(7)).fd(Fd::Kind("socket:")).every(1).times(3);
/// assert_eq!(fault.to_string(), "@write short 7");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Fault {
    names: Vec<&'static str>,
    act: Act,
    fd: Fd,
    nth: u32,
    every: u32,
    times: u32,
    anywhere: bool,
    /// The numbers of the calls, when the program has been started.
    numbers: Vec<u64>,
    seen: u32,
    fired: u32,
}

impl Fault {
    /// Into calls with these names, or operations. An operation is what several calls do, because
    /// std's choice of call changes from release to release:
    ///
    /// - `@read`: read, readv, recvfrom, recvmsg;
    /// - `@write`: write, writev, sendto, sendmsg;
    /// - `@accept`: accept, accept4;
    /// - `@connect`: connect;
    /// - `@wait`: poll, ppoll, select, pselect6, epoll_wait, epoll_pwait, epoll_pwait2.
    ///
    /// It happens once, at the first call that it can happen to, and only to calls that the
    /// program's own source has made, through whatever library.
    pub fn on(names: &[&'static str], act: Act) -> Self {
        Self {
            names: names.into(),
            act,
            fd: Fd::NotStandard,
            nth: 1,
            every: 0,
            times: u32::MAX,
            anywhere: false,
            numbers: Vec::new(),
            seen: 0,
            fired: 0,
        }
    }

    /// Only with these descriptors.
    pub fn fd(mut self, fd: Fd) -> Self {
        self.fd = fd;
        self
    }

    /// At the n-th call that it can happen to; 1 is the first.
    pub fn nth(mut self, n: u32) -> Self {
        self.nth = n;
        self
    }

    /// And then at every n-th; 1 is each.
    pub fn every(mut self, n: u32) -> Self {
        self.every = n;
        self
    }

    /// So many times at most.
    pub fn times(mut self, n: u32) -> Self {
        self.times = n;
        self
    }

    /// Also into calls that the program's own source has not asked for.
    pub fn anywhere(mut self) -> Self {
        self.anywhere = true;
        self
    }

    /// How often it has come to pass.
    pub fn fired(&self) -> u32 {
        self.fired
    }

    /// How many calls it could have happened to.
    pub fn seen(&self) -> u32 {
        self.seen
    }

    /// One more call that it can happen to: does it?
    fn is_due(&mut self) -> bool {
        self.seen += 1;
        let later = self.seen.saturating_sub(self.nth);
        let due = self.seen == self.nth
            || later > 0 && self.every > 0 && later.is_multiple_of(self.every);
        let fires = due && self.fired < self.times;
        self.fired += u32::from(fires);
        fires
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.names.join(","), self.act)
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(errno) => write!(f, "{}", decode::errno_name(*errno)),
            Self::Result(result) => write!(f, "= {result}"),
            Self::Short(length) => write!(f, "short {length}"),
            Self::DelayBefore(delay) => write!(f, "{delay:?} later"),
            Self::DelayAfter(delay) => write!(f, "returns {delay:?} later"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(mut fault: Fault, calls: u32) -> Vec<u32> {
        (1..=calls).filter(|_| fault.is_due()).collect()
    }

    #[test]
    fn when_it_happens() {
        let fault = || Fault::on(&["@read"], Act::Short(1));
        assert_eq!(hits(fault(), 5), [1]);
        assert_eq!(hits(fault().nth(3), 5), [3]);
        assert_eq!(hits(fault().every(1), 4), [1, 2, 3, 4]);
        assert_eq!(hits(fault().nth(2).every(3), 9), [2, 5, 8]);
        assert_eq!(hits(fault().nth(2).every(1).times(3), 9), [2, 3, 4]);
        assert!(hits(fault().times(0), 9).is_empty());
    }

    #[test]
    fn it_has_a_name() {
        let fault = Fault::on(&["@read", "close"], Act::Error(libc::EINTR));
        assert_eq!(fault.to_string(), "@read,close EINTR");
        let delay = Act::DelayBefore(Duration::from_millis(20));
        assert_eq!(Fault::on(&["accept4"], delay).to_string(), "accept4 20ms later");
    }
}
