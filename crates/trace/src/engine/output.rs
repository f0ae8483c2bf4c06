//! What the program says.
//!
//! Its standard output and standard error are pipes. Reading the arguments of write(2) instead
//! would miss what gets there by sendfile, by splice, or from a process that nobody traces; a
//! file would never let a writer wait and could be sought in. A pipe takes everything, in the
//! order in which it was said, and looks to the program like `program | less`.
//!
//! The tracer reads without ever waiting, whenever it looks at its tasks, so a program that
//! prints megabytes in one call sleeps in it for a moment and goes on.

use std::io::{PipeReader, Read as _, pipe};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::os::unix::fs::MetadataExt as _;

use syscall::{Context as _, Errno, Result};

use crate::step::{Output, Stream};

/// The tracer's ends of both pipes.
#[derive(Debug)]
pub(super) struct Capture {
    out: End,
    err: End,
}

#[derive(Debug)]
struct End {
    pipe: PipeReader,
    /// Tells the pipe from others.
    inode: u64,
    stream: Stream,
    /// Read and not told.
    said: Vec<u8>,
}

impl Capture {
    /// Both, and the program's ends.
    ///
    /// # Errors
    /// EMFILE, ENFILE: no more descriptors.
    pub(super) fn new() -> Result<(Self, OwnedFd, OwnedFd)> {
        let (out, out_end) = End::new(Stream::Out)?;
        let (err, err_end) = End::new(Stream::Err)?;
        Ok((Self { out, err }, out_end, err_end))
    }

    /// Reads what there is. Gives whether there was something.
    pub(super) fn drain(&mut self) -> bool {
        let (out, err) = (self.out.drain(), self.err.drain());
        out || err
    }

    /// What was said into the stream that a descriptor stands for, if it does for one.
    pub(super) fn said_through(&mut self, link: &str) -> Option<Output> {
        let inode: u64 = link.strip_prefix("pipe:[")?.strip_suffix(']')?.parse().ok()?;
        let mut ends = [&mut self.out, &mut self.err].into_iter();
        let end = ends.find(|end| end.inode == inode)?;
        end.drain();
        end.take(false)
    }

    /// What was said and not told: of one stream, so ask again. `all` also takes half a
    /// character at the end.
    pub(super) fn rest(&mut self, all: bool) -> Option<Output> {
        self.drain();
        self.out.take(all).or_else(|| self.err.take(all))
    }
}

impl End {
    fn new(stream: Stream) -> Result<(Self, OwnedFd)> {
        let (reader, writer) = pipe().call("pipe2")?;
        // SAFETY: no pointers. The flag is the reading end's alone: the program's still waits.
        let set = unsafe { libc::fcntl(reader.as_raw_fd(), libc::F_SETFL, libc::O_NONBLOCK) };
        Errno::result(set).call("fcntl")?;
        let pipe = std::fs::File::from(OwnedFd::from(reader));
        let inode = pipe.metadata().call("fstat")?.ino();
        let pipe = PipeReader::from(OwnedFd::from(pipe));
        Ok((Self { pipe, inode, stream, said: Vec::new() }, writer.into()))
    }

    fn drain(&mut self) -> bool {
        let before = self.said.len();
        // Ends with WouldBlock, or at the end of the stream; what was read until then is kept.
        let _ = self.pipe.read_to_end(&mut self.said);
        self.said.len() > before
    }

    fn take(&mut self, all: bool) -> Option<Output> {
        let whole = if all { self.said.len() } else { whole(&self.said) };
        let said: Vec<u8> = self.said.drain(..whole).collect();
        let text = String::from_utf8_lossy(&said).into_owned();
        (!text.is_empty()).then_some(Output { stream: self.stream, text })
    }
}

/// How many bytes there are without a character at the end whose rest is still missing.
fn whole(bytes: &[u8]) -> usize {
    let tail = bytes.len().saturating_sub(3);
    let start = bytes[tail..].iter().rposition(|&byte| byte & 0xc0 != 0x80).map(|at| tail + at);
    match start {
        Some(at) if bytes[at].leading_ones() as usize > bytes.len() - at => at,
        _ => bytes.len(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn half_a_character_waits_for_its_rest() {
        for (bytes, expected) in [
            (&b"ascii"[..], 5),
            (b"", 0),
            ("é".as_bytes(), 2),
            (&"é".as_bytes()[..1], 0),
            (&"a€".as_bytes()[..3], 1),
            (&"a😀".as_bytes()[..4], 1),
            ("a😀".as_bytes(), 5),
            (b"\xff\xfe", 1),
            (b"\x80\x80\x80\x80", 4),
        ] {
            assert_eq!(whole(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn both_streams_are_told_apart_and_nothing_waits() {
        let (mut capture, out, err) = Capture::new().unwrap();
        assert_eq!(capture.rest(true), None);
        std::fs::File::from(err).write_all(b"oops").unwrap();
        let mut out = std::fs::File::from(out);
        out.write_all(&"é".as_bytes()[..1]).unwrap();
        assert_eq!(capture.rest(false), Some(Output { stream: Stream::Err, text: "oops".into() }));
        assert_eq!(capture.rest(false), None);
        out.write_all(&"é".as_bytes()[1..]).unwrap();
        assert_eq!(capture.rest(false), Some(Output { stream: Stream::Out, text: "é".into() }));
    }
}
