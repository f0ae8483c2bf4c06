//! The interface of all back ends.
//!
//! Readiness means: the next call of that kind would not block. It does not mean that the call
//! will succeed, so errors and hang-ups count as ready: the read or write tells. All back ends
//! report by the definition that select(2) uses inside Linux, so that a program moves from one to
//! the other unchanged:
//!
//! - readable: data, a new connection, the end of the stream, a hang-up, an error;
//! - writable: room in the buffer, an error, the end of a connect(2), successful or not;
//! - priority: urgent (out-of-band) data;
//! - only what was asked for is reported, each descriptor at most once a wait;
//! - with nothing asked for, a descriptor is parked: it reports nothing, not even a hang-up.

use std::os::fd::BorrowedFd;

use bitflags::bitflags;
use syscall::Deadline;

use crate::error::Result;

/// The name under which a registration reports. Its meaning is the caller's affair: an index, a
/// key, a descriptor number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub u32);

bitflags! {
    /// What to wait for; empty to park a descriptor.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct Interest: u8 {
        /// Until reading, or accepting, will not block.
        const READABLE = 1;
        /// Until writing will not block, or a connect has ended.
        const WRITABLE = 2;
        /// Until there is urgent data (`MSG_OOB`).
        const PRIORITY = 4;
    }

    /// What has come. The first three are exact on all back ends.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct Ready: u8 {
        /// Reading, or accepting, will not block.
        const READABLE = 1;
        /// Writing will not block, or a connect has ended.
        const WRITABLE = 2;
        /// There is urgent data.
        const PRIORITY = 4;
        /// A hint, which select never gives: both directions have ended, or a pipe has lost its
        /// writers. What was sent before can still be read.
        const HANG_UP = 8;
        /// A hint, which select never gives: an error waits in the socket (SO_ERROR), or a pipe
        /// has lost its readers.
        const ERROR = 16;
    }
}

/// When a descriptor is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// As long as it is ready. Whoever does not act on it is told again at once.
    Level,
    /// When it becomes ready. Whoever is told must read, write or accept until EAGAIN, or will
    /// wait for ever with data in the buffer.
    Edge,
}

/// How the kernel knows what is registered: it decides what a closed descriptor leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Names {
    /// By number, at each call anew. A closed number is dropped at the next wait. A number that
    /// was closed and given to another file before that is watched as if it were the old one.
    Number,
    /// By open file. A closed descriptor is forgotten at once, unless a dup(2) or a forked child
    /// keeps its file open: then it goes on reporting, and its number cannot remove it any more.
    OpenFile,
}

/// One descriptor that is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    /// The token of its registration.
    pub token: Token,
    /// What it is ready for.
    pub ready: Ready,
}

impl Event {
    /// Reading, or accepting, will not block.
    pub fn is_readable(&self) -> bool {
        self.ready.contains(Ready::READABLE)
    }

    /// Writing will not block, or a connect has ended.
    pub fn is_writable(&self) -> bool {
        self.ready.contains(Ready::WRITABLE)
    }
}

/// Waits for many descriptors at once.
pub trait Poller: std::fmt::Debug + Send {
    /// Starts to watch a descriptor. It stays the caller's; [`Poller::remove`] it before closing.
    ///
    /// # Errors
    /// `AlreadyRegistered`, `NotOpen`, `NumberTooLarge` (select), `NeverWaits` (epoll, mio),
    /// `NoSuchTrigger` (select and poll have no edge), ENOMEM, ENOSPC.
    fn register(
        &mut self,
        fd: BorrowedFd<'_>,
        token: Token,
        interest: Interest,
        trigger: Trigger,
    ) -> Result<()>;

    /// Replaces token, interest and trigger. An edge trigger is armed anew: what is ready now is
    /// reported once more.
    ///
    /// # Errors
    /// `NotRegistered`, `NotOpen`, `NoSuchTrigger`, ENOMEM.
    fn modify(
        &mut self,
        fd: BorrowedFd<'_>,
        token: Token,
        interest: Interest,
        trigger: Trigger,
    ) -> Result<()>;

    /// Ends the watch.
    ///
    /// # Errors
    /// `NotRegistered`, `NotOpen`.
    fn remove(&mut self, fd: BorrowedFd<'_>) -> Result<()>;

    /// Waits until something is ready or the deadline passes, and puts what is ready into
    /// `events`, replacing what was there: empty means that the time is over. A signal (EINTR)
    /// does not end the wait, it goes on with the time that remains (PEP 475); to be woken by a
    /// signal, let its handler write to a pipe or [`crate::Waker`] that is registered here.
    ///
    /// epoll and mio give at most 1,024 events at a time, the others come with the next wait.
    ///
    /// # Errors
    /// ENOMEM.
    fn wait(&mut self, events: &mut Vec<Event>, deadline: Deadline) -> Result<()>;

    /// Whether this back end has this trigger.
    fn can(&self, trigger: Trigger) -> bool;

    /// How its registrations are named in the kernel.
    fn names(&self) -> Names;
}

/// What to report for a registration, `None` for nothing: the one place where the readiness of
/// poll, epoll and mio becomes select's.
pub(crate) fn report(found: Ready, interest: Interest) -> Option<Ready> {
    let mut ready = found;
    // The kernel's POLLIN_SET holds POLLHUP and POLLERR, its POLLOUT_SET only POLLERR; with
    // nothing but room to write asked for, a hang-up must wake the writer all the same.
    if found.intersects(Ready::HANG_UP | Ready::ERROR) {
        ready |= Ready::READABLE;
        if found.contains(Ready::ERROR) || !interest.contains(Interest::READABLE) {
            ready |= Ready::WRITABLE;
        }
    }
    let asked = Ready::from_bits_truncate(interest.bits());
    let hints = Ready::HANG_UP | Ready::ERROR;
    ready.intersects(asked).then_some(ready & (asked | hints))
}
