//! What answers under a path of its own, instead of the files.

use crate::files::Answer;
use crate::message::{Fields, Method, Status};

/// Answers the requests for a path and everything beneath it: the notes' "function that fetches
/// data".
///
/// OPTIONS is answered for it: [`allowed`](Handler::allowed) says how.
///
/// It is called when the whole body is there, from any thread, and waits for nobody: in an event
/// loop everybody would wait with it. When it panics, that one connection ends.
pub trait Handler: Send + Sync {
    /// Answers a request. `answer` is to be begun ([`Answer::begin`]). For HEAD the connection
    /// sends the head alone: a handler treats it as GET.
    fn handle(&self, request: &Request<'_>, answer: &mut Answer);

    /// The methods that it understands for a path behind its own, as in Allow.
    fn allowed(&self, path: &[u8]) -> &'static str;
}

/// A request that has come whole.
#[derive(Debug)]
pub struct Request<'a> {
    /// What is to be done.
    pub method: Method<'a>,
    /// The handler's own path, such as `/api`.
    pub base: &'a [u8],
    /// What the path has behind the handler's own: decoded, without slashes in front and behind.
    pub path: &'a [u8],
    /// What stands behind the first question mark, as it was sent.
    pub query: Option<&'a [u8]>,
    /// The fields of its head. Trailers are not among them.
    pub fields: &'a Fields<'a>,
    /// Its content, without whatever packed it.
    pub body: &'a [u8],
}

impl Answer {
    /// 405, and what is allowed instead.
    pub fn not_allowed(&mut self, allowed: &str) {
        self.begin(Status::MethodNotAllowed).field("Allow", allowed.as_bytes()).pause();
        self.explain(false);
    }
}
