//! Day 8: one protocol (echo), five models of a server.
//!
//! Watch for:
//! - who serves whom: the same process, a child for each client, a thread for each, one of a few
//!   workers, or one loop for all;
//! - what a client that stays costs the others, and what one long computation costs them;
//! - where those wait who are not served: in the backlog, connected, and nobody has accepted them;
//! - what is lost when one request crashes: its process, and all that lives in it;
//! - fork: the child closes the listener, the parent closes the connection, and children are reaped.
//!
//! `iterative.rs`, `fork.rs`, `thread.rs`, `pool.rs` and `poll.rs` are siblings; `echo.rs` is what
//! they all do, `scenes.rs` the clients. The examples `parent_keeps_connection` and
//! `one_slow_client` have one mistake each, in `fork.rs` and in `thread.rs`: compare them with diff.

#![allow(
    clippy::needless_pass_by_value,
    reason = "a server owns its listener; fork's child gives it up"
)]

mod client;
mod echo;
mod facts;
mod fork;
mod iterative;
mod lesson;
mod listener;
mod models;
mod poll;
mod pool;
mod report;
mod scenes;
mod thread;
mod watch;

use std::io::{self, Write as _};
use std::process::ExitCode;

use cli::{Demo, Outcome, Role, Usage};
use sockets::{addr, tcp};

use listener::Listener;
use models::Model;
use report::Report;

const fn role(model: &'static Model, run: fn(&[String]) -> Outcome) -> Role {
    Role { name: model.name, args: &["ADDR"], help: model.help, run }
}

fn main() -> ExitCode {
    const ROLES: &[Role] = &[
        role(&models::ITERATIVE, |args| server(&models::ITERATIVE, args)),
        role(&models::FORK, |args| server(&models::FORK, args)),
        role(&models::THREAD, |args| server(&models::THREAD, args)),
        role(&models::POOL, |args| server(&models::POOL, args)),
        role(&models::POLL, |args| server(&models::POLL, args)),
    ];
    let about = env!("CARGO_PKG_DESCRIPTION");
    Demo { id: cli::id!(), about, lesson: lesson::run, roles: ROLES }.main()
}

fn server(model: &Model, args: &[String]) -> Outcome {
    let address = addr::resolve_one(&args[0]).map_err(Usage::of)?;
    let listener = tcp::Listen::new().on(address)?;
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    (model.serve)(Listener::new(listener), &Report::to_terminal())
}
