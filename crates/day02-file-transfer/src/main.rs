//! Day 2: one file over TCP.
//!
//! Watch for:
//! - the length goes in front. "The stream has ended" is what a complete file and a sender that
//!   was killed have in common;
//! - the receiver says "go" before the content and "ok" behind it: that send has succeeded means
//!   only that our own kernel has the bytes;
//! - the name comes from a stranger: a `/` or a `..` in it would write anywhere on the disk;
//! - a file gets its name when it is complete, by rename in the same directory.
//!
//! `wire.rs` is the protocol, `send.rs` and `receive.rs` its two sides, `content.rs` the heart of
//! the receiver. The example `eof_as_length` is `content.rs` with one mistake: compare with diff.

mod content;
mod lesson;
mod receive;
mod send;
mod sum;
mod wire;

use std::io::{self, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use cli::{Demo, Outcome, Role, Usage};
use sockets::{addr, tcp};

/// How long the other side may be silent.
const PATIENCE: Option<Duration> = Some(Duration::from_secs(30));

fn main() -> ExitCode {
    Demo {
        id: cli::id!(),
        about: env!("CARGO_PKG_DESCRIPTION"),
        lesson: lesson::run,
        roles: &[
            Role {
                name: "receive",
                args: &["ADDR", "DIR"],
                help: "put every file that is sent into DIR, until Ctrl-C",
                run: receive,
            },
            Role { name: "send", args: &["ADDR", "FILE"], help: "send one file", run: send },
        ],
    }
    .main()
}

/// One sender after the other. What goes wrong with one of them is its own end and not ours.
fn receive(args: &[String]) -> Outcome {
    let address = addr::resolve_one(&args[0]).map_err(Usage::of)?;
    let dir = Path::new(&args[1]);
    if !dir.is_dir() {
        return Err(format!("{} is no directory", dir.display()).into());
    }
    let listener = tcp::Listen::new().on(address)?;
    say(&format!("listening on {}", listener.local_addr()?))?;
    loop {
        match listener.accept() {
            Ok((stream, from)) => {
                match patient(&stream).and_then(|()| receive::one(&stream, dir)) {
                    Ok(file) => say(&format!("{from}: {file}"))?,
                    Err(error) => say(&format!("{from}: nothing received: {error}"))?,
                }
            }
            Err(error) if tcp::concerns_one_connection(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn send(args: &[String]) -> Outcome {
    let server = addr::resolve(&args[0]).map_err(Usage::of)?;
    let file = send::Source::open(Path::new(&args[1]))?;
    let stream = tcp::Connect::new().to_any(&server)?;
    patient(&stream)?;
    let sum = file.send(&stream).map_err(|error| format!("{}: {error}", args[0]))?;
    say(&format!("{} bytes sent, CRC-32 {sum:08x}, and the receiver has them", file.length))
}

/// A time-out for each single call: a peer that has gone without a word does not hold us for ever.
fn patient(stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(PATIENCE)?;
    stream.set_write_timeout(PATIENCE)
}

fn say(line: &str) -> Outcome {
    Ok(writeln!(io::stdout(), "{line}")?)
}
