//! Talking processes, with the meaning that CPython's `multiprocessing` gives each of these, and
//! a stricter one where it is known to be weak.

mod error;
pub mod file_lock;
pub mod message_queue;
mod passing;
pub mod pipe;
mod ready;

pub use error::{Error, Result};
pub use file_lock::FileLock;
pub use message_queue::MessageQueue;
pub use pipe::Pipe;
pub use syscall::Deadline;
