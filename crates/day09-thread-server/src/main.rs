//! Day 9: a thread for each client.
//!
//! Watch for:
//! - the stream moves into its thread, and that is all: what "close in the branch" was for, the
//!   end of its owner does;
//! - there is a limit of clients. Whoever comes too many waits in the backlog, and costs nothing;
//! - a stop is a descriptor that becomes readable, here a signalfd: no new clients, answers that
//!   have begun are finished, all threads are joined, and then main returns;
//! - a directory gives its names in no order, and a name is bytes: with newlines, or not UTF-8;
//! - the type of an entry does not follow a symbolic link; the questions of std's Path do.
//!
//! `server.rs` is the loop, `crew.rs` the threads and their end, `talk.rs` one conversation,
//! `files.rs` the answers, `cookies.rs` the questions to a directory. The example `unjoined_stop`
//! differs in `crew.rs`.
//! In two terminals: `-- server 127.0.0.1:8888`, and `nc 127.0.0.1 8888`, then `list`.

mod client;
mod cookies;
mod crew;
mod files;
mod lesson;
mod server;
mod talk;

use std::fs;
use std::io::{self, Write as _};
use std::process::ExitCode;

use cli::{Demo, Outcome, Role, Usage};
use nix::sys::signal::Signal;
use process::Deadline;
use process::signals::{Masked, SignalFd};
use server::Settings;
use sockets::{addr, tcp};

const SERVER: Role = Role {
    name: "server",
    args: &["ADDR", "[DIR]", "[LIMIT]"],
    help: "tells what is in DIR (.) to LIMIT (64) clients at once: list, size NAME, who, quit",
    run: server,
};

fn main() -> ExitCode {
    let about = env!("CARGO_PKG_DESCRIPTION");
    Demo { id: cli::id!(), about, lesson: lesson::run, roles: &[SERVER] }.main()
}

fn server(args: &[String]) -> Outcome {
    let address = addr::resolve_one(&args[0]).map_err(Usage::of)?;
    let mut settings = Settings::of(args.get(1).map_or(".", String::as_str));
    if let Some(limit) = args.get(2) {
        let number = limit.parse().ok().filter(|&limit| limit > 0);
        settings.limit = number.ok_or_else(|| Usage(format!("'{limit}' is not a limit")))?;
    }
    // Better now than to the first client.
    let dir = settings.dir.display();
    fs::read_dir(&settings.dir).map_err(|error| format!("{dir} cannot be listed: {error}"))?;

    // Before the first thread: threads inherit the mask, and one that lets the signal through
    // would be killed by it, and the process with it.
    let stop = SignalFd::new(Masked::block([Signal::SIGINT, Signal::SIGTERM])?)?;
    let listener = tcp::Listen::new().backlog(1024).nonblocking(true).on(address)?;
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    let end = server::serve(listener, settings, &stop)?;
    // What was not taken would take effect when `stop` is dropped.
    while let Some(signal) = stop.wait(Deadline::Now)? {
        writeln!(io::stdout(), "{}", signal.signal)?;
    }
    writeln!(io::stdout(), "{end}")?;
    Ok(())
}
