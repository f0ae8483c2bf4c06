//! The protocol.
//!
//! ```text
//! sender    u16 length of the name, the name, u64 length of the content    (network order)
//! receiver  "go\n", or "no: " and a reason
//! sender    the content, u32 CRC-32
//! receiver  "ok\n", or "no: " and a reason
//! ```

use std::io::{self, BufRead as _, BufReader, ErrorKind, Read, Write};

/// The longest name of a file that Linux has (NAME_MAX).
const LONGEST_NAME: usize = 255;

/// What stands in front of the content.
pub(crate) struct Header {
    pub(crate) name: Vec<u8>,
    pub(crate) length: u64,
}

impl Header {
    pub(crate) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let size = u16::try_from(self.name.len()).map_err(|_| ErrorKind::InvalidInput)?;
        let name = &self.name[..];
        to.write_all(&[&size.to_be_bytes(), name, &self.length.to_be_bytes()].concat())
    }

    pub(crate) fn read(from: &mut impl Read) -> io::Result<Self> {
        let (mut size, mut length) = ([0; 2], [0; 8]);
        from.read_exact(&mut size)?;
        // At most 64 KiB, whatever the peer says: the field itself is the limit.
        let mut name = vec![0; u16::from_be_bytes(size).into()];
        from.read_exact(&mut name)?;
        from.read_exact(&mut length)?;
        Ok(Self { name, length: u64::from_be_bytes(length) })
    }

    /// The name, if it is one that a stranger may choose: of a file in our directory and nowhere
    /// else, and not a hidden one such as `.bashrc`, which also rules out `.` and `..`.
    pub(crate) fn checked_name(&self) -> io::Result<&str> {
        let name = str::from_utf8(&self.name).map_err(|_| refusal("is not UTF-8"))?;
        match name {
            "" => Err(refusal("is empty")),
            _ if name.len() > LONGEST_NAME => Err(refusal("is too long")),
            _ if name.contains('/') => Err(refusal("contains a /")),
            _ if name.starts_with('.') => Err(refusal("begins with a dot")),
            // A NUL would end it for the kernel, a newline or an escape fools whoever lists it.
            _ if name.chars().any(char::is_control) => Err(refusal("contains a control character")),
            _ => Ok(name),
        }
    }
}

fn refusal(why: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, format!("the name {why}"))
}

pub(crate) fn answer(to: &mut impl Write, line: &str) -> io::Result<()> {
    to.write_all(format!("{line}\n").as_bytes())
}

/// Reads an answer and fails with the peer's reason unless it is the one that is hoped for. The
/// receiver says nothing more until we have acted on it, so a buffer cannot read too far.
pub(crate) fn expect(wanted: &str, from: impl Read) -> io::Result<()> {
    let mut line = String::new();
    BufReader::new(from.take(1024)).read_line(&mut line)?;
    match line.strip_suffix('\n') {
        Some(answer) if answer == wanted => Ok(()),
        Some(answer) => Err(io::Error::other(format!("the receiver said {answer:?}"))),
        None => Err(io::Error::new(ErrorKind::UnexpectedEof, "the receiver has gone")),
    }
}
