//! Talking processes, with the meaning that CPython's `multiprocessing` gives each of these, and
//! a stricter one where it is known to be weak.
//!
//! Through the kernel:
//! - [`Pipe`]: messages that never merge, and descriptors with them;
//! - [`MessageQueue`]: POSIX message queues, with a name and with priorities;
//! - [`FileLock`]: a lock that is tied to a file.
//!
//! In shared memory, which children inherit and others open by a name:
//! - [`Memory`]: bytes; [`Shared`] and [`SharedArray`]: values with a lock; [`Atomic`]: without;
//! - [`Lock`]: mutual exclusion that tells when an owner was killed inside;
//! - [`Semaphore`], [`Event`], [`Barrier`]: futexes, whose fast paths make no system call;
//! - [`Queue`]: messages, first in, first out.

mod atomic;
mod barrier;
mod error;
mod event;
pub mod file_lock;
mod guard;
mod lock;
mod memory;
pub mod message_queue;
mod mutex;
mod passing;
pub mod pipe;
mod plain;
pub mod queue;
mod ready;
mod semaphore;
mod shared;
mod word;

pub use atomic::{Atomic, Lockless};
pub use barrier::Barrier;
pub use error::{Error, Result};
pub use event::Event;
pub use file_lock::FileLock;
pub use guard::{Acquired, Guard};
pub use lock::Lock;
pub use memory::Memory;
pub use message_queue::MessageQueue;
pub use pipe::Pipe;
pub use plain::{Content, Plain};
pub use queue::Queue;
pub use semaphore::{Permit, Semaphore};
pub use shared::{Shared, SharedArray};
pub use syscall::Deadline;
