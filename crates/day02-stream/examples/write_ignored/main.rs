//! The broken twin: a sender that takes "write returned Ok" for "it has all been sent".
//!
//! Watch for: the sender reports success, and the bytes that the full buffer had no room for are
//! nowhere. On a socket that blocks nothing would be lost, so the mistake waits for the day on
//! which somebody sets O_NONBLOCK or a time-out. It is one place:
//! `diff crates/day02-stream/src/transfer.rs crates/day02-stream/examples/write_ignored/transfer.rs`

mod transfer;

use std::io::{self, Read as _, Write as _};
use std::net::TcpListener;
use std::process::ExitCode;
use std::thread;

use cli::{Demo, Outcome};
use socket2::SockRef;
use sockets::tcp;

const MESSAGE: usize = 4 << 20;

fn main() -> ExitCode {
    let about = "A sender that ignores the count: compare its transfer.rs with that of the demo.";
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let ours = tcp::Connect::new().to(listener.local_addr()?)?;
    let mut theirs = listener.accept()?.0;
    // A send buffer that is smaller than one piece: most writes take a part.
    SockRef::from(&ours).set_send_buffer_size(16 << 10)?;

    // Each byte tells its place modulo 251, so that a hole shows where it begins.
    let place = |at: usize| u8::try_from(at % 251).unwrap_or(0);
    let message: Vec<u8> = (0..MESSAGE).map(place).collect();
    let reader = thread::spawn(move || -> io::Result<Vec<u8>> {
        let mut got = Vec::new();
        theirs.read_to_end(&mut got)?;
        Ok(got)
    });
    let told = transfer::send(&ours, &message)?;
    drop(ours);
    let got = reader.join().map_err(|_| "the reader panicked")??;

    let mut out = io::stdout();
    writeln!(out, "the sender: {told} bytes sent, no error")?;
    writeln!(out, "the receiver: {} bytes received", got.len())?;
    writeln!(out, "lost: {} bytes", told.saturating_sub(got.len()))?;
    let hole = got.iter().zip(&message).take_while(|(a, b)| a == b).count();
    writeln!(out, "the first {hole} are right, and then there is a hole")?;
    Ok(())
}
