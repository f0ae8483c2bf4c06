//! Day 4: poll(2), one loop that serves many connections.
//!
//! Watch for:
//! - the server sleeps in ONE place, poll, and never in read, write or accept;
//! - the array is built anew for every call, because it borrows the descriptors in it;
//! - POLLOUT is asked for only while something is owed: an idle socket is always writable;
//! - POLLHUP and POLLERR come unasked, and data may still lie in front of them.
//!
//! `server.rs` is the idea, `client.rs` the smallest use of it, `cases.rs` the table of answers.
//! The example `hup_spin` is the same server with one mistake: compare the two with diff.

mod cases;
mod client;
mod lesson;
mod server;

use std::io::{self, Write as _};
use std::net::TcpListener;
use std::process::ExitCode;

use cli::{Demo, Outcome, Role, Usage};
use sockets::{addr, tcp};

fn main() -> ExitCode {
    Demo {
        id: cli::id!(),
        about: env!("CARGO_PKG_DESCRIPTION"),
        lesson: lesson::run,
        roles: &[
            Role { name: "server", args: &["ADDR"], help: "echo until Ctrl-C", run: server },
            Role {
                name: "client",
                args: &["ADDR"],
                help: "send lines from the terminal",
                run: client,
            },
            Role {
                name: "cases",
                args: &[],
                help: "what poll answers, and when",
                run: |_| cases::run(),
            },
        ],
    }
    .main()
}

fn server(args: &[String]) -> Outcome {
    let listener = listen(&args[0])?;
    server::serve(&listener, None)
}

fn client(args: &[String]) -> Outcome {
    let server = addr::resolve(&args[0]).map_err(Usage::of)?;
    client::talk(&tcp::Connect::new().to_any(&server)?)
}

/// Port 0 lets the kernel choose one, so the address is only known afterwards.
fn listen(address: &str) -> Outcome<TcpListener> {
    let address = addr::resolve_one(address).map_err(Usage::of)?;
    let listener = tcp::Listen::new().nonblocking(true).on(address)?;
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    Ok(listener)
}
