//! Receipts: messages with their length in front.

use std::io::{self, ErrorKind, Read, Write};

/// The longest message, in bytes.
pub const LIMIT: usize = 1 << 20;

/// Sends one message: its length in four bytes, in network order, and its bytes.
pub fn send(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    // Better told here, where it can be mended, than by a peer who hangs up. The limit is far below
    // u32::MAX, so that no length is cut by the conversion.
    let length = u32::try_from(message.len()).ok().filter(|_| message.len() <= LIMIT);
    let length = length.ok_or(ErrorKind::InvalidInput)?;
    // Network order, whatever order this machine keeps its numbers in. One write for both parts
    // saves a system call and a small packet; the receiver must not rely on finding them together.
    stream.write_all(&[&length.to_be_bytes(), message].concat())
}

/// Receives one message; `None` when the peer has closed where a message would have begun.
pub fn receive(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut header = [0; 4];
    // The one place where an end is in order is in front of the first byte. Everywhere else it is
    // a broken message, and read_exact says so: UnexpectedEof. So that byte is read alone.
    if read(stream, &mut header[..1])? == 0 {
        return Ok(None);
    }
    // Four bytes are four bytes to us; to TCP they may be two, and two more a second later.
    stream.read_exact(&mut header[1..])?;
    let length = u32::from_be_bytes(header) as usize;
    // The peer says how much memory a message costs us: look before any is set aside. It need not
    // even be a liar; whoever speaks another protocol says a length, too.
    if length > LIMIT {
        let why = format!("a message of {length} bytes, the limit is {LIMIT}");
        return Err(io::Error::new(ErrorKind::InvalidData, why));
    }
    // Exactly so many, and no buffer of our own in between: what lies behind them is the next
    // message, for the next call. A length of 0 reads nothing, and is a message like any other.
    let mut message = vec![0; length];
    stream.read_exact(&mut message)?;
    Ok(Some(message))
}

/// As `read`, but for signals: read_exact makes an interrupted call again, read does not.
fn read(stream: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match stream.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
