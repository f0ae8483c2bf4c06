//! Processes, with the semantics of CPython's `multiprocessing` where those hold, and stricter
//! ones where they do not.
//!
//! - [`fork()`]: one closure in a child that never comes back; refused to a process with threads;
//! - [`Process`], [`Run`], [`Started`]: a piece of work with a name, an end that can be waited for
//!   under a [`Deadline`], and daemons that end with their parent;
//! - [`Child`], [`Exit`]: who is waited for, and how it has ended;
//! - [`Pool`], [`Task`]: workers that were forked once and are given task after task;
//! - [`wire`]: the values that can cross the border between two processes;
//! - [`Reaper`]: children that nobody holds a handle of any more;
//! - [`orphan`]: double fork, daemons in the sense of daemon(7), subreapers;
//! - [`signals`]: dispositions without code, masks, waits without a gap, timers;
//! - [`procfs`]: what /proc says, with the letters of ps;
//! - [`nice`]: how willingly one leaves the processor to others.
//!
//! ```no_run
//! use process::{Deadline, Exit, Process};
//!
//! # fn main() -> process::Result<()> {
//! let mut worker = Process::new(|| 3).daemon(true).start()?;
//! assert_eq!(worker.name(), "Process-1");
//! assert_eq!(worker.join(Deadline::after_millis(100))?, Some(Exit::Code(3)));
//! # Ok(())
//! # }
//! ```
//!
//! A process is named by a pidfd wherever one waits for it or sends it a signal, so that nobody is
//! hit who was given the same number. That needs Linux 5.4; nothing here waits for "any child".
//! What changes the whole process (a disposition, a mask, being a subreaper) is a value that
//! restores what was before when it is dropped. Nothing prints, starts a thread, or handles a
//! signal behind its caller's back.

mod child;
mod error;
mod exit;
mod fork;
mod name;
pub mod nice;
pub mod orphan;
mod pidfd;
pub mod pool;
mod process;
pub mod procfs;
mod reap;
pub mod signals;
pub mod wire;

pub use child::Child;
pub use error::{Error, Result};
pub use exit::{Exit, PANICKED};
pub use fork::fork;
pub use name::current;
pub use nix::unistd::Pid;
pub use pool::{Pool, Task, TaskError};
pub use process::{Process, Run, Started};
pub use reap::Reaper;
pub use syscall::Deadline;
pub use wire::Wire;
