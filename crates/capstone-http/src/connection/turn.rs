//! One request is answered.

use std::net::IpAddr;
use std::time::SystemTime;

use server::Reply;

use super::desk::Desk;
use super::handler::Request;
use super::incoming::Incoming;
use super::{Handler, Worker};
use crate::message::{Framing, Head, Method, Parsed, Refusal, Status, parse, uri};

/// A body that nobody wants is read and dropped up to so many bytes; a longer one ends the
/// connection, which is cheaper for both.
const DROPPED: u64 = 64 << 10;

/// How a connection goes on.
pub(super) enum Then {
    /// With the next request.
    Go,
    /// With the body of this one.
    Body(Box<Incoming>),
    /// Not at all.
    Close,
    /// Not at all, and the client may be in the middle of something.
    Linger,
}

/// What it takes to answer.
pub(super) struct Turn<'t> {
    pub(super) worker: &'t Worker,
    pub(super) desk: &'t mut Desk,
    pub(super) reply: &'t mut Reply,
    pub(super) peer: IpAddr,
    pub(super) now: SystemTime,
    /// There will be no other request.
    pub(super) last: bool,
}

impl Turn<'_> {
    /// A head has come; these were its bytes.
    pub(super) fn request(&mut self, (head, bytes): (&Head<'_>, &[u8])) -> Then {
        let expects = match head.expects_continue() {
            Ok(expects) => expects,
            Err(refusal) => return self.refuse(Some(head), bytes, refusal),
        };
        let service = &self.worker.service;
        let path = head.target.path().unwrap_or_default();
        if let Some((prefix, handler)) = &service.handler
            && let Some(path) = beneath(prefix, path)
        {
            return match head.framing {
                Framing::None => self.handle((prefix, &**handler), path, (head, bytes), b""),
                // Refused before it is sent: who waits for `100 Continue` is spared the sending.
                Framing::Length(length) if length > service.body as u64 => {
                    let long = Refusal::new(Status::ContentTooLarge, "the content is too long");
                    self.refuse(Some(head), bytes, long)
                }
                framing => {
                    if expects {
                        self.reply.push(b"HTTP/1.1 100 Continue\r\n\r\n");
                    }
                    Then::Body(Incoming::new(bytes, framing, service.limits, service.body).into())
                }
            };
        }
        let Desk { answer, cache, .. } = &mut *self.desk;
        if service.metrics_path.as_deref() == Some(path) {
            service.metrics.answer(head.method, service.log.as_ref(), answer);
        } else {
            service.site.answer(head, self.now, cache, answer);
        }
        // Nobody wants the body. Who was not told to send it may do so or not, and chunks may
        // never end: then nobody knows where the next request begins.
        let skip = match head.framing {
            Framing::None | Framing::Length(0) => None,
            Framing::Length(length) if length <= DROPPED && !expects => {
                Some(Incoming::new(b"", head.framing, service.limits, 0))
            }
            _ => {
                self.send(Some(head), bytes, false);
                return Then::Linger;
            }
        };
        let keep = !self.last && head.keep_alive();
        self.send(Some(head), bytes, keep);
        match skip {
            _ if !keep => Then::Close,
            Some(body) => Then::Body(body.into()),
            None => Then::Go,
        }
    }

    /// The body has come to its end.
    pub(super) fn whole(&mut self, incoming: &Incoming) -> Then {
        if incoming.is_unwanted() {
            return Then::Go;
        }
        let bytes = &incoming.head[..];
        let service = &self.worker.service;
        // It was understood before, and these are the same bytes.
        if let Ok(Parsed::Done { head, .. }) = parse(bytes, &service.limits)
            && let Some((prefix, handler)) = &service.handler
            && let Some(path) = beneath(prefix, head.target.path().unwrap_or_default())
        {
            return self.handle((prefix, &**handler), path, (&head, bytes), &incoming.content);
        }
        Then::Close
    }

    fn handle(
        &mut self,
        (base, handler): (&[u8], &dyn Handler),
        path: &[u8],
        (head, bytes): (&Head<'_>, &[u8]),
        body: &[u8],
    ) -> Then {
        let mut room = Vec::new();
        let path = match uri::clean(path, &mut room) {
            Ok(path) => path.name,
            Err(refusal) => return self.refuse(Some(head), bytes, refusal),
        };
        let (query, fields) = (head.target.query(), &head.fields);
        let (site, answer) = (&self.worker.service.site, &mut self.desk.answer);
        if head.method == Method::Options {
            site.options(fields, handler.allowed(path), answer);
        } else {
            let request = Request { method: head.method, base, path, query, fields, body };
            handler.handle(&request, answer);
            site.share(answer);
        }
        let keep = !self.last && head.keep_alive();
        self.send(Some(head), bytes, keep);
        if keep { Then::Go } else { Then::Close }
    }

    /// There is no room for this client.
    pub(super) fn surplus(&mut self, (head, bytes): (&Head<'_>, &[u8])) -> Then {
        let refusal = Refusal::new(Status::ServiceUnavailable, "there are too many connections");
        self.refuse(Some(head), bytes, refusal)
    }

    /// Says what is wrong, and that this is the end.
    pub(super) fn refuse(&mut self, head: Option<&Head<'_>>, bytes: &[u8], why: Refusal) -> Then {
        let answer = &mut self.desk.answer;
        let writer = answer.begin(why.status);
        if why.status == Status::ServiceUnavailable {
            writer.field("Retry-After", b"1").pause();
        } else {
            writer.pause();
        }
        answer.content("text/plain; charset=utf-8", format!("{why}\n").into_bytes(), false);
        self.send(head, bytes, false);
        Then::Linger
    }
}

/// What a path has behind a prefix, when it is the prefix or lies beneath it.
fn beneath<'a>(prefix: &[u8], path: &'a [u8]) -> Option<&'a [u8]> {
    path.strip_prefix(prefix).filter(|rest| rest.is_empty() || rest.starts_with(b"/"))
}
