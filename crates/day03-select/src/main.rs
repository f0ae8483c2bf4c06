//! Day 3: select(2), one call that waits for many descriptors.
//!
//! Watch for:
//! - the listener, the clients and the terminal are the same to select: numbers in a set;
//! - the set that says what we want comes back as what is ready, so it is built anew each round;
//! - one read may bring two lines, or half of one: lines are cut out of what has come;
//! - the end of the terminal's input stays readable for ever: it leaves the set, the server stays.
//!
//! `server.rs` is the idea, `client.rs` the smallest use of it. The example `forgotten_sets` is the
//! same server with a set that is built once: compare the two with diff.

mod client;
mod lesson;
mod server;
mod source;

use std::fs::File;
use std::io::{self, Write as _};
use std::net::TcpListener;
use std::os::fd::AsFd as _;
use std::path::Path;
use std::process::ExitCode;

use cli::{Demo, Outcome, Role, Usage};
use sockets::{addr, tcp};

use crate::source::Source;

fn main() -> ExitCode {
    Demo {
        id: cli::id!(),
        about: env!("CARGO_PKG_DESCRIPTION"),
        lesson: lesson::run,
        roles: &[
            Role {
                name: "server",
                args: &["ADDR", "FILE"],
                help: "append every line that is sent or typed to FILE, until Ctrl-C",
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
    let log = open(Path::new(&args[1]))?;
    let listener = listen(&args[0])?;
    // A second descriptor for the terminal, because a source closes its own when it ends.
    let terminal = Source::new("terminal", io::stdin().as_fd().try_clone_to_owned()?);
    server::serve(&listener, vec![terminal], log, None)
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

/// O_APPEND: each write goes to the end, also when another process writes to the same file.
fn open(path: &Path) -> Outcome<File> {
    let file = File::options().append(true).create(true).open(path);
    file.map_err(|error| format!("{}: {error}", path.display()).into())
}
