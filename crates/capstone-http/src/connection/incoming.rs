//! The body of a request, on its way.

use crate::message::{Body, Framing, Limits, Piece, Refusal, Status};

/// A body that is not there yet, and whose it is.
#[derive(Debug)]
pub(super) struct Incoming {
    /// The head in front of it, for the handler. Empty for a body that nobody wants.
    pub(super) head: Vec<u8>,
    pub(super) content: Vec<u8>,
    /// All that has come of it.
    pub(super) received: u64,
    body: Body,
    most: usize,
}

impl Incoming {
    pub(super) fn new(head: &[u8], framing: Framing, limits: Limits, most: usize) -> Self {
        let body = Body::new(framing, limits);
        Self { head: head.to_vec(), content: Vec::new(), received: 0, body, most }
    }

    /// Takes what belongs to it: so many bytes, and whether it is over.
    ///
    /// # Errors
    /// 400 and 431 for malformed packing, 413 for more content than is allowed.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<(usize, bool), Refusal> {
        let mut used = 0;
        loop {
            let fed = self.body.feed(&bytes[used..])?;
            used += fed.used;
            match fed.piece {
                Piece::Partial | Piece::End => {
                    self.received += used as u64;
                    return Ok((used, fed.piece == Piece::End));
                }
                Piece::Data(_) if self.is_unwanted() => {}
                Piece::Data(data) if data.len() > self.most - self.content.len() => {
                    return Err(Refusal::new(Status::ContentTooLarge, "the content is too long"));
                }
                // As it comes: what was announced is no reason to hold memory ready.
                Piece::Data(data) => self.content.extend_from_slice(data),
                Piece::Trailer(_) => {}
            }
        }
    }

    pub(super) fn is_unwanted(&self) -> bool {
        self.head.is_empty()
    }
}
