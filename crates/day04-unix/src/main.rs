//! Day 4: file types, and sockets of the family AF_UNIX.
//!
//! Watch for:
//! - a type is a property of the file itself: asking must not follow a symbolic link;
//! - the same calls as for TCP, with a path for an address: stream and datagram, pair, abstract;
//! - bind makes a file, and no close removes it: the next bind fails, connecting is refused;
//! - a file may only be removed when it is a socket and nobody answers on it.
//!
//! `bind.rs` is the idea; the example `unlink_first` is the same with one mistake.

mod bind;
mod kinds;
mod life;
mod scratch;
mod steal;
mod talk;
mod ways;

use std::process::ExitCode;

use cli::{Demo, Outcome, Role};

const ROLES: &[Role] = &[
    Role { name: "server", args: &["PATH"], help: "answers until Ctrl-C", run: talk::server },
    Role { name: "client", args: &["PATH"], help: "sends its standard input", run: talk::client },
];

fn main() -> ExitCode {
    let about = env!("CARGO_PKG_DESCRIPTION");
    Demo { id: cli::id!(), about, lesson, roles: ROLES }.main()
}

fn lesson() -> Outcome {
    kinds::run()?;
    ways::run()?;
    life::run()?;
    steal::run()
}
