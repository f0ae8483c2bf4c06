//! Runs an unchanged program under ptrace(2) and tells, step by step, what it asks of the kernel,
//! from which line of its source, and what the kernel holds for it.
//!
//! The words of this crate, from small to large:
//!
//! - a [`Task`] is a thread of one of the traced processes;
//! - a [`Call`] is a system call with its arguments as [`Value`]s, and its [`Answer`];
//! - a [`Place`] is where in the source it was made;
//! - a [`State`] is what the kernel holds, and a [`Change`] what has become different in it;
//! - a [`Step`] is one visible thing: a call begins, sleeps, returns; a signal, a birth, an end.
//!
//! Nothing here prints. Everything that is told is a value that can be written down and read back.

mod call;
mod state;
mod step;
mod task;

pub use call::{Address, Answer, Bytes, Call, Class, Value};
pub use state::{Change, Descriptor, Object, Process, Socket, State, Status};
pub use step::{Birth, Effect, End, Event, Location, Output, Place, Step, Stream};
pub use task::Task;
