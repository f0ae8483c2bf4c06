//! Talking processes, with the meaning that CPython's `multiprocessing` gives each of these, and
//! a stricter one where it is known to be weak.

mod error;

pub use error::{Error, Result};
pub use syscall::Deadline;
