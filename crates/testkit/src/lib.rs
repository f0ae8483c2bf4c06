//! What the tests of this workspace need. A dev-dependency only.
//!
//! - [`Program`]: starts a program under a watchdog, hands its lines over as they come, kills its
//!   whole process group, and finds what it left running;
//! - [`peer`]: the peers that servers meet outside: slow, half-closed, reset, never reading;
//! - [`pty`]: a program at a terminal;
//! - [`leaks`]: descriptors, threads and children before and after;
//! - [`proc`]: what the kernel says about a task, and waiting for it without sleeping;
//! - [`cases!`]: a harness for tests that fork, each case in a process of its own;
//! - [`need`], [`skip!`]: what a machine may lack, and saying so aloud;
//! - [`whole_lesson!`]: what every demo must stand;
//! - [`echo_suite!`]: one suite for every demo that is an echo server.
//!
//! The rules: nothing here sleeps in order to be "late enough", nothing picks a port, nothing
//! waits without a limit, and a watchdog that fires says where everybody was asleep.

pub mod cases;
pub mod echo;
pub mod leaks;
pub mod lesson;
pub mod need;
pub mod peer;
pub mod proc;
mod program;
pub mod pty;
mod until;

pub use program::{Finished, Program, Running};
pub use until::{LIMIT, guarded, until};
