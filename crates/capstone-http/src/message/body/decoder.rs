//! The decoder of a body: where it is, and one step on.

use super::{Fed, Framing, Piece, chunk};
use crate::message::fields::{self, Line};
use crate::message::{Field, Limits, Refusal, Status};

/// Takes a body apart as it comes. Content is not copied: a piece of it lies in the bytes given.
///
/// ```
/// use capstone_http::message::{Body, Framing, Limits, Piece};
///
/// let mut body = Body::new(Framing::Chunked, Limits::default());
/// let (mut bytes, mut content) = (&b"5\r\nhello\r\n0\r\n\r\nGET /next"[..], Vec::new());
/// loop {
///     let fed = body.feed(bytes)?;
///     bytes = &bytes[fed.used..];
///     match fed.piece {
///         Piece::Data(data) => content.extend_from_slice(data),
///         Piece::Trailer(_) => {}
///         Piece::Partial => panic!("nothing more will come"),
///         Piece::End => break,
///     }
/// }
/// assert_eq!((&content[..], bytes), (&b"hello"[..], &b"GET /next"[..]));
/// # Ok::<(), capstone_http::message::Refusal>(())
/// ```
#[derive(Debug, Clone)]
pub struct Body {
    state: State,
    limits: Limits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// So much content is missing, and nothing is behind it.
    Plain(u64),
    /// In front of a chunk.
    Size,
    /// So much of a chunk is missing.
    Chunk(u64),
    /// Behind the content of a chunk: its CRLF.
    ChunkEnd,
    /// Behind the last chunk; how many bytes and fields of trailer there have been.
    Trailer {
        bytes: usize,
        fields: usize,
    },
    Over,
}

impl Body {
    /// A decoder in front of the body.
    pub const fn new(framing: Framing, limits: Limits) -> Self {
        let state = match framing {
            Framing::None => State::Over,
            Framing::Length(length) => State::Plain(length),
            Framing::Chunked => State::Size,
        };
        Self { state, limits }
    }

    /// The next step along `bytes`, which begin where the last step has left off. To be called until
    /// it says [`Piece::Partial`] or [`Piece::End`]. At most a line is left over.
    ///
    /// # Errors
    ///
    /// 400 for malformed chunks and trailers, 431 for a trailer beyond its limits. Where the next
    /// request begins is not known then.
    pub fn feed<'b>(&mut self, bytes: &'b [u8]) -> Result<Fed<'b>, Refusal> {
        let mut used = 0;
        loop {
            let rest = &bytes[used..];
            let step = match self.state {
                State::Over | State::Plain(0) => return Ok(Fed { used, piece: Piece::End }),
                State::Plain(missing) | State::Chunk(missing) if !rest.is_empty() => {
                    let data = self.content(missing, rest);
                    return Ok(Fed { used: used + data.len(), piece: Piece::Data(data) });
                }
                State::Plain(_) | State::Chunk(_) => None,
                State::Size => self.size(rest)?,
                State::ChunkEnd => self.chunk_end(rest)?,
                State::Trailer { bytes, fields } => {
                    let fed = self.trailer(rest, bytes, fields)?;
                    return Ok(Fed { used: used + fed.used, ..fed });
                }
            };
            match step {
                Some(length) => used += length,
                None => return Ok(Fed { used, piece: Piece::Partial }),
            }
        }
    }

    fn content<'b>(&mut self, missing: u64, bytes: &'b [u8]) -> &'b [u8] {
        let length = usize::try_from(missing).map_or(bytes.len(), |most| most.min(bytes.len()));
        let missing = missing - length as u64;
        self.state = match self.state {
            State::Plain(_) => State::Plain(missing),
            _ if missing == 0 => State::ChunkEnd,
            _ => State::Chunk(missing),
        };
        &bytes[..length]
    }

    fn size(&mut self, bytes: &[u8]) -> Result<Option<usize>, Refusal> {
        let line = chunk::line(bytes, self.limits.chunk_line)?;
        Ok(line.map(|(size, length)| {
            let last = State::Trailer { bytes: 0, fields: 0 };
            self.state = if size == 0 { last } else { State::Chunk(size) };
            length
        }))
    }

    fn chunk_end(&mut self, bytes: &[u8]) -> Result<Option<usize>, Refusal> {
        match bytes {
            [] | [b'\r'] => Ok(None),
            [b'\r', b'\n', ..] => {
                self.state = State::Size;
                Ok(Some(2))
            }
            _ => Err(Refusal::bad("a chunk is not followed by the end of its line")),
        }
    }

    /// A line of the trailer, behind so many bytes and fields of it.
    fn trailer<'b>(
        &mut self,
        all: &'b [u8],
        bytes: usize,
        fields: usize,
    ) -> Result<Fed<'b>, Refusal> {
        let most = self.limits.trailer - bytes;
        let shown = &all[..all.len().min(most)];
        let refuse = |why| Err(Refusal::new(Status::FieldsTooLarge, why));
        match fields::line(shown)? {
            Line::Partial if all.len() >= most => refuse("the trailer is too long"),
            Line::Partial => Ok(Fed { used: 0, piece: Piece::Partial }),
            Line::End => {
                self.state = State::Over;
                Ok(Fed { used: 2, piece: Piece::End })
            }
            Line::Field { .. } if fields >= self.limits.fields => {
                refuse("there are too many trailer fields")
            }
            Line::Field { length, .. } => {
                self.state = State::Trailer { bytes: bytes + length, fields: fields + 1 };
                Ok(Fed { used: length, piece: Piece::Trailer(Field::of(&shown[..length])) })
            }
        }
    }
}
