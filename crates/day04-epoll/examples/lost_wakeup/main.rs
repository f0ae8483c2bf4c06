//! The broken twin: an edge-triggered server that reads once for each event.
//!
//! Watch for: the rest of a long message lies in the socket, readable, and epoll_wait sleeps. It
//! comes only when the client happens to send something else.
//! The mistake is one line:
//! `diff crates/day04-epoll/src/edge.rs crates/day04-epoll/examples/lost_wakeup/edge.rs`

mod edge;
#[path = "../../src/event.rs"]
mod event;

use std::io::{self, Write as _};
use std::mem::ManuallyDrop;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use cli::{Demo, Outcome};
use sockets::{not_now, tcp};

fn main() -> ExitCode {
    let about =
        "An edge-triggered server that loses a wake-up: compare its edge.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let listener = tcp::Listen::new().nonblocking(true).on("127.0.0.1:0".parse()?)?;
    let address = listener.local_addr()?;
    // The server never returns; it ends with the process.
    thread::spawn(move || edge::serve(&listener, None).map_err(|error| error.to_string()));

    let mut out = io::stdout();
    // Said before it is done, so that the server's line comes behind it.
    writeln!(out, "the client connects and sends 10000 bytes")?;
    // Never closed: at its end the server would say so, or the process would end before that.
    let mut client = ManuallyDrop::new(tcp::Connect::new().to(address)?);
    // Whoever waits for an answer that will not come should not wait for ever.
    client.set_read_timeout(Some(Duration::from_secs(1)))?;
    client.write_all(&[b'.'; 10_000])?;
    let got = read_until_silence(&mut *client, 10_000)?;
    writeln!(out, "the client got back {got} bytes, and then nothing for a second")?;

    client.write_all(b"!")?;
    writeln!(out, "the client has sent one more byte")?;
    let more = read_until_silence(&mut *client, 10_001 - got)?;
    writeln!(out, "the client got back {more} bytes")?;
    Ok(())
}

fn read_until_silence(stream: &mut impl io::Read, most: usize) -> io::Result<usize> {
    let (mut bytes, mut got) = (vec![0; most], 0);
    while got < most {
        match stream.read(&mut bytes[got..]) {
            Ok(0) => break,
            Ok(n) => got += n,
            Err(error) if not_now(&error) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(got)
}
