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

mod attach;
mod call;
mod decode;
mod engine;
mod escaped;
mod inject;
mod kernel;
mod pid;
mod record;
mod run;
mod state;
mod step;
mod symbols;
mod sys;
mod task;

pub use attach::{Standing, where_are};
pub use call::{Address, Answer, Bytes, Call, Class, Value};
pub use decode::{errno_name, signal_name};
pub use engine::{Choice, Denial, Doing, Error, Hung, NoChoice, Options, Tracer};
pub use inject::{Act, Fault, Fd};
pub use kernel::descriptors_of;
pub use pid::{NoPid, Pid};
pub use record::{Difference, Fold, Recording, Surroundings, Unreadable, difference};
pub use run::{Injection, Outcome, Run};
pub use state::{
    Backlog, Change, Descriptor, Lock, LockKind, Object, Process, Socket, State, Status,
};
pub use step::{Birth, Effect, End, Event, Location, Output, Place, Step, Stream};
pub use symbols::{NoLines, check};
pub use syscall::Error as CallError;
pub use task::Task;
