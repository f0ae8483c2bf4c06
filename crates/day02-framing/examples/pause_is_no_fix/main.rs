//! The broken twin: the sender makes a short pause behind each message, as the notes advise.
//!
//! Watch for: the receiver is busy while five messages come, ten milliseconds apart, and then one
//! read gives all five. A pause would have to be longer than the longest time in which the
//! receiver does not read, and nobody knows that time. The mistake:
//! `diff crates/day02-framing/src/length.rs crates/day02-framing/examples/pause_is_no_fix/length.rs`

mod length;

use std::io::{self, Write as _};
use std::net::TcpListener;
use std::os::fd::AsRawFd as _;
use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use cli::{Demo, Outcome};
use nix::sys::socket::MsgFlags;
use sockets::tcp;

const MESSAGES: [&str; 5] = ["one", "two", "three", "four", "five"];
const LIMIT: usize = 1 << 20;

fn main() -> ExitCode {
    let about = "A pause between sends is no framing: compare its length.rs with the demo's.";
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut sender = tcp::Connect::new().to(listener.local_addr()?)?;
    let mut receiver = listener.accept()?.0;
    let start = Instant::now();
    let writer = thread::spawn(move || {
        MESSAGES.iter().try_for_each(|message| length::send(&mut sender, message.as_bytes()))
    });
    // The receiver's other work: it lasts until the sender has sent all, however long that takes.
    writer.join().map_err(|_| "the writer panicked")??;
    let took = start.elapsed();
    let all = MESSAGES.concat().len();
    let flags = MsgFlags::MSG_PEEK | MsgFlags::MSG_WAITALL;
    nix::sys::socket::recv(receiver.as_raw_fd(), &mut vec![0; all], flags)?;

    let mut got = Vec::new();
    while let Some(message) = length::receive(&mut receiver, LIMIT)? {
        got.push(String::from_utf8_lossy(&message).into_owned());
    }
    let mut out = io::stdout();
    let (count, pause) = (MESSAGES.len(), length::PAUSE.as_millis());
    writeln!(out, "sent: {count} messages, {pause} ms apart, in {} ms", took.as_millis())?;
    writeln!(out, "received: {} message, {:?}", got.len(), got.join(" | "))?;
    Ok(())
}
