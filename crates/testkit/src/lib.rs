//! What the tests of this workspace need. A dev-dependency only.
//!
//! - [`Program`]: starts a program under a watchdog, hands its lines over as they come, kills its
//!   whole process group, and finds what it left running;
//! - [`peer`]: the peers that servers meet outside: slow, half-closed, reset, never reading;
//! - [`net`]: a bad network in front of a UDP server;
//! - [`pty`]: a program at a terminal;
//! - [`leaks`]: descriptors, threads and children before and after;
//! - [`proc`]: what the kernel says about a task, and waiting for it without sleeping;
//! - [`cases!`]: a harness for tests that fork, each case in a process of its own;
//! - [`sandbox`]: a program as in a container, or as nobody;
//! - [`need`], [`skip!`]: what a machine may lack, and saying so aloud;
//! - [`whole_lesson!`]: what every demo must stand;
//! - [`echo_suite!`]: one suite for every demo that is an echo server;
//! - with the feature `trace`, which brings the tracer along: `exercise!`, the tests of an exercise
//!   and what they say to a learner; `fault_suite!`, one suite for every server, under injected
//!   faults.
//!
//! The rules: nothing here sleeps in order to be "late enough", nothing picks a port, nothing
//! waits without a limit, and a watchdog that fires says where everybody was asleep.

pub mod cases;
pub mod echo;
#[cfg(feature = "trace")]
pub mod exercise;
#[cfg(feature = "trace")]
pub mod faults;
pub mod leaks;
pub mod lesson;
pub mod need;
pub mod net;
pub mod peer;
pub mod proc;
mod program;
pub mod pty;
pub mod sandbox;
mod until;

pub use program::{Finished, Program, Running};
pub use until::{LIMIT, guarded, until};
