//! Day 9: socketserver, its classes as types.
//!
//! Watch for:
//! - a server is three choices: where clients come from, who serves them, what is done for them;
//! - Python composes them by inheritance, and the mixin must stand first: `class
//!   S(TCPServer, ForkingMixIn)` is an iterative server, and nobody is told. A type parameter has
//!   no order to get wrong;
//! - who answers: this thread, another thread, a child;
//! - what a limit does: one too many waits in the kernel's queue;
//! - a stop that waits for nobody, so that even a handler may ask for it.
//!
//! `table.rs` is the idea. The example `shutdown_deadlock` is `ends.rs` with one mistake.

mod client;
mod ends;
mod handlers;
mod limit;
mod role;
mod table;

use std::process::ExitCode;

use cli::{Demo, Outcome, Role};

fn main() -> ExitCode {
    Demo {
        id: cli::id!(),
        about: env!("CARGO_PKG_DESCRIPTION"),
        lesson,
        roles: &[Role {
            name: "server",
            args: &["ADDR", "[EXECUTOR]"],
            help: "echo until Ctrl-C; iterative, fork, thread, pool or epoll (try nc)",
            run: role::server,
        }],
    }
    .main()
}

fn lesson() -> Outcome {
    table::run()?;
    limit::run()?;
    ends::run()
}
