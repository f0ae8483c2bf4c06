//! The broken twin: a server that is stopped without joining its threads.
//!
//! Watch for: the exit status is 0 and the last line is a good one, and a client that was reading
//! its answer gets a part of it. Nothing tells it that there was more, but the number in front.
//! The mistake is what is missing behind the last comment of `stop`:
//! `diff crates/day09-thread-server/src/crew.rs crates/day09-thread-server/examples/unjoined_stop/crew.rs`

#[path = "../../src/client.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod client;
mod crew;
#[path = "../../src/files.rs"]
mod files;
#[path = "../../src/server.rs"]
#[allow(dead_code, reason = "the grace of its settings is not given")]
mod server;
#[path = "../../src/talk.rs"]
mod talk;

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};

use cli::{Demo, Outcome, Role, Usage};
use client::Client;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use process::Deadline;
use process::signals::{Masked, SignalFd};
use server::Settings;
use sockets::{addr, tcp};

const SERVER: Role = Role {
    name: "server",
    args: &["ADDR", "DIR"],
    help: "tells what is in DIR, until SIGTERM",
    run: server,
};

fn main() -> ExitCode {
    let about = "A stop without join: compare its crew.rs with that of the demo.";
    Demo { id: cli::id!(), about, lesson, roles: &[SERVER] }.main()
}

/// As in the demo.
fn server(args: &[String]) -> Outcome {
    let address = addr::resolve_one(&args[0]).map_err(Usage::of)?;
    let stop = SignalFd::new(Masked::block([Signal::SIGINT, Signal::SIGTERM])?)?;
    let listener = tcp::Listen::new().nonblocking(true).on(address)?;
    writeln!(io::stdout(), "listening on {}", listener.local_addr()?)?;
    let end = server::serve(listener, Settings::of(&args[1]), &stop)?;
    while stop.wait(Deadline::Now)?.is_some() {}
    writeln!(io::stdout(), "{end}")?;
    Ok(())
}

/// Starts this program in its role `server`, asks for a long answer, and stops it in the middle.
fn lesson() -> Outcome {
    let dir = tempfile::tempdir()?;
    for number in 0..400 {
        File::create(dir.path().join(format!("{number:0>200}")))?;
    }
    let mut child = Command::new(std::env::current_exe()?)
        .args([Path::new("server"), Path::new("127.0.0.1:0"), dir.path()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let result = in_the_middle(&mut child);
    // It has ended, unless something went wrong before.
    let _ = child.kill();
    let status = child.wait()?;
    let (said, got) = result?;
    let mut out = io::stdout();
    writeln!(out, "the client has got \"400 files\", and the server gets SIGTERM")?;
    writeln!(out, "the server: {said}, {status}")?;
    writeln!(out, "the client reads on: {got} whole lines of 400, then the end of the stream")?;
    Ok(())
}

fn in_the_middle(child: &mut Child) -> Outcome<(String, usize)> {
    let mut output = BufReader::new(child.stdout.take().ok_or("no output")?);
    let mut line = String::new();
    output.read_line(&mut line)?;
    let address = line.trim().strip_prefix("listening on ").ok_or("no address")?.parse()?;
    // 80 kB, of which the buffers between here and there hold half at the most: with the first line
    // here, the server's thread is in the middle of its answer for certain.
    let mut client = Client::with_small_buffers(address)?;
    client.ask("list", 1)?;
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGTERM)?;
    let mut said = String::new();
    // To its end: main has returned.
    output.read_to_string(&mut said)?;
    let whole = client.hear(400)?.iter().filter(|line| line.len() == 200).count();
    Ok((said.trim().into(), whole))
}
