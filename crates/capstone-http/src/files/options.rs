//! What the operator decides about the site.

use std::hash::{BuildHasher as _, RandomState};

use crate::message::Writer;

/// The choices of the command line.
#[derive(Clone, Debug)]
pub struct Options {
    /// The value of Cache-Control for files. Without it clients decide themselves how long they
    /// take a file for true (RFC 9111, 4.2.2).
    pub cache_control: Option<String>,
    /// Whose pages may read this site by script: an origin, or `*`.
    pub cors: Option<String>,
    /// The page for what does not exist: the name of a file beneath the folder.
    pub not_found: Option<Vec<u8>>,
    /// Shows folders that have no index.html.
    pub listing: bool,
    /// Files of at most so many bytes are kept in memory, once they are asked for.
    pub small: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { cache_control: None, cors: None, not_found: None, listing: true, small: 16 << 10 }
    }
}

/// The same, as it goes out.
#[derive(Debug)]
pub(super) struct Rules {
    /// Cache-Control, or nothing.
    pub(super) caching: Vec<u8>,
    /// The fields of CORS, or nothing. There is one origin for all, so no answer varies by it.
    pub(super) sharing: Vec<u8>,
    pub(super) small: u64,
    pub(super) boundary: String,
}

impl Rules {
    pub(super) fn new(options: &Options) -> Self {
        let (mut caching, mut sharing) = (Vec::new(), Vec::new());
        if let Some(value) = &options.cache_control {
            Writer::resume(&mut caching).field("Cache-Control", value.as_bytes()).pause();
        }
        if let Some(origin) = &options.cors {
            let exposed = b"Accept-Ranges, Content-Encoding, Content-Range, ETag";
            let writer = Writer::resume(&mut sharing);
            let writer = writer.field("Access-Control-Allow-Origin", origin.as_bytes());
            writer.field("Access-Control-Expose-Headers", exposed).pause();
        }
        // The hasher's keys are random in each process.
        let random = || RandomState::new().hash_one("boundary");
        let boundary = format!("{:016x}{:016x}", random(), random());
        Self { caching, sharing, small: options.small, boundary }
    }
}
