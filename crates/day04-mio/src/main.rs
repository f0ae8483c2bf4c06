//! Day 4: mio, epoll with a portable face (kqueue on the BSDs and macOS, completion ports on
//! Windows).
//!
//! Watch for:
//! - the calls below are those of `day04-epoll -- edge`: mio is edge-triggered, always;
//! - so every read goes on until WouldBlock, or nobody is told of the rest;
//! - what mio cannot watch, a file or a computation, belongs in a thread that wakes the loop.
//!
//! `server.rs` is the loop, `connection.rs` one client in it, `remote.rs` the hand that reaches
//! into it from another thread.

mod client;
mod connection;
mod lesson;
mod remote;
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
            Role {
                name: "server",
                args: &["ADDR"],
                help: "echo until Ctrl-C, or until you type quit; who counts",
                run: server,
            },
            Role {
                name: "client",
                args: &["ADDR"],
                help: "send lines from the terminal",
                run: client,
            },
        ],
    }
    .main()
}

fn server(args: &[String]) -> Outcome {
    let (mut server, remote) = server::Server::new(listen(&args[0])?)?;
    remote.read_commands_from_stdin();
    server.serve()
}

fn client(args: &[String]) -> Outcome {
    let server = addr::resolve(&args[0]).map_err(Usage::of)?;
    client::talk(tcp::Connect::new().to_any(&server)?)
}

fn listen(address: &str) -> Outcome<TcpListener> {
    let address = addr::resolve_one(address).map_err(Usage::of)?;
    let listener = tcp::Listen::new().nonblocking(true).on(address)?;
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    Ok(listener)
}
