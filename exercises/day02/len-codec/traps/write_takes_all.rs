//! expect: write(2) says how many bytes it has taken
//! expect: the next message begins inside this one

use std::io::{self, BufReader, ErrorKind, Read, Write};

pub const LIMIT: usize = 1 << 20;

pub fn send(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    if message.len() > LIMIT {
        return Err(ErrorKind::InvalidInput.into());
    }
    stream.write(&[&(message.len() as u32).to_be_bytes(), message].concat())?;
    Ok(())
}

pub fn receive(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut header = [0; 4];
    let first = loop {
        match stream.read(&mut header[..1]) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => break result?,
        }
    };
    if first == 0 {
        return Ok(None);
    }
    stream.read_exact(&mut header[1..])?;
    let length = u32::from_be_bytes(header) as usize;
    if length > LIMIT {
        return Err(ErrorKind::InvalidData.into());
    }
    let mut message = vec![0; length];
    stream.read_exact(&mut message)?;
    Ok(Some(message))
}
