//! Day 2: what send and recv do, and what they do not.
//!
//! Watch for:
//! - recv on an empty buffer sleeps, and send on a full one: both in the kernel, at no cost;
//! - a read of 0 is the end, and it comes only after everything that was sent has been read;
//! - send counts what OUR kernel has taken: the peer may have gone and will never read it;
//! - a write may take a part. The number that it gives back is the only one who knows how much.
//!
//! `recv.rs` and `send.rs` are the rules, `full.rs` is the full buffer, `transfer.rs` the loop that
//! loses nothing. The example `write_ignored` is that loop with one mistake: compare the two with
//! diff.

mod asleep;
mod full;
mod recv;
mod send;
mod transfer;

use std::io::{self, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::ExitCode;

use cli::{Demo, Outcome, Role};
use sockets::tcp;

fn main() -> ExitCode {
    Demo {
        id: cli::id!(),
        about: env!("CARGO_PKG_DESCRIPTION"),
        lesson,
        roles: &[
            Role { name: "recv", args: &[], help: "the receiving half", run: |_| recv::run() },
            Role { name: "send", args: &[], help: "the sending half", run: |_| send::run() },
            Role { name: "full", args: &[], help: "the full buffer", run: |_| full::run() },
        ],
    }
    .main()
}

fn lesson() -> Outcome {
    recv::run()?;
    send::run()?;
    full::run()
}

/// Both ends of one connection on loopback.
fn pair() -> Outcome<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let ours = tcp::Connect::new().to(listener.local_addr()?)?;
    Ok((ours, listener.accept()?.0))
}

fn say(line: &str) -> Outcome {
    Ok(writeln!(io::stdout(), "{line}")?)
}
