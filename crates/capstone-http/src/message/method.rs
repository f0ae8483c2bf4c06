//! Methods: what is to be done (RFC 9110, 9).

/// The method of a request. Case matters: `get` is another method, which nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method<'a> {
    /// Send what the target names.
    Get,
    /// As GET, but send the head only.
    Head,
    /// Do with the content whatever the target does.
    Post,
    /// Let the content be what the target names.
    Put,
    /// Forget what the target names.
    Delete,
    /// Say what can be done.
    Options,
    /// Be a tunnel; for proxies.
    Connect,
    /// Send the request back.
    Trace,
    /// Change a part (RFC 5789).
    Patch,
    /// A token that none of these is: 501 (RFC 9110, 9.1).
    Other(&'a [u8]),
}

impl<'a> Method<'a> {
    pub(super) fn new(token: &'a [u8]) -> Self {
        match token {
            b"GET" => Self::Get,
            b"HEAD" => Self::Head,
            b"POST" => Self::Post,
            b"PUT" => Self::Put,
            b"DELETE" => Self::Delete,
            b"OPTIONS" => Self::Options,
            b"CONNECT" => Self::Connect,
            b"TRACE" => Self::Trace,
            b"PATCH" => Self::Patch,
            other => Self::Other(other),
        }
    }

    /// As it was sent.
    pub const fn as_bytes(self) -> &'a [u8] {
        match self {
            Self::Get => b"GET",
            Self::Head => b"HEAD",
            Self::Post => b"POST",
            Self::Put => b"PUT",
            Self::Delete => b"DELETE",
            Self::Options => b"OPTIONS",
            Self::Connect => b"CONNECT",
            Self::Trace => b"TRACE",
            Self::Patch => b"PATCH",
            Self::Other(token) => token,
        }
    }
}
