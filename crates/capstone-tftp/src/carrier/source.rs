//! The file that is sent, read right into the packets.

use std::io::{self, IoSliceMut, Read};

use syscall::retry;

use crate::tftp::Sender;
use crate::tftp::netascii::Encoder;
use crate::tftp::packet::Mode;

/// What one readv(2) takes (IOV_MAX).
const SLICES: usize = 1024;

/// What is read before it is sent, where the window is larger: the peer has something to do in the
/// meantime, and what was read is still in the processor's cache.
const PORTION: usize = 256 << 10;

/// What is read of a text, which does not go into the packets as it is.
const PIECE: usize = 8 << 10;

/// A file, from where it stands to its end.
#[derive(Debug)]
pub(crate) struct Source<R> {
    file: R,
    text: Option<Text>,
    /// What the file has given.
    pub(crate) bytes: u64,
    /// Why the file could not be read, when that was the end.
    pub(crate) failure: Option<io::Error>,
}

/// What was read and not yet encoded: `piece[at..]`.
#[derive(Debug, Default)]
struct Text {
    encoder: Encoder,
    piece: Vec<u8>,
    at: usize,
}

impl<R: Read> Source<R> {
    pub(crate) fn new(file: R, mode: Mode) -> Self {
        let text = (mode == Mode::Netascii).then(Text::default);
        Self { file, text, bytes: 0, failure: None }
    }

    /// Gives the sender what it has room for, or as much as is worth it. To be called when all that
    /// it had has gone out: then the reading ahead takes place while the peer has something to do,
    /// and what the next ACK asks for is here when it comes.
    ///
    /// # Errors
    /// What read(2) says.
    pub(crate) fn feed(&mut self, sender: &mut Sender) -> io::Result<()> {
        let mut left = PORTION;
        while left > 0 && sender.blanks().next().is_some() {
            left = left.saturating_sub(self.read(sender)?);
            // A pipe gives what it has: nobody waits for more of it than can be sent at once.
            if !sender.is_hungry() {
                break;
            }
        }
        Ok(())
    }

    /// Reads once, and gives how many bytes the sender has got.
    fn read(&mut self, sender: &mut Sender) -> io::Result<usize> {
        let (file, bytes) = (&mut self.file, &mut self.bytes);
        let (filled, ended) = if let Some(text) = &mut self.text {
            text.read(file, bytes, sender.blanks())?
        } else {
            let slices = (PORTION / usize::from(sender.agreed().blksize)).clamp(1, SLICES);
            let mut room: Vec<_> = sender.blanks().take(slices).map(IoSliceMut::new).collect();
            let filled = retry(|| file.read_vectored(&mut room))?;
            *bytes += filled as u64;
            (filled, filled == 0)
        };
        sender.fill(filled);
        if ended {
            sender.finish();
        }
        Ok(filled)
    }
}

impl Text {
    /// Gives how many bytes were put into the blanks, and whether there are no more.
    fn read<'a>(
        &mut self,
        file: &mut impl Read,
        bytes: &mut u64,
        blanks: impl Iterator<Item = &'a mut [u8]>,
    ) -> io::Result<(usize, bool)> {
        if self.at == self.piece.len() {
            self.piece.resize(PIECE, 0);
            let length = retry(|| file.read(&mut self.piece));
            // What was encoded is not encoded again, whatever has happened.
            self.piece.truncate(*length.as_ref().unwrap_or(&0));
            self.at = 0;
            *bytes += length? as u64;
        }
        let ended = self.piece.is_empty();
        let mut filled = 0;
        for blank in blanks {
            let (taken, written) = self.encoder.encode(&self.piece[self.at..], blank);
            self.at += taken;
            filled += written;
            if written < blank.len() {
                break;
            }
        }
        Ok((filled, ended))
    }
}
