//! Framing by length: four bytes in network order say how many bytes follow.
//!
//! A message may contain anything, also nothing, and the receiver knows at once how much to wait
//! for. A length that lies is the danger: it is checked before a byte of memory is set aside.

use bytes::{Buf as _, Bytes, BytesMut};

use super::{Decoder, Error};

/// Messages behind a big-endian u32 length.
///
/// A length above the limit is the end of the stream's use: what follows cannot be told from the
/// next length, so the error is repeated for ever and the connection should be closed.
#[derive(Debug)]
pub struct Lengths {
    buffer: BytesMut,
    limit: usize,
}

/// The size of the length field.
const HEADER: usize = size_of::<u32>();

impl Lengths {
    /// `limit` is the longest message in bytes, its length field not counted.
    pub fn with_limit(limit: usize) -> Self {
        Self { buffer: BytesMut::new(), limit }
    }

    /// At most so many of the bytes that wait, as they are: for a protocol in which a message
    /// announces something that is sent without frames, and then come frames again. Empty when
    /// nothing waits.
    pub fn raw(&mut self, most: u64) -> Bytes {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        self.buffer.split_to(self.buffer.len().min(most)).freeze()
    }

    /// True when no byte waits: none of a message, and nothing behind it.
    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// Appends the length of `message` and the message to `out`.
    ///
    /// # Errors
    /// [`Error::TooLong`] when the length does not fit into 32 bits.
    pub fn encode(message: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        let too_long = Error::TooLong { limit: u32::MAX as usize };
        let length = u32::try_from(message.len()).map_err(|_| too_long)?;
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(message);
        Ok(())
    }
}

impl Decoder for Lengths {
    fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    fn next(&mut self) -> Result<Option<Bytes>, Error> {
        let Some(header) = self.buffer.first_chunk::<HEADER>() else { return Ok(None) };
        let length = u32::from_be_bytes(*header) as usize;
        if length > self.limit {
            return Err(Error::TooLong { limit: self.limit });
        }
        if self.buffer.len() - HEADER < length {
            return Ok(None);
        }
        self.buffer.advance(HEADER);
        Ok(Some(self.buffer.split_to(length).freeze()))
    }

    fn finish(&mut self) -> Result<Option<Bytes>, Error> {
        match self.next()? {
            None if !self.buffer.is_empty() => Err(Error::Truncated { have: self.buffer.len() }),
            message => Ok(message),
        }
    }
}
