//! The fix by length: four bytes in network order say how many bytes follow. This is what the
//! notes call "a data structure". A message may contain anything, also nothing.

use std::io::{self, ErrorKind, Read, Write};

/// Sends one message.
pub(crate) fn send(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    let length = u32::try_from(message.len()).map_err(|_| ErrorKind::InvalidInput)?;
    // One write for both: header and message need not, and cannot be relied on to, stay together.
    stream.write_all(&[&length.to_be_bytes(), message].concat())
}

/// Receives one message of at most `limit` bytes; `None` when the peer has ended the stream
/// between two messages.
pub(crate) fn receive(stream: &mut impl Read, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut message = vec![0; limit];
    // WRONG: a read gives what has come, which may be half of a message, or two.
    let n = stream.read(&mut message)?;
    message.truncate(n);
    Ok((n > 0).then_some(message))
}
