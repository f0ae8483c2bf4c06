//! The fix that is none: a pause behind each message, and one read for each.

use std::io::{self, Read, Write};
use std::thread;
use std::time::Duration;

/// "A short delay between two sends", the third fix of the notes.
pub(crate) const PAUSE: Duration = Duration::from_millis(10);

/// Sends one message.
pub(crate) fn send(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    // WRONG: the sender's pause says nothing about when the receiver comes to read.
    stream.write_all(message)?;
    thread::sleep(PAUSE);
    Ok(())
}

/// Receives one message of at most `limit` bytes; `None` when the peer has ended the stream
/// between two messages.
pub(crate) fn receive(stream: &mut impl Read, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut message = vec![0; limit];
    let n = stream.read(&mut message)?;
    message.truncate(n);
    Ok((n > 0).then_some(message))
}
