//! The memory that a turn needs, and only for the turn: one for all clients of an event loop.
//!
//! Most connections wait most of the time. One that had buffers of its own for reading and answering
//! would keep more memory than everything else that a server knows of it.

use std::mem;

use crate::reply::Reply;

/// Bytes read at once.
const PIECE: usize = 16 * 1024;

/// Above this, a client that does not read its answers is not read from either.
const OWED: usize = 64 * 1024;

/// Whoever was owed more at once has had an exceptional answer, whose memory is given back.
const MOST: usize = 4 * OWED;

/// Where bytes are read to, and where answers are put.
#[derive(Debug)]
pub struct Room {
    pub(crate) bytes: Box<[u8]>,
    spare: Reply,
}

impl Room {
    pub(crate) fn new() -> Self {
        Self { bytes: vec![0; PIECE].into_boxed_slice(), spare: nothing() }
    }

    /// Gives a client memory for its answers.
    pub(crate) fn lend(&mut self, owed: &mut Reply) {
        if owed.is_empty() {
            mem::swap(owed, &mut self.spare);
        }
    }

    /// Takes it back from a client that is owed nothing any more.
    pub(crate) fn take_back(&mut self, owed: &mut Reply) {
        if owed.is_empty() {
            let memory = mem::replace(owed, nothing());
            if (self.spare.memory()..=MOST).contains(&memory.memory()) {
                self.spare = memory;
            }
        }
    }
}

/// A reply that has no memory yet.
pub(crate) fn nothing() -> Reply {
    Reply::with_limit(OWED)
}
