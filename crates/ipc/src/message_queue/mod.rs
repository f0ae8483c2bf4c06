//! Queues of messages inside the kernel, by name (mq_overview(7)).
//!
//! What CPython's `multiprocessing.Queue` is not: that one is a pipe with a thread that feeds it.
//! This one lives in the kernel until it is unlinked, whoever comes and goes; a message is taken
//! by one receiver; the highest priority comes first, and the oldest among equals. It works
//! without /dev/mqueue: mounting that only makes the names visible.

mod name;
mod open;

use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd, OwnedFd};

use nix::poll::PollFlags;
use syscall::{Deadline, Errno, retry};

use crate::error::{Error, Result};
use crate::ready::ready;
use name::Name;

/// The priorities are those below 32768 (MQ_PRIO_MAX, mq_send(3)).
pub const PRIORITIES: u32 = 32_768;

/// A message queue. Copies of it that a fork makes are the same queue.
///
/// It was either made by this handle, which then unlinks the name when it is dropped (unless
/// [`MessageQueue::keep`] says otherwise, or it is a copy that a fork has made), or found.
#[derive(Debug)]
pub struct MessageQueue {
    fd: OwnedFd,
    capacity: usize,
    message_size: usize,
    name: Option<Name>,
}

impl MessageQueue {
    /// Opens the queue with this name, or makes it: then it holds at most `capacity` messages of
    /// at most `message_size` bytes. Of one that is found, both stay as they are.
    ///
    /// A name is a slash and 1 to 255 bytes without a slash or a NUL, and not `.` or `..`. Only
    /// this user's processes can open what is made here (mode 0600).
    ///
    /// # Errors
    /// EINVAL (no such name can be; `capacity` or `message_size` is 0 or above the system's
    /// limits, which the error names), ENOSPC (fs.mqueue.queues_max), EMFILE (no descriptor, or
    /// more bytes than RLIMIT_MSGQUEUE allows this user), ENFILE, EACCES (another user's queue),
    /// ENAMETOOLONG, ENOMEM.
    pub fn create(name: &str, capacity: usize, message_size: usize) -> Result<Self> {
        open::create(name, capacity, message_size)
    }

    /// Makes the queue, which must not be there.
    ///
    /// # Errors
    /// EEXIST; those of [`MessageQueue::create`].
    pub fn create_new(name: &str, capacity: usize, message_size: usize) -> Result<Self> {
        open::create_new(name, capacity, message_size)
    }

    /// Opens a queue that is there.
    ///
    /// # Errors
    /// ENOENT; EINVAL, EACCES, EMFILE, ENFILE.
    pub fn open(name: &str) -> Result<Self> {
        open::open(name)
    }

    /// A queue without a name, for this process and those that it forks from now on.
    ///
    /// # Errors
    /// Those of [`MessageQueue::create`].
    pub fn anonymous(capacity: usize, message_size: usize) -> Result<Self> {
        open::anonymous(capacity, message_size)
    }

    /// Takes a name away. Who has the queue open keeps it, nobody else finds it any more.
    ///
    /// # Errors
    /// ENOENT, EACCES, EINVAL.
    pub fn unlink(name: &str) -> Result<()> {
        name::unlink(name)
    }

    /// Leaves the name behind when this handle is dropped: the queue and its messages stay, until
    /// somebody calls [`MessageQueue::unlink`] or the system goes down.
    #[must_use]
    pub fn keep(mut self) -> Self {
        if let Some(name) = self.name.take() {
            name.leave();
        }
        self
    }

    /// Sends a message, and waits for room until `deadline`. A larger `priority` is received
    /// earlier; 0 is the usual one.
    ///
    /// # Errors
    /// [`Error::TimedOut`]; [`Error::TooLarge`]; EINVAL (a priority not below [`PRIORITIES`]);
    /// ENOMEM.
    pub fn send(&self, message: &[u8], priority: u32, deadline: Deadline) -> Result<()> {
        if message.len() > self.message_size {
            return Err(Error::TooLarge { size: message.len(), limit: self.message_size });
        }
        if priority >= PRIORITIES {
            let subject = format!("priority {priority}, where {} is the highest", PRIORITIES - 1);
            return Err(syscall::Error::new("mq_send", Errno::EINVAL).on(subject).into());
        }
        let (start, length) = (message.as_ptr().cast(), message.len());
        self.wait("mq_timedsend", PollFlags::POLLOUT, deadline, |limit| {
            // SAFETY: the pointer and the length are those of a borrowed slice; the limit is a
            // live timespec or null.
            let sent =
                unsafe { libc::mq_timedsend(self.fd.as_raw_fd(), start, length, priority, limit) };
            Errno::result(sent).map(drop)
        })
    }

    /// Takes the next message, and its priority.
    ///
    /// # Errors
    /// [`Error::TimedOut`]. Nobody is told that a message will never come: a queue has no end.
    pub fn recv(&self, deadline: Deadline) -> Result<(Vec<u8>, u32)> {
        // A smaller buffer than the largest message would be EMSGSIZE, whatever is in the queue.
        let mut message = Vec::<u8>::with_capacity(self.message_size);
        let mut priority = 0;
        let (start, length) = (message.as_mut_ptr().cast(), self.message_size);
        let length = self.wait("mq_timedreceive", PollFlags::POLLIN, deadline, |limit| {
            let priority = &raw mut priority;
            // SAFETY: the pointer leads to `length` bytes of our own; the limit is a live timespec
            // or null.
            let received = unsafe {
                libc::mq_timedreceive(self.fd.as_raw_fd(), start, length, priority, limit)
            };
            Errno::result(received).map(isize::cast_unsigned)
        })?;
        // SAFETY: the kernel has written so many bytes, and not more than there was room for.
        unsafe { message.set_len(length) };
        Ok((message, priority))
    }

    /// How many messages are waiting: a hint. It may be wrong before the caller has seen it.
    ///
    /// # Errors
    /// None that is known (EBADF cannot happen to an owned descriptor).
    pub fn len(&self) -> Result<usize> {
        Ok(open::attributes(&self.fd)?.waiting)
    }

    /// Whether no message is waiting: a hint, as [`MessageQueue::len`].
    ///
    /// # Errors
    /// As [`MessageQueue::len`].
    pub fn is_empty(&self) -> Result<bool> {
        Ok(self.len()? == 0)
    }

    /// How many messages it holds at most.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// How many bytes a message has at most.
    pub fn message_size(&self) -> usize {
        self.message_size
    }

    /// mq_timedsend(3) counts its time by the clock on the wall, which may be set. So it is only
    /// asked not to wait at all (a time that has passed), or to wait without a limit; in between,
    /// poll(2) waits, which Linux offers for queues.
    fn wait<T>(
        &self,
        call: &'static str,
        event: PollFlags,
        deadline: Deadline,
        mut attempt: impl FnMut(*const libc::timespec) -> nix::Result<T>,
    ) -> Result<T> {
        let passed = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        let limit = if deadline == Deadline::Never { std::ptr::null() } else { &raw const passed };
        loop {
            match retry(|| attempt(limit)) {
                Err(Errno::ETIMEDOUT | Errno::EAGAIN) => ready(&self.fd, event, deadline)?,
                done => return done.map_err(|errno| syscall::Error::new(call, errno).into()),
            }
        }
    }
}

/// For a poller: readable when a message is there, writable when there is room. Linux only.
impl AsFd for MessageQueue {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}
