//! What the capstones share: programs that people rely on, that run for months, and that talk to
//! strangers.
//!
//! - [`args`]: a command line read by clap, a mistake in it in one sentence;
//! - [`Log`]: events on standard error, which stop nobody and fill no disk;
//! - [`Signals`]: the end, asked for by SIGINT or SIGTERM;
//! - [`Keeper`]: the process that starts servers, each in a child, and ends them;
//! - [`Model`]: who serves a client, one of the five of the course;
//! - [`ready`]: `listening on ADDR`, or why it cannot be listened on;
//! - [`harmless`]: other people's text on one's own terminal; pure.
//!
//! `cli` is the front door of all programs, demos too; what is here would be too much for those.

#![forbid(unsafe_code)]

pub mod args;
mod harmless;
mod keeper;
mod log;
mod model;
pub mod ready;
mod signals;

pub use harmless::{harmless, push_harmless};
pub use keeper::Keeper;
pub use log::{Level, Log};
pub use model::{Model, UnknownModel};
pub use signals::Signals;
