//! A file to the server.

use std::io::{ErrorKind, Read, Write as _};
use std::mem::MaybeUninit;
use std::ops::ControlFlow;

use socket2::SockRef;

use super::{Client, Error, Progress, Sum};
use crate::wire::{Answer, Request};

/// Written at once.
const PIECE: usize = 256 * 1024;

/// A refusal in the middle costs no more than so much of what is still to be sent.
const REST: u64 = 1024 * 1024;

impl Client {
    /// Sends `size` bytes of `from` as the content of a file, with their checksum. The file is there
    /// when this has returned, and not before.
    ///
    /// # Errors
    /// All. [`Error::Local`] with `UnexpectedEof` or `InvalidData` when `from` has fewer or more bytes;
    /// then, as with every error, there is nothing on the server.
    pub fn put(
        &mut self,
        name: &[u8],
        size: u64,
        from: &mut dyn Read,
        progress: Progress<'_>,
    ) -> Result<(), Error> {
        self.ask(&Request::Put { checksum: true, size, name })?;
        self.answer(|answer| (answer == Answer::Go).then_some(()))?;
        let (mut done, mut sum, mut bytes) = (0, Sum::new(), vec![0; PIECE]);
        while done < size {
            let rest = usize::try_from(size - done).unwrap_or(usize::MAX);
            let n = read(from, &mut bytes[..rest.min(PIECE)])?;
            if n == 0 {
                return Err(Error::Local(ErrorKind::UnexpectedEof.into()));
            }
            sum.update(&bytes[..n]);
            if let Err(error) = self.stream.get_ref().write_all(&bytes[..n]) {
                return Err(self.last_word(Error::Network(error)));
            }
            done += n as u64;
            if size - done > REST && self.has_word() {
                return Err(match self.done() {
                    // It does not wait for the rest, and we do not send it.
                    Err(Error::Refused { code, text }) => Error::Cut { code, text },
                    Err(error) => error,
                    Ok(()) => Error::Nonsense("the end before the end".into()),
                });
            }
            if let ControlFlow::Break(()) = progress(done) {
                return Err(Error::Stopped);
            }
        }
        if read(from, &mut bytes[..1])? > 0 {
            let why = "it has become longer while it was sent";
            return Err(Error::Local(std::io::Error::new(ErrorKind::InvalidData, why)));
        }
        self.ask(&Request::Done { checksum: Some(sum.finalize()) })?;
        self.done()
    }

    fn done(&mut self) -> Result<(), Error> {
        self.answer(|answer| matches!(answer, Answer::Done { .. }).then_some(()))
    }

    /// Whether the server has said something before its turn.
    fn has_word(&self) -> bool {
        let mut byte = [MaybeUninit::uninit()];
        let flags = nix::libc::MSG_PEEK | nix::libc::MSG_DONTWAIT;
        SockRef::from(self.stream.get_ref()).recv_with_flags(&mut byte, flags).is_ok()
    }

    /// Why the server has closed, if it has said so.
    fn last_word(&mut self, error: Error) -> Error {
        match self.done() {
            Err(Error::Refused { code, text }) => Error::Cut { code, text },
            _ => error,
        }
    }
}

fn read(from: &mut dyn Read, bytes: &mut [u8]) -> Result<usize, Error> {
    syscall::retry(|| from.read(bytes)).map_err(Error::Local)
}
