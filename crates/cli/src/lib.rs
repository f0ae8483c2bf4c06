//! What every program of the course shares at its front door.
//!
//! - no argument runs the whole lesson; the first argument may name a role (`server`, `client`);
//! - `--help` says what there is and succeeds;
//! - a mistake in the arguments is one sentence on standard error and status 2, any other failure
//!   one sentence and status 1;
//! - a reader of standard output that has gone (`… | head -1`) is no failure: status 0.
//!
//! A demo's `main` fills in a [`Demo`] and calls [`Demo::main`].

#![forbid(unsafe_code)]

mod demo;
mod outcome;

pub use demo::{Demo, Id, Role};
pub use outcome::{Outcome, Usage, exit};
