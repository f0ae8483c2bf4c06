//! A harness for comparing two pieces of code that take microseconds.
//!
//! - [`Gate`]: waits until the machine is idle, because a busy one was seen to change a result by
//!   4 to 11 times, and counts how often it had to go on without;
//! - [`pair`]: runs baseline and candidate in turns, so that whatever drifts meets both of them;
//! - [`Summary`]: minimum, lower quartile and median; a mean would count the interruptions;
//! - [`command`]: what all programs of this crate take as arguments and say at the end;
//! - [`daemon`]: servers that are started to be measured;
//! - [`machine`]: pins the process to one processor, and says what machine this is.
//!
//! Times do not carry over to another machine, ratios within one run do: a verdict is made from
//! the ratios of the pairs, never from two times that were taken minutes apart.
//!
//! Why not criterion: it has no gate, it runs candidate after baseline instead of in turns, and it
//! would be the largest dependency of this workspace.

#![forbid(unsafe_code)]

pub mod command;
pub mod daemon;
mod gate;
pub mod machine;
mod pair;
mod stats;

pub use gate::Gate;
pub use pair::{Pair, Side, pair};
pub use stats::{Summary, median};
