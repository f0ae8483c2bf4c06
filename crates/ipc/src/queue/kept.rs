//! One side of a queue for oneself: its lock is taken once instead of for each message, which makes
//! a message less than half as dear. When its process is killed, the kernel opens the lock, and
//! the next one is served, as in [`Queue::put`].

use std::marker::PhantomData;
use std::sync::atomic::Ordering;

use syscall::{Context as _, Deadline, Errno};

use super::Queue;
use super::ends::Turn;
use crate::error::Result;
use crate::memory::Wiped;

/// What both have: the lock, and whether it is this process that took it.
#[derive(Debug)]
struct Kept<'a> {
    queue: &'a Queue,
    wiped: Wiped,
    _turn: Turn<'a>,
    /// Not Send: the mutex knows its owner, the thread.
    here: PhantomData<*mut ()>,
}

impl<'a> Kept<'a> {
    fn new(queue: &'a Queue, turn: Turn<'a>) -> Result<Self> {
        let wiped = Wiped::new()?;
        queue.kept.fetch_add(1, Ordering::Relaxed);
        Ok(Self { queue, wiped, _turn: turn, here: PhantomData })
    }

    /// EPERM in a child that has a copy of it.
    fn must_be_ours(&self) -> Result<()> {
        if self.wiped.is_ours() { Ok(()) } else { Ok(Err(Errno::EPERM).call("queue")?) }
    }
}

impl Drop for Kept<'_> {
    fn drop(&mut self) {
        self.queue.kept.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Queue {
    /// The only sender until it is dropped: everybody else's put waits. This thread's own
    /// [`Queue::put`] is refused by EDEADLK.
    ///
    /// # Errors
    /// [`crate::Error::TimedOut`]: somebody else is sending until the deadline. ENOMEM.
    pub fn sender(&self, deadline: Deadline) -> Result<Sender<'_>> {
        Ok(Sender(Kept::new(self, self.senders_turn(1, deadline)?)?))
    }

    /// The only receiver until it is dropped.
    ///
    /// # Errors
    /// [`crate::Error::TimedOut`]: somebody else is receiving until the deadline. ENOMEM.
    pub fn receiver(&self, deadline: Deadline) -> Result<Receiver<'_>> {
        Ok(Receiver(Kept::new(self, self.receivers_turn(deadline)?)?))
    }
}

/// The senders' side of a [`Queue`], kept by one thread.
#[derive(Debug)]
pub struct Sender<'a>(Kept<'a>);

impl Sender<'_> {
    /// [`Queue::put`].
    ///
    /// # Errors
    /// Those of [`Queue::put`]; EPERM in a child of the process that has taken it.
    pub fn put(&self, message: &[u8], deadline: Deadline) -> Result<()> {
        self.0.must_be_ours()?;
        self.0.queue.must_fit(message)?;
        self.0.queue.put_in_turn(message, deadline)
    }
}

/// The receivers' side of a [`Queue`], kept by one thread.
#[derive(Debug)]
pub struct Receiver<'a>(Kept<'a>);

impl Receiver<'_> {
    /// [`Queue::get`].
    ///
    /// # Errors
    /// As [`Receiver::get_into`].
    pub fn get(&self, deadline: Deadline) -> Result<Vec<u8>> {
        let mut message = Vec::new();
        self.get_into(&mut message, deadline)?;
        Ok(message)
    }

    /// [`Queue::get_into`].
    ///
    /// # Errors
    /// Those of [`Queue::get_into`]; EPERM in a child of the process that has taken it.
    pub fn get_into(&self, message: &mut Vec<u8>, deadline: Deadline) -> Result<()> {
        self.0.must_be_ours()?;
        self.0.queue.get_in_turn(message, deadline)
    }
}
