//! The broken twin: a forking server whose parent keeps its copy of each connection.
//!
//! Watch for: the client is answered, and the child ends as it should. The client waits for the
//! end of the stream, and it never comes: a connection is closed when its last descriptor is, and
//! the parent has one. It will run out of descriptors, too.
//! The mistake is one line:
//! `diff crates/day08-servers/src/fork.rs crates/day08-servers/examples/parent_keeps_connection/fork.rs`

#![allow(clippy::needless_pass_by_value, reason = "the child gives its listener up")]

mod demo;
#[allow(dead_code, reason = "the number of those who accept is for the lesson")]
mod fork;

use std::collections::BTreeSet;
use std::io::{self, PipeReader, Read as _, Write as _};
use std::net::Shutdown;
use std::process::ExitCode;
use std::time::Duration;

use cli::Outcome;
use demo::{echo, facts, listener, report};
use listener::Listener;
use process::{Deadline, Process};
use report::Report;
use sockets::{not_now, tcp};

fn main() -> ExitCode {
    let about = "A parent that keeps connections: compare its fork.rs with that of the demo.";
    cli::Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let listener = tcp::Listen::new().on("127.0.0.1:0".parse()?)?;
    let address = listener.local_addr()?;
    let ((words, to_us), (gate, _unused)) = (io::pipe()?, io::pipe()?);
    let work = move || {
        let report = Report::to_lesson(to_us, gate);
        i32::from(fork::serve(Listener::new(listener), &report).is_err())
    };
    let mut server = Process::new(work).name("server").start()?;

    let mut client = tcp::Connect::new().to(address)?;
    client.write_all(b"hello")?;
    client.read_exact(&mut [0; 5])?;
    client.shutdown(Shutdown::Write)?;
    // The server says so when it has waited for the child that served us.
    let (seen, known) = until_reaped(words)?;
    let sockets = facts::sockets(server.pid().as_raw())?;
    let (children, _) = facts::children(server.pid().as_raw(), &known)?;

    let limit = Duration::from_millis(500);
    client.set_read_timeout(Some(limit))?;
    let end = client.read(&mut [0]);
    server.kill()?;
    server.join(Deadline::Never)?;
    client.set_read_timeout(None)?;
    let later = client.read(&mut [0])?;

    let mut out = io::stdout();
    writeln!(out, "the client has its answer and has ended its side")?;
    writeln!(out, "the child has ended, {seen} reaped, {children} left")?;
    writeln!(out, "the parent has {sockets} sockets: the listener, and the connection")?;
    match end {
        Err(error) if not_now(&error) => {
            writeln!(out, "no end of the stream within {} ms", limit.as_millis())?;
        }
        end => writeln!(out, "the client got {end:?}")?,
    }
    writeln!(out, "the parent is killed: read gives {later}, the end")?;
    Ok(())
}

fn until_reaped(mut words: PipeReader) -> Outcome<(usize, BTreeSet<i32>)> {
    let (mut text, mut bytes) = (String::new(), [0; 256]);
    while !text.contains("Reaped") {
        let n = words.read(&mut bytes)?;
        text.push_str(str::from_utf8(&bytes[..n])?);
        if n == 0 {
            return Err("the server has ended before its time".into());
        }
    }
    let known = text.lines().filter_map(|line| line.split(' ').nth(1)?.parse().ok()).collect();
    Ok((text.matches("Reaped").count(), known))
}
