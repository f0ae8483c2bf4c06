//! The fix by a mark: each message ends with a newline. It can be typed at nc; the price is that
//! no message may contain the mark, unless it is escaped.

use std::io::{self, BufRead, ErrorKind, Read as _, Write};

/// Sends one message. One with a newline in it would arrive as two.
pub(crate) fn send(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    if message.contains(&b'\n') {
        return Err(io::Error::new(ErrorKind::InvalidInput, "the message contains the mark"));
    }
    stream.write_all(&[message, b"\n"].concat())
}

/// Receives one message of at most `limit` bytes; `None` at the end.
///
/// The reader must be the same for all messages of a stream: its buffer already holds the
/// beginning of the next one.
pub(crate) fn receive(stream: &mut impl BufRead, limit: usize) -> io::Result<Option<Vec<u8>>> {
    let mut message = Vec::new();
    // Without the limit a peer that never sends a newline would fill our memory.
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    stream.take(most).read_until(b'\n', &mut message)?;
    match message.pop() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(message)),
        Some(_) if message.len() >= limit => {
            let why = format!("a line above the limit of {limit} bytes");
            Err(io::Error::new(ErrorKind::InvalidData, why))
        }
        // The stream ended inside a line: half a message is none.
        Some(_) => Err(ErrorKind::UnexpectedEof.into()),
    }
}
