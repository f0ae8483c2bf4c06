//! The broken twin: a receiver that takes the end of the stream for the end of the file.
//!
//! Watch for: the sender dies halfway, and the receiver reports success and gives half a file its
//! name. The header said how much should come; nobody looked. The mistake is in one place:
//! `diff crates/day02-file-transfer/src/content.rs crates/day02-file-transfer/examples/eof_as_length/content.rs`

mod content;
#[path = "../../src/receive.rs"]
mod receive;
#[path = "../../src/sum.rs"]
mod sum;
#[path = "../../src/wire.rs"]
mod wire;

use std::io::{self, Write as _};
use std::net::TcpListener;
use std::process::ExitCode;
use std::{fs, thread};

use cli::{Demo, Outcome};
use sockets::tcp;

fn main() -> ExitCode {
    let about = "A receiver without a length: compare its content.rs with that of the demo.";
    Demo { id: cli::id!(), about, lesson, roles: &[] }.main()
}

fn lesson() -> Outcome {
    let dir = tempfile::tempdir()?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut stream = tcp::Connect::new().to(listener.local_addr()?)?;
    let accepted = listener.accept()?.0;
    let to = dir.path().to_owned();
    let receiver = thread::spawn(move || receive::one(&accepted, &to));

    let header = wire::Header { name: "half".into(), length: 1_000_000 };
    header.write(&mut stream)?;
    wire::expect("go", &stream)?;
    stream.write_all(&vec![b'.'; 500_000])?;
    // All that the receiver sees of a sender that is killed: its kernel closes the socket.
    drop(stream);

    let received = receiver.join().map_err(|_| "the receiver panicked")??;
    let mut out = io::stdout();
    writeln!(out, "the sender: {} bytes announced, 500000 sent, killed", header.length)?;
    writeln!(out, "the receiver: received {received}, no error")?;
    let size = fs::metadata(dir.path().join("half"))?.len();
    writeln!(out, "on the disk: \"half\", {size} bytes")?;
    Ok(())
}
