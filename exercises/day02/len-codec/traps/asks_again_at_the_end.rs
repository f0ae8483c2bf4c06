//! expect: read has said 3 times that the stream has ended
//! expect: at 100 % of a processor

use std::io::{self, BufReader, ErrorKind, Read, Write};

pub const LIMIT: usize = 1 << 20;

pub fn send(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    if message.len() > LIMIT {
        return Err(ErrorKind::InvalidInput.into());
    }
    stream.write_all(&(message.len() as u32).to_be_bytes())?;
    stream.write_all(message)
}

pub fn receive(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut came = Vec::new();
    let mut length = 4;
    while came.len() < length {
        let mut buffer = vec![0; length - came.len()];
        let n = match stream.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => 0,
            result => result?,
        };
        came.extend_from_slice(&buffer[..n]);
        if length == 4 && came.len() == 4 {
            let header = [came[0], came[1], came[2], came[3]];
            length = 4 + u32::from_be_bytes(header) as usize;
            if length > 4 + LIMIT {
                return Err(ErrorKind::InvalidData.into());
            }
        }
    }
    Ok(Some(came.split_off(4)))
}
