//! The sending side.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;

use cli::Outcome;

use crate::sum::Summed;
use crate::wire::{self, Header};

/// A file to be sent.
pub(crate) struct Source {
    file: File,
    name: String,
    /// When it was opened. A file that grows afterwards is sent up to here.
    pub(crate) length: u64,
}

impl Source {
    pub(crate) fn open(path: &Path) -> Outcome<Self> {
        let told = |error: io::Error| format!("{}: {error}", path.display());
        // Looked at before it is opened: to open a FIFO would block.
        if !fs::metadata(path).map_err(told)?.is_file() {
            return Err(format!("{} is no ordinary file", path.display()).into());
        }
        let file = File::open(path).map_err(told)?;
        let length = file.metadata().map_err(told)?.len();
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or("the path does not end with a name")?.into();
        Ok(Self { file, name, length })
    }

    /// Sends it and waits until the receiver has it; gives the CRC-32.
    pub(crate) fn send(&self, mut stream: &TcpStream) -> io::Result<u32> {
        let header = Header { name: self.name.clone().into(), length: self.length };
        header.write(&mut stream)?;
        // A receiver that refuses does so before the content: else its answer would be lost in
        // the reset that follows when it closes with our bytes unread.
        wire::expect("go", stream)?;
        let mut summed = Summed::new(stream);
        // read → send → read → send; io::copy is that loop. Between a file and a socket, without
        // a checksum on the way, it would not even bring the bytes into this process (sendfile).
        let sent = io::copy(&mut (&self.file).take(self.length), &mut summed)?;
        if sent < self.length {
            return Err(io::Error::new(ErrorKind::UnexpectedEof, "the file has become shorter"));
        }
        let sum = summed.sum();
        stream.write_all(&sum.to_be_bytes())?;
        wire::expect("ok", stream)?;
        Ok(sum)
    }
}
