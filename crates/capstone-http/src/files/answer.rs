//! An answer as a value: its head as it goes out, and the pieces of its body.
//!
//! The head lacks what only the connection knows: Date, Connection, and the empty line. One value
//! is used for one answer after the other, and keeps its memory.

use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

use crate::message::{Status, Writer};

/// What is answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// As it stands in the first line.
    pub status: Status,
    /// The status line and the fields, each with its line end; Content-Length is among them.
    pub head: Vec<u8>,
    /// The body, in order. Nothing for HEAD, whatever the head announces.
    pub body: Vec<Piece>,
}

/// A piece of a body.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Made for this answer.
    Made(Vec<u8>),
    /// A part of what many answers share.
    Shared(Arc<[u8]>, Range<usize>),
    /// A part of a file. When the file has become shorter the connection must end: whoever was
    /// promised these bytes must not take others for them.
    File(Arc<File>, Range<u64>),
}

impl Default for Answer {
    fn default() -> Self {
        Self { status: Status::Ok, head: Vec::new(), body: Vec::new() }
    }
}

impl Answer {
    /// Begins anew, with a status line. The fields follow; the writer is to be
    /// [paused](Writer::pause).
    pub fn begin(&mut self, status: Status) -> Writer<'_> {
        self.status = status;
        self.head.clear();
        self.body.clear();
        Writer::new(&mut self.head, status)
    }

    /// Begins anew, with a head that was written before.
    pub fn ready(&mut self, status: Status, head: &[u8]) {
        self.status = status;
        self.head.clear();
        self.body.clear();
        self.head.extend_from_slice(head);
    }

    /// The head again, for more fields.
    pub fn go_on(&mut self) -> Writer<'_> {
        Writer::resume(&mut self.head)
    }

    /// The whole body, of a type, in one piece; of a `bodiless` one, which is HEAD's, the length.
    pub fn content(&mut self, kind: &str, body: Vec<u8>, bodiless: bool) {
        let length = body.len() as u64;
        self.go_on().field("Content-Type", kind.as_bytes()).length(length).pause();
        if !bodiless {
            self.body.push(Piece::Made(body));
        }
    }

    /// Says the status once more, for people.
    pub fn explain(&mut self, bodiless: bool) {
        let text = format!("{}\n", self.status);
        self.content("text/plain; charset=utf-8", text.into_bytes(), bodiless);
    }
}
