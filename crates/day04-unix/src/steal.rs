//! Three things that may stand at a server's path when it starts.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};

use cli::Outcome;

use crate::bind::listen;
use crate::scratch::Scratch;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let scratch = Scratch::new()?;
    let path = scratch.path().join("server");

    let old = listen(&path)?;
    let new = listen(&path);
    writeln!(out, "a living server is there: the new one gets {}", answer(&new))?;
    let client = UnixStream::connect(&path)?;
    let old_hears = hears(&old)?;
    let new_hears = new.as_ref().map_or(Ok(false), hears)?;
    writeln!(out, "  a client connects: old server {old_hears}, new server {new_hears}")?;

    drop((old, new, client));
    writeln!(out, "a server that has gone: the new one gets {}", answer(&listen(&path)))?;

    let file = scratch.path().join("letter");
    fs::write(&file, "dear")?;
    let new = listen(&file);
    let kept = fs::read(&file).is_ok_and(|content| content == b"dear");
    writeln!(out, "a file that is no socket: the new one gets {}, kept: {kept}", answer(&new))?;
    Ok(())
}

fn answer<T>(done: &io::Result<T>) -> String {
    done.as_ref().map_or_else(|error| format!("{:?}", error.kind()), |_| "Ok".into())
}

/// Whether a client waits in its queue.
fn hears(listener: &UnixListener) -> io::Result<bool> {
    listener.set_nonblocking(true)?;
    match listener.accept() {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
        done => done.map(|_| true),
    }
}
