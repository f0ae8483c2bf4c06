//! The file that is received, written in large pieces.

use std::fmt::{Debug, Display};
use std::time::Instant;

use super::PIECE;
use crate::tftp::netascii::Decoder;
use crate::tftp::packet::{Code, Mode};
use crate::tftp::{Receiver, Taken};

/// Where bytes are kept.
pub(crate) trait Target {
    /// Why they are not; its text is for the peer.
    type Error: Debug + Display;

    /// The next ones.
    fn append(&mut self, bytes: &[u8]) -> Result<(), Self::Error>;

    /// There are no more, and these are now a file.
    fn commit(&mut self) -> Result<(), Self::Error>;

    /// What the peer is told.
    fn code(error: &Self::Error) -> Code;
}

/// A target, and what is on its way there.
#[derive(Debug)]
pub(crate) struct Sink<T: Target> {
    target: T,
    behind: Vec<u8>,
    decoder: Option<Decoder>,
    /// What the target has taken.
    pub(crate) bytes: u64,
    /// Why it could not be written, when that was the end.
    pub(crate) failure: Option<T::Error>,
}

impl<T: Target> Sink<T> {
    pub(crate) fn new(target: T, mode: Mode) -> Self {
        let decoder = (mode == Mode::Netascii).then(Decoder::default);
        Self { target, behind: Vec::new(), decoder, bytes: 0, failure: None }
    }

    /// Hands a datagram to the receiver and keeps what it adds.
    pub(crate) fn take(&mut self, datagram: &[u8], to: &mut Receiver, now: Instant) {
        let stored = match to.receive(datagram, now) {
            Taken::Nothing => Ok(()),
            Taken::Bytes(bytes) => self.keep(bytes),
            Taken::Last(bytes) => {
                let stored = self.keep(bytes).and_then(|()| self.finish());
                if stored.is_ok() {
                    to.stored(now);
                }
                stored
            }
        };
        if let Err(error) = stored {
            to.fail(T::code(&error), &error.to_string());
            self.failure = Some(error);
        }
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(), T::Error> {
        match &mut self.decoder {
            Some(decoder) => decoder.decode(bytes, &mut self.behind),
            // What is large enough is not worth a copy.
            None if self.behind.is_empty() && bytes.len() >= PIECE / 4 => {
                self.bytes += bytes.len() as u64;
                return self.target.append(bytes);
            }
            None => self.behind.extend_from_slice(bytes),
        }
        if self.behind.len() >= PIECE { self.flush() } else { Ok(()) }
    }

    fn finish(&mut self) -> Result<(), T::Error> {
        if let Some(decoder) = &mut self.decoder {
            decoder.finish(&mut self.behind);
        }
        self.flush()?;
        self.behind = Vec::new();
        self.target.commit()
    }

    fn flush(&mut self) -> Result<(), T::Error> {
        self.bytes += self.behind.len() as u64;
        let written = self.target.append(&self.behind);
        self.behind.clear();
        written
    }
}
