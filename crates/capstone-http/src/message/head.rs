//! The head of a request, as it was understood. It borrows from the bytes that were read.

use super::{Fields, Framing, Method, Refusal, Status, Target};

/// The versions that are spoken. The order is theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// HTTP/1.0: a connection is for one request unless both agree to keep it.
    Http10,
    /// HTTP/1.1, and whatever calls itself 1.2 to 1.9 (RFC 9110, 2.5).
    Http11,
}

/// Everything in front of the body. Whatever could have two readings has been refused before there
/// was one of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head<'a> {
    /// What is to be done.
    pub method: Method<'a>,
    /// With what.
    pub target: Target<'a>,
    /// The version of the request.
    pub version: Version,
    /// The fields in the order of their lines.
    pub fields: Fields<'a>,
    /// Whether a body follows, and how its end is known.
    pub framing: Framing,
    /// The host and, behind a colon, the port that the client believes to talk to: of the target when
    /// it is absolute, otherwise of the field Host (RFC 9112, 3.3). `None` in HTTP/1.0 without Host.
    pub host: Option<&'a [u8]>,
}

impl Head<'_> {
    /// Whether the client would send another request on this connection (RFC 9112, 9.3).
    pub fn keep_alive(&self) -> bool {
        match self.version {
            Version::Http11 => !self.fields.list("connection").any(|it| is(it, b"close")),
            Version::Http10 => {
                let mut keep = false;
                for option in self.fields.list("connection") {
                    if is(option, b"close") {
                        return false;
                    }
                    keep |= is(option, b"keep-alive");
                }
                keep
            }
        }
    }

    /// Whether the client waits for `100 Continue` before it sends its body (RFC 9110, 10.1.1).
    ///
    /// # Errors
    ///
    /// 417 when it expects something that nobody has defined.
    pub fn expects_continue(&self) -> Result<bool, Refusal> {
        let mut expects = false;
        for expectation in self.fields.list("expect") {
            if !is(expectation, b"100-continue") {
                return Err(Refusal::new(Status::ExpectationFailed, "nobody can fulfil that"));
            }
            expects = true;
        }
        // HTTP/1.0 knows no such answer, and without a body there is nothing to wait for.
        Ok(expects && self.version == Version::Http11 && self.framing != Framing::None)
    }
}

fn is(option: &[u8], name: &[u8]) -> bool {
    option.eq_ignore_ascii_case(name)
}
