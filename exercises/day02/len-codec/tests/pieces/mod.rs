//! A stream that gives one piece with each read, or what of it there is room for.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, Read};

/// How often somebody may ask who has been told that there is nothing more.
const PATIENCE: usize = 3;

pub struct Pieces {
    pieces: VecDeque<Vec<u8>>,
    /// How many bytes were read so far.
    pub taken: usize,
    /// At its end it breaks: ECONNRESET.
    pub breaks: bool,
    /// It does not end: who reads on would sleep, and is told WouldBlock.
    pub open: bool,
    /// What room there was when somebody did read on.
    pub asked: Option<usize>,
    ends: usize,
}

impl Pieces {
    pub fn new<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let pieces = pieces.into_iter().map(<[u8]>::to_vec).collect();
        Self { pieces, taken: 0, breaks: false, open: false, asked: None, ends: 0 }
    }
}

impl Read for Pieces {
    #[track_caller]
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if room.is_empty() {
            return Ok(0);
        }
        let Some(mut piece) = self.pieces.pop_front() else {
            if self.open {
                self.asked = Some(room.len());
                return Err(io::ErrorKind::WouldBlock.into());
            }
            self.ends += 1;
            assert!(
                self.ends <= PATIENCE,
                "read has said {PATIENCE} times that the stream has ended or broken, and was \
                 called again. It stays so: every further read says the same at once, and a loop \
                 that waits for more runs for ever, at 100 % of a processor"
            );
            return if self.breaks { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(0) };
        };
        let n = piece.len().min(room.len());
        room[..n].copy_from_slice(&piece[..n]);
        self.taken += n;
        let rest = piece.split_off(n);
        if !rest.is_empty() {
            self.pieces.push_front(rest);
        }
        Ok(n)
    }
}

/// Bytes, for people.
#[derive(PartialEq)]
pub struct Bytes(Vec<u8>);

pub fn bytes(bytes: &[u8]) -> Bytes {
    Bytes(bytes.into())
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}
