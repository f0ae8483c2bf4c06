//! Day 4: epoll(7), where the kernel keeps the interest list.
//!
//! Watch for:
//! - epoll_ctl says once what to watch; epoll_wait hands over nothing and gives only what is ready;
//! - the 64 bits that come back with an event are ours: here the number of the descriptor;
//! - level reports a state, edge a change, one-shot a single event;
//! - EPOLL_CTL_DEL comes before close: a dup keeps a closed descriptor reporting.
//!
//! Is it faster? The cost of a wait does not grow with idle descriptors, that of select and poll
//! does; with a few descriptors, or when all are busy, there is little to choose. Measure it:
//! `cargo run --release -p bench --bin wakeup`.
//!
//! `server.rs` is the server of day04-poll on epoll, `edge.rs` the same by edge: compare them with
//! diff. The example `lost_wakeup` is `edge.rs` with one mistake.

mod client;
mod edge;
mod event;
mod lesson;
mod server;
mod triggers;

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
                help: "echo by level until Ctrl-C",
                run: server,
            },
            Role { name: "edge", args: &["ADDR"], help: "echo by edge until Ctrl-C", run: edge },
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
    server::serve(&listen(&args[0])?, None)
}

fn edge(args: &[String]) -> Outcome {
    edge::serve(&listen(&args[0])?, None)
}

fn client(args: &[String]) -> Outcome {
    let server = addr::resolve(&args[0]).map_err(Usage::of)?;
    client::talk(&tcp::Connect::new().to_any(&server)?)
}

fn listen(address: &str) -> Outcome<TcpListener> {
    let address = addr::resolve_one(address).map_err(Usage::of)?;
    let listener = tcp::Listen::new().nonblocking(true).on(address)?;
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    Ok(listener)
}
