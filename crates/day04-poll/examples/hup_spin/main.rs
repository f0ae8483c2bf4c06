//! The broken twin: a server that eats a whole processor when a client vanishes.
//!
//! Watch for: poll comes back at once, again and again, because nobody reads what it reports.
//! The mistake is one comparison:
//! `diff crates/day04-poll/src/server.rs crates/day04-poll/examples/hup_spin/server.rs`

mod server;

use std::io::{self, Read as _, Write as _};
use std::net::TcpListener;
use std::process::ExitCode;
use std::thread;

use cli::{Demo, Outcome, Role, Usage};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::{TimeVal, TimeValLike as _};
use sockets::{addr, tcp};

const SERVER: Role = Role {
    name: "server",
    args: &["ADDR"],
    help: "the broken server by itself, to be watched with top",
    run: |args| server::serve(&listen(&args[0])?, None),
};

fn main() -> ExitCode {
    let about = "A poll loop that spins on POLLHUP: compare its server.rs with that of the demo.";
    Demo { id: cli::id!(), about, lesson, roles: &[SERVER] }.main()
}

fn lesson() -> Outcome {
    let listener = listen("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    // The server never returns; it ends with the process.
    thread::spawn(move || server::serve(&listener, None).map_err(|error| error.to_string()));

    let mut client = tcp::Connect::new().to(address)?;
    client.write_all(b"hi")?;
    client.read_exact(&mut [0; 2])?;
    rest("while the client is silent")?;

    tcp::reset_on_close(&client)?;
    drop(client);
    rest("after it has vanished with a RST")
}

fn listen(address: &str) -> Outcome<TcpListener> {
    let address = addr::resolve_one(address).map_err(Usage::of)?;
    let listener = tcp::Listen::new().nonblocking(true).on(address)?;
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    Ok(listener)
}

/// What does a server cost that has nothing to do? On a busy machine a second says little about
/// that, so the measure is a thread that computes without a break: this one.
fn rest(when: &str) -> Outcome {
    let (all, ours) = (used(UsageWho::RUSAGE_SELF)?, used(UsageWho::RUSAGE_THREAD)?);
    while (used(UsageWho::RUSAGE_THREAD)? - ours).num_milliseconds() < 200 {}
    let ours = used(UsageWho::RUSAGE_THREAD)? - ours;
    let server = (used(UsageWho::RUSAGE_SELF)? - all - ours).num_milliseconds().max(0);
    let ours = ours.num_milliseconds();
    writeln!(io::stdout(), "{when}: {server} ms of processor time, a busy thread: {ours} ms")?;
    Ok(())
}

/// Processor time, in the program and in the kernel for it.
fn used(who: UsageWho) -> Outcome<TimeVal> {
    let usage = getrusage(who)?;
    Ok(usage.user_time() + usage.system_time())
}
