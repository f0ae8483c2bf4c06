//! The whole lesson: three files that arrive, and all that does not.

use std::fs;
use std::io::{self, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread;

use cli::Outcome;
use sockets::tcp;

use crate::receive::{self, Received};
use crate::wire::{self, Header};
use crate::{patient, say, send};

pub(crate) fn run() -> Outcome {
    // Removed at the end, also when a step fails.
    let (from, to) = (tempfile::tempdir()?, tempfile::tempdir()?);
    for (name, size) in [("empty", 0), ("一", 1), ("big", 3 << 20)] {
        let content: Vec<u8> = (0..size).map(|n: u32| n.to_le_bytes()[1]).collect();
        fs::write(from.path().join(name), &content)?;
        let source = send::Source::open(&from.path().join(name))?;
        let (sent, received) = meet(to.path(), |stream| source.send(stream))?;
        let (sent, received) = (sent?, received?);
        let equal = fs::read(to.path().join(name))? == content && sent == received.sum;
        say(&format!("received {received}; equal to what was sent: {equal}"))?;
    }

    for name in ["../evil", "/etc/evil", "..", "", ".bashrc", "two\nlines"] {
        let header = Header { name: name.into(), length: 4 };
        refused(to.path(), &format!("{name:?}"), |mut stream| {
            header.write(&mut stream)?;
            wire::expect("go", stream)
        })?;
    }
    refused(to.path(), "a length that lies", |mut stream| {
        Header { name: "huge".into(), length: u64::MAX }.write(&mut stream)?;
        wire::expect("go", stream)
    })?;
    refused(to.path(), "a wrong checksum", |mut stream| {
        Header { name: "wrong".into(), length: 4 }.write(&mut stream)?;
        wire::expect("go", stream)?;
        stream.write_all(b"text\0\0\0\0")?;
        wire::expect("ok", stream)
    })?;
    // What a sender that is killed leaves to its peer: a part, and then the end of the stream.
    let (_, received) = meet(to.path(), |mut stream| {
        Header { name: "half".into(), length: 1_000_000 }.write(&mut stream)?;
        wire::expect("go", stream)?;
        stream.write_all(&vec![b'.'; 500_000])
    })?;
    say(&format!("a sender that dies: {}", sentence(received)))?;

    let mut names = Vec::new();
    for entry in fs::read_dir(to.path())? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    say(&format!("in the directory: {}", names.join(", ")))
}

fn refused(dir: &Path, what: &str, sender: impl FnOnce(&TcpStream) -> io::Result<()>) -> Outcome {
    let (heard, received) = meet(dir, sender)?;
    let heard = heard.map_or_else(|error| error.to_string(), |()| "nothing".into());
    say(&format!("{what}: {}", sentence(received)))?;
    say(&format!("  {heard}"))
}

fn sentence(received: io::Result<Received>) -> String {
    received.map_or_else(|error| format!("refused: {error}"), |file| format!("received {file}"))
}

/// A receiver in a thread of its own, and a sender in this one, on one connection.
fn meet<T>(
    dir: &Path,
    sender: impl FnOnce(&TcpStream) -> io::Result<T>,
) -> Outcome<(io::Result<T>, io::Result<Received>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let stream = tcp::Connect::new().to(listener.local_addr()?)?;
    let accepted = listener.accept()?.0;
    patient(&stream)?;
    patient(&accepted)?;
    let dir = dir.to_owned();
    let receiver = thread::spawn(move || receive::one(&accepted, &dir));
    let sent = sender(&stream);
    // A sender that has ended has also closed.
    drop(stream);
    Ok((sent, receiver.join().map_err(|_| "the receiver panicked")?))
}
