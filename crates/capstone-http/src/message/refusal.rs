//! A request that is not answered as it was meant: the status, and why.

use std::fmt;

use super::Status;

/// Why a request is refused. After a refusal of [`parse`](super::parse) or of
/// [`Body::feed`](super::Body::feed) nobody knows where the next request begins: the connection is
/// closed behind the answer (RFC 9112, 2.2 and 6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The status of the answer.
    pub status: Status,
    /// One sentence for the log and the answer's body; nothing of it comes from the client.
    pub why: &'static str,
}

impl Refusal {
    pub(crate) const fn new(status: Status, why: &'static str) -> Self {
        Self { status, why }
    }

    /// 400: what came is no HTTP/1.1.
    pub(crate) const fn bad(why: &'static str) -> Self {
        Self::new(Status::BadRequest, why)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status, self.why)
    }
}

impl std::error::Error for Refusal {}
