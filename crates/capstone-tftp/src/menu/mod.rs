//! The client for people: a menu of four, as the course's notes have it, with names that complete
//! themselves; and the same as a plain filter, where there is no terminal.
//!
//! - `words.rs`, `command.rs`: what was typed; pure;
//! - `terminal.rs`: lines that are edited, with a history; `complete.rs`: the Tab key;
//! - `pipe.rs`: lines from a pipe or a file;
//! - `show.rs`: what a command has to say.

mod command;
mod complete;
mod pipe;
mod show;
mod terminal;
mod words;

use cli::Outcome;

use crate::command::{Interrupt, Remote, Session};

/// Does what is typed until it is told to quit.
///
/// # Errors
/// Nobody answers; without a terminal also: one of the commands has failed.
pub fn run(remote: Remote, overwrite: bool) -> Outcome {
    let interrupt = Interrupt::watch()?;
    let mut session = Session::open(remote, interrupt.clone(), overwrite)?;
    if terminal::is_there() {
        terminal::run(&mut session, &interrupt)
    } else {
        pipe::run(&mut session)
    }
}
