//! Day 2: what a socket knows about itself, and its options.
//!
//! Watch for:
//! - a descriptor is the lowest free number of this process, and 0 is one of them;
//! - an option is a level, a name and a value. One typed method per option leaves no place for a
//!   wrong length; what the socket has no use for is an error of the kernel;
//! - the buffer size that is read back is twice the one that was set;
//! - SO_REUSEADDR means two things. On TCP it lets a server start again while old connections
//!   linger in TIME_WAIT; on UDP it lets anybody take the port's datagrams.
//!
//! `facts.rs`, `table.rs`, `sizes.rs`, `time_wait.rs` and `udp.rs` are the five parts. The example
//! `udp_steal` is `udp.rs` with one more option: compare the two with diff.

mod facts;
mod sizes;
mod table;
mod time_wait;
mod udp;

use std::io::{self, Write as _};
use std::process::ExitCode;

use cli::{Demo, Outcome, Role};

fn main() -> ExitCode {
    Demo {
        id: cli::id!(),
        about: env!("CARGO_PKG_DESCRIPTION"),
        lesson,
        roles: &[Role {
            name: "table",
            args: &[],
            help: "the options of new sockets, as the kernel tells them",
            run: |_| table::run(),
        }],
    }
    .main()
}

fn lesson() -> Outcome {
    facts::run()?;
    table::run()?;
    sizes::run()?;
    time_wait::run()?;
    udp::run()
}

fn say(line: &str) -> Outcome {
    Ok(writeln!(io::stdout(), "{line}")?)
}
