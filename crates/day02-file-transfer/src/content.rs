//! The content of a file: as many bytes as the header says, and their sum.

use std::fs::File;
use std::io::{self, ErrorKind, Read as _};
use std::net::TcpStream;

use crate::sum::Summed;

/// Writes what comes into the file; gives the number of bytes and their CRC-32.
pub(crate) fn take(mut stream: &TcpStream, length: u64, file: &mut File) -> io::Result<(u64, u32)> {
    let mut summed = Summed::new(file);
    // Not one byte more: behind the content comes the checksum.
    let got = io::copy(&mut stream.take(length), &mut summed)?;
    // And not one less: the end of the stream is not the end of the file.
    if got < length {
        let why = format!("the stream ended after {got} of {length} bytes");
        return Err(io::Error::new(ErrorKind::UnexpectedEof, why));
    }
    let (sum, mut theirs) = (summed.sum(), [0; 4]);
    stream.read_exact(&mut theirs)?;
    if u32::from_be_bytes(theirs) != sum {
        return Err(io::Error::new(ErrorKind::InvalidData, "the checksum is wrong"));
    }
    Ok((got, sum))
}
