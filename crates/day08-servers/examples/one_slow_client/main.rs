//! The broken twin: a thread for each client, and one client at a time.
//!
//! Watch for: there is a thread, and it serves. But the loop waits for its end before it accepts
//! the next client: this is the iterative server, at a higher price. One client that stays, slow
//! or idle or asleep, and all others wait in the backlog.
//! The mistake is one call of join:
//! `diff crates/day08-servers/src/thread.rs crates/day08-servers/examples/one_slow_client/thread.rs`

#![allow(clippy::needless_pass_by_value, reason = "a server owns its listener")]

mod demo;
#[allow(dead_code, reason = "the number of those who accept is for the lesson")]
mod thread;

use std::collections::BTreeSet;
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use cli::Outcome;
use demo::{echo, facts, listener, report};
use listener::Listener;
use process::Process;
use report::Report;
use sockets::{not_now, tcp};

fn main() -> ExitCode {
    let about = "A join in the accept loop: compare its thread.rs with that of the demo.";
    cli::Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let listener = tcp::Listen::new().on("127.0.0.1:0".parse()?)?;
    let address = listener.local_addr()?;
    let ((_words, to_us), (gate, _unused)) = (io::pipe()?, io::pipe()?);
    let work = move || {
        let report = Report::to_lesson(to_us, gate);
        i32::from(thread::serve(Listener::new(listener), &report).is_err())
    };
    // Its end is the end of this function: it is killed when it is dropped.
    let server = Process::new(work).name("server").start()?;

    let slow = tcp::Connect::new().to(address)?;
    ask(&slow)?;
    let others = [tcp::Connect::new().to(address)?, tcp::Connect::new().to(address)?];
    for other in &others {
        (&mut &*other).write_all(b"hello")?;
    }
    facts::until_backlog(address, others.len())?;
    let threads = facts::threads(&BTreeSet::from([server.pid().as_raw()]))?;
    // The server is well: the one inside is answered, as often as it likes.
    let mut answers = 0;
    for _ in 0..100 {
        ask(&slow)?;
        answers += 1;
    }
    let limit = Duration::from_millis(300);
    others[0].set_read_timeout(Some(limit))?;
    let waited = (&others[0]).read(&mut [0; 5]).is_err_and(|error| not_now(&error));
    let backlog = facts::backlog(address)?;
    others[0].set_read_timeout(None)?;
    // One after the other: who leaves lets the next one in.
    slow.shutdown(Shutdown::Write)?;
    for other in &others {
        (&mut &*other).read_exact(&mut [0; 5])?;
        other.shutdown(Shutdown::Write)?;
    }
    drop(server);

    let mut out = io::stdout();
    writeln!(out, "the slow client is inside, the server has {threads} threads")?;
    writeln!(out, "meanwhile it got {answers} answers, and stays")?;
    writeln!(out, "two others have connected and asked: {backlog} in the backlog")?;
    writeln!(out, "no answer for them within {} ms: {waited}", limit.as_millis())?;
    writeln!(out, "the slow client leaves: both are answered, one after the other")?;
    Ok(())
}

fn ask(mut client: &TcpStream) -> io::Result<()> {
    client.write_all(b"hello")?;
    client.read_exact(&mut [0; 5])
}
