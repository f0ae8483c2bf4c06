//! What every topic crate shares at the door to the kernel.
//!
//! - [`Error`]: which call failed, on what, and with which errno;
//! - [`retry`]: the one place where a call that a signal interrupted (`EINTR`) is repeated;
//! - [`Deadline`]: a moment instead of a duration, so that a wait that is cut into pieces, by
//!   signals or by bytes that drip in, still ends when it should.
//!
//! Nothing here makes a system call, prints, or allocates on the way of success.

#![forbid(unsafe_code)]

mod deadline;
mod error;
mod retry;

pub use deadline::Deadline;
pub use error::{Context, Error, IntoErrno, Result};
pub use nix::errno::Errno;
pub use retry::{Interruptible, retry};
