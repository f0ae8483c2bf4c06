//! One conversation. It runs in a thread of its own and may wait wherever it likes; what limits it
//! is the patience of the server.

use std::io::{self, Read as _};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::Ordering;
use std::time::Duration;

use nix::unistd::gettid;
use process::Deadline;
use socket2::SockRef;
use sockets::framing::{Decoder as _, Lines};
use sockets::message;

use crate::files;
use crate::server::Shared;

/// The longest line of a client: a name has at most 255 bytes, each at most 4 when it is shown.
const LINE: usize = 2048;

pub(crate) fn talk(stream: &TcpStream, number: usize, shared: &Shared) -> io::Result<()> {
    // What a slow client is owed lies with its thread, and not in megabytes of the kernel.
    SockRef::from(stream).set_send_buffer_size(16 * 1024)?;
    let mut lines = Lines::with_limit(LINE);
    while let Some(line) = next_line(stream, &mut lines, shared)? {
        let answer = match line {
            Ok(line) if line == b"quit" => break,
            Ok(line) => answer(&line, number, shared),
            Err(error) => format!("{error}\n"),
        };
        let deadline = Deadline::after(shared.settings.patience);
        message::send_all(stream, answer.as_bytes(), deadline).map_err(io::Error::other)?;
    }
    goodbye(stream)
}

/// A failure is an answer too: the client learns why.
fn answer(line: &[u8], number: usize, shared: &Shared) -> String {
    let dir = &shared.settings.dir;
    let answer = match line {
        b"list" => files::list(dir),
        b"who" => {
            let inside = shared.inside.load(Ordering::Relaxed);
            let (limit, thread) = (shared.settings.limit, gettid());
            Ok(format!("client {number}, thread {thread}, {inside} inside, at most {limit}\n"))
        }
        _ => match line.strip_prefix(b"size ") {
            Some(name) => files::size(dir, name),
            None => Ok("unknown: list, size NAME, who or quit\n".into()),
        },
    };
    answer.unwrap_or_else(|error| format!("it failed: {error}\n"))
}

/// `None` at the end: of the stream, of the server, or of its patience. The time is for the whole
/// line, so that a byte now and then does not keep a place for ever.
fn next_line(
    mut stream: &TcpStream,
    lines: &mut Lines,
    shared: &Shared,
) -> io::Result<Option<Result<Vec<u8>, sockets::framing::Error>>> {
    let deadline = Deadline::after(shared.settings.patience);
    let mut bytes = [0; 1024];
    loop {
        if shared.stopping.load(Ordering::Relaxed) {
            return Ok(None);
        }
        match lines.next() {
            Ok(None) => {}
            Ok(Some(line)) => return Ok(Some(Ok(line.to_vec()))),
            Err(error) => return Ok(Some(Err(error))),
        }
        if deadline.has_passed() {
            return Ok(None);
        }
        stream.set_read_timeout(deadline.remaining())?;
        match stream.read(&mut bytes) {
            // The last line may lack its newline.
            Ok(0) => {
                return Ok(lines.finish().transpose().map(|end| end.map(|line| line.to_vec())));
            }
            Ok(n) => lines.push(&bytes[..n]),
            Err(error) if sockets::not_now(&error) => {}
            Err(error) => return Err(error),
        }
    }
}

/// To close while something unread lies in our buffer is a reset, and may destroy the answer on its
/// way. So we end our side first, and read for a moment what still comes.
fn goodbye(mut stream: &TcpStream) -> io::Result<()> {
    stream.shutdown(Shutdown::Write)?;
    let deadline = Deadline::after(Duration::from_secs(1));
    let mut bytes = [0; 1024];
    while let Some(left) = deadline.remaining().filter(|left| !left.is_zero()) {
        stream.set_read_timeout(Some(left))?;
        if matches!(stream.read(&mut bytes), Ok(0) | Err(_)) {
            break;
        }
    }
    Ok(())
}
