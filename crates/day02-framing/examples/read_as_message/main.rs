//! The broken twin: one read is taken for one message.
//!
//! Watch for: the sender sends one message, the receiver counts several, and the first of them is
//! half of it. With short messages and a quick reader it seems to work, for years. The mistake is
//! in `receive`:
//! `diff crates/day02-framing/src/length.rs crates/day02-framing/examples/read_as_message/length.rs`

mod length;

use std::io::{self, Write as _};
use std::net::TcpListener;
use std::process::ExitCode;
use std::thread;

use cli::{Demo, Outcome};
use socket2::SockRef;
use sockets::tcp;

const SIZE: usize = 500_000;
const LIMIT: usize = 1 << 20;

fn main() -> ExitCode {
    let about =
        "A receiver that takes a read for a message: compare its length.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut sender = tcp::Connect::new().to(listener.local_addr()?)?;
    let mut receiver = listener.accept()?.0;
    // Smaller than the message: it cannot lie there whole.
    SockRef::from(&receiver).set_recv_buffer_size(16 << 10)?;
    let writer = thread::spawn(move || length::send(&mut sender, &vec![b'.'; SIZE]));
    let mut got = Vec::new();
    while let Some(message) = length::receive(&mut receiver, LIMIT)? {
        got.push(message.len());
    }
    writer.join().map_err(|_| "the writer panicked")??;
    let mut out = io::stdout();
    writeln!(out, "sent: 1 message of {SIZE} bytes")?;
    writeln!(
        out,
        "received: {} messages, the first one of {} bytes",
        got.len(),
        got.first().unwrap_or(&0)
    )?;
    // The four bytes of the length were never looked at: they count as text.
    writeln!(out, "all together: {} bytes", got.iter().sum::<usize>())?;
    Ok(())
}
