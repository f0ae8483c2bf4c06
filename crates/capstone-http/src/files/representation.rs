//! One form of a file (as it is, or one of its twins), ready to be sent.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::time::SystemTime;

use crate::files::answer::Piece;
use crate::files::conditional::Validators;
use crate::files::encoding::Coding;
use crate::files::{Facts, Rules, etag, mime};
use crate::message::fields::date;
use crate::message::{Status, Writer};

/// A file that is open, or its bytes, with everything that is said about it.
#[derive(Debug)]
pub(super) struct Representation {
    pub(super) facts: Facts,
    pub(super) coding: Coding,
    /// The type of what is in it, once it is decoded.
    pub(super) kind: String,
    etag: String,
    modified: Option<SystemTime>,
    /// The head of a 200, ready-made. Other answers take parts of it.
    head: Vec<u8>,
    /// Where its status line, its validators and its properties end.
    ends: [usize; 3],
    content: Content,
}

/// What was opened: the bytes of a small file need no descriptor and go out together with the head.
#[derive(Debug)]
enum Content {
    Bytes(Arc<[u8]>),
    File(Arc<File>),
}

impl Representation {
    /// `name` is that of the file as it is; `varies`: it has twins.
    pub(super) fn new(
        (file, facts): (File, Facts),
        (coding, varies): (Coding, bool),
        name: &[u8],
        (rules, now): (&Rules, SystemTime),
    ) -> Self {
        let (kind, charset) = mime::of(name);
        let modified = facts.modified(now);
        let mut validating = rules.caching.clone();
        if let Some(modified) = modified {
            let writer = Writer::resume(&mut validating);
            writer.field("Last-Modified", &date::text(modified)).pause();
        }
        if varies {
            Writer::resume(&mut validating).field("Vary", b"Accept-Encoding").pause();
        }
        let mut lasting = Vec::new();
        if let Some(coding) = coding.token() {
            let writer = Writer::resume(&mut lasting);
            writer.field("Content-Encoding", coding.as_bytes()).pause();
        }
        let etag = etag::of(&facts, coding);
        let content = Content::of(file, &facts, rules.small);
        let kind = format!("{kind}{charset}");
        let form =
            Self { facts, coding, kind, etag, modified, head: Vec::new(), ends: [0; 3], content };
        form.with_head(&validating, &rules.sharing, &lasting)
    }

    /// A page that was made here, and is worth no more than its second.
    pub(super) fn page(page: Vec<u8>, rules: &Rules) -> Self {
        // A name that slipped through the escaping would still be no script.
        let lasting = b"Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n";
        let form = Self {
            facts: Facts { size: page.len() as u64, ..Facts::default() },
            coding: Coding::Identity,
            kind: "text/html; charset=utf-8".to_owned(),
            etag: etag::of_bytes(&page),
            modified: None,
            head: Vec::new(),
            ends: [0; 3],
            content: Content::Bytes(page.into()),
        };
        form.with_head(b"Cache-Control: no-cache\r\n", &rules.sharing, lasting)
    }

    fn with_head(mut self, validating: &[u8], sharing: &[u8], lasting: &[u8]) -> Self {
        let mut head = Vec::with_capacity(512);
        Writer::new(&mut head, Status::Ok).pause();
        self.ends[0] = head.len();
        let etag = format!("\"{}\"", self.etag);
        let writer = Writer::resume(&mut head).field("ETag", etag.as_bytes());
        writer.lines(validating).lines(sharing).pause();
        self.ends[1] = head.len();
        let writer = Writer::resume(&mut head).field("Accept-Ranges", b"bytes").lines(lasting);
        writer.field("X-Content-Type-Options", b"nosniff").pause();
        self.ends[2] = head.len();
        let writer = Writer::resume(&mut head).field("Content-Type", self.kind.as_bytes());
        writer.length(self.facts.size).pause();
        self.head = head;
        self
    }

    /// The head of a 200: status line and all fields.
    pub(super) fn head(&self) -> &[u8] {
        &self.head
    }

    /// What a 304 says, too: validators, Vary, Cache-Control.
    pub(super) fn validating(&self) -> &[u8] {
        &self.head[self.ends[0]..self.ends[1]]
    }

    /// What is true of every part of it: all but its type and length.
    pub(super) fn lasting(&self) -> &[u8] {
        &self.head[self.ends[0]..self.ends[2]]
    }

    pub(super) fn validators(&self) -> Validators<'_> {
        Validators { etag: &self.etag, modified: self.modified }
    }

    /// These of its bytes.
    pub(super) fn piece(&self, range: Range<u64>) -> Piece {
        match &self.content {
            Content::Bytes(bytes) => {
                // It is in memory, so the numbers fit.
                let index = |at| usize::try_from(at).unwrap_or(usize::MAX);
                Piece::Shared(Arc::clone(bytes), index(range.start)..index(range.end))
            }
            Content::File(file) => Piece::File(Arc::clone(file), range),
        }
    }

    /// Open descriptors.
    pub(super) fn files(&self) -> usize {
        usize::from(matches!(self.content, Content::File(_)))
    }

    /// Bytes of memory, about.
    pub(super) fn bytes(&self) -> usize {
        let content = match &self.content {
            Content::Bytes(bytes) => bytes.len(),
            Content::File(_) => 0,
        };
        size_of::<Self>() + self.head.capacity() + self.kind.len() + self.etag.len() + content
    }
}

impl Content {
    /// A file that cannot be read, or is written to at this moment, stays a file: it is the reply's
    /// business then, and never half of it in the memory.
    fn of(file: File, facts: &Facts, small: u64) -> Self {
        if facts.size <= small
            && let Ok(Some(bytes)) = read(&file, facts)
        {
            // Its bytes are all that is wanted of it.
            drop(file);
            return Self::Bytes(bytes);
        }
        Self::File(Arc::new(file))
    }
}

fn read(file: &File, facts: &Facts) -> io::Result<Option<Arc<[u8]>>> {
    let mut bytes = vec![0; usize::try_from(facts.size).unwrap_or(0)];
    file.read_exact_at(&mut bytes, 0)?;
    let still = Facts::of(&file.metadata()?) == *facts;
    Ok(still.then(|| bytes.into()))
}
