//! The receiving side.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process;

use crate::content;
use crate::wire::{self, Header};

/// The largest file that is taken: a peer must not fill our disk.
const LIMIT: u64 = 1 << 30;

/// A file that is complete and has its name.
pub(crate) struct Received {
    pub(crate) name: String,
    pub(crate) length: u64,
    pub(crate) sum: u32,
}

impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, {} bytes, CRC-32 {:08x}", self.name, self.length, self.sum)
    }
}

/// Receives one file. Whatever goes wrong, nothing of it stays in the directory.
pub(crate) fn one(mut stream: &TcpStream, dir: &Path) -> io::Result<Received> {
    let header = Header::read(&mut stream)?;
    let done = keep(stream, dir, &header);
    let said = match &done {
        Ok(_) => "ok".into(),
        Err(error) => format!("no: {error}"),
    };
    // A sender that has gone does not hear it, and that is its own affair: our file is complete,
    // or there is none.
    let _ = wire::answer(&mut stream, &said);
    done
}

fn keep(mut stream: &TcpStream, dir: &Path, header: &Header) -> io::Result<Received> {
    let name = header.checked_name()?;
    if header.length > LIMIT {
        let why = format!("{} bytes are too much, the limit is {LIMIT}", header.length);
        return Err(io::Error::new(ErrorKind::InvalidInput, why));
    }
    let mut unfinished = Unfinished::in_dir(dir)?;
    wire::answer(&mut stream, "go")?;
    let (length, sum) = content::take(stream, header.length, &mut unfinished.file)?;
    unfinished.becomes(&dir.join(name))?;
    Ok(Received { name: name.into(), length, sum })
}

/// A file that does not have its name yet, and is removed unless it gets it. A receiver that is
/// killed cannot remove it; what stays then has a name that nobody takes for a file's.
struct Unfinished {
    file: File,
    path: PathBuf,
    named: bool,
}

impl Unfinished {
    /// In the same directory, because rename cannot cross from one file system to another (EXDEV).
    fn in_dir(dir: &Path) -> io::Result<Self> {
        for n in 0_u32.. {
            let path = dir.join(format!(".incoming-{}-{n}", process::id()));
            // create_new (O_EXCL): never somebody else's file, and never through a link.
            match File::create_new(&path) {
                Ok(file) => return Ok(Self { file, path, named: false }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(ErrorKind::AlreadyExists.into())
    }

    /// rename(2) is one step: whoever opens that name gets the old file or the new one, whole.
    fn becomes(mut self, path: &Path) -> io::Result<()> {
        // The content is on the disk before the name is: a crash of the machine in between must
        // not leave a complete name with an empty file.
        self.file.sync_all()?;
        fs::rename(&self.path, path)?;
        self.named = true;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.named {
            // Nothing is left to be done when this fails.
            let _ = fs::remove_file(&self.path);
        }
    }
}
