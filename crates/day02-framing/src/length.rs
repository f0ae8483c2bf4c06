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
    let mut header = [0; 4];
    // The end before the first byte of a header is the end of the conversation. Anywhere later it
    // is a broken message: read_exact says UnexpectedEof.
    let Some(first) = first_byte(stream)? else { return Ok(None) };
    header[0] = first;
    stream.read_exact(&mut header[1..])?;
    let length = u32::from_be_bytes(header) as usize;
    // The peer may lie. Look before memory is set aside for it.
    if length > limit {
        let why = format!("a message of {length} bytes, the limit is {limit}");
        return Err(io::Error::new(ErrorKind::InvalidData, why));
    }
    let mut message = vec![0; length];
    stream.read_exact(&mut message)?;
    Ok(Some(message))
}

fn first_byte(stream: &mut impl Read) -> io::Result<Option<u8>> {
    let mut byte = [0];
    loop {
        match stream.read(&mut byte) {
            Ok(0) => return Ok(None),
            Ok(_) => return Ok(Some(byte[0])),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
