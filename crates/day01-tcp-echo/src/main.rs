//! Day 1: a TCP server and its client, call by call.
//!
//! Watch for:
//! - two sockets in the server: the listener, and a new one for each client;
//! - "##" ends the conversation and nothing else: the server goes on with the next client;
//! - "##" is a LINE. It is found when it comes in two pieces, and when it comes with other text;
//! - the number in listen is the length of a queue, and the queue holds one more.
//!
//! `server.rs` and `client.rs` are the idea, `lines.rs` finds the mark, `with_std.rs` is the same
//! again with std. The examples `hash_in_read` and `one_client_only` are the same server with one
//! mistake each: compare them with diff.

mod client;
mod lesson;
mod lines;
mod queue;
mod raw;
mod server;
mod with_std;

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::process::ExitCode;

use cli::{Demo, Outcome, Role, Usage};
use sockets::addr;

fn main() -> ExitCode {
    Demo {
        id: cli::id!(),
        about: env!("CARGO_PKG_DESCRIPTION"),
        lesson: lesson::run,
        roles: &[
            Role {
                name: "server",
                args: &["ADDR"],
                help: "one client at a time, until Ctrl-C",
                run: server,
            },
            Role { name: "client", args: &["ADDR"], help: "send lines, ## to end", run: client },
            Role {
                name: "std-server",
                args: &["ADDR"],
                help: "the same with std",
                run: std_server,
            },
            Role {
                name: "std-client",
                args: &["ADDR"],
                help: "the same with std",
                run: std_client,
            },
        ],
    }
    .main()
}

fn server(args: &[String]) -> Outcome {
    let listener = server::listen(addr::resolve_one(&args[0]).map_err(Usage::of)?, 5)?;
    listening(listener.local_addr()?.as_socket())?;
    server::serve(&listener, None)
}

fn client(args: &[String]) -> Outcome {
    let servers = addr::resolve(&args[0]).map_err(Usage::of)?;
    client::talk(client::Client::connect_any(&servers)?)
}

fn std_server(args: &[String]) -> Outcome {
    let listener = with_std::listen(addr::resolve_one(&args[0]).map_err(Usage::of)?)?;
    listening(listener.local_addr().ok())?;
    with_std::serve(&listener, None)
}

fn std_client(args: &[String]) -> Outcome {
    with_std::client(&addr::resolve(&args[0]).map_err(Usage::of)?)
}

/// Port 0 lets the kernel choose one, so the address is only known afterwards.
fn listening(address: Option<SocketAddr>) -> Outcome {
    let address = address.ok_or("the socket has no address of the internet")?;
    writeln!(io::stdout(), "listening on {address}")?;
    Ok(())
}
