//! Signals (signal(7)).
//!
//! A handler interrupts a program between any two instructions, so it may call next to nothing
//! (signal-safety(7)). Here it cannot: [`Disposition`] takes no code, it counts and writes to a
//! [`SelfPipe`]. The three ways to wait for signals have no gap in which one is missed:
//! - [`Masked::suspend`]: for handlers, with sigsuspend(2) (pause(2) has that gap);
//! - [`Masked::wait`]: without handlers, sigtimedwait(2);
//! - [`SignalFd`] and [`SelfPipe`]: as descriptors, beside others.
//!
//! Masks and dispositions are inherited by fork; handlers do not survive an execve(2), masks and
//! ignored signals do.

mod disposition;
mod mask;
mod pipe;
mod signal;
mod signalfd;
mod timer;

pub use disposition::{Calls, Disposition};
pub use mask::{Masked, Set};
pub use pipe::SelfPipe;
pub use signal::{Info, Signal};
pub use signalfd::SignalFd;
pub use timer::{Timer, alarm};
