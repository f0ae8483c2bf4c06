//! The target of a request: four forms (RFC 9112, 3.2), of which a server of files needs one.
//!
//! Everything is cut apart first and decoded afterwards: `%2F` is a byte of a name, `/` is the end of
//! one, and who decodes before cutting can no longer tell (RFC 3986, 2.4).

mod authority;
mod encode;
mod path;

pub use authority::is_authority;
pub use encode::{encode, encode_path};
pub use path::{Path, clean, decode};

use super::{Method, Refusal};

/// What a request is about. The parts are as they were sent: percent-encoded ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<'a> {
    /// `/path?query`, by everybody but clients of proxies.
    Origin {
        /// With its slash in front.
        path: &'a [u8],
        /// What stands behind the first question mark.
        query: Option<&'a [u8]>,
    },
    /// `http://host/path?query`, which a server must understand although it is no proxy.
    Absolute {
        /// Host and port.
        authority: &'a [u8],
        /// Empty, or with its slash in front.
        path: &'a [u8],
        /// What stands behind the first question mark.
        query: Option<&'a [u8]>,
    },
    /// `host:port`, for CONNECT alone.
    Authority(&'a [u8]),
    /// `*`, for OPTIONS alone: the server as a whole.
    Asterisk,
}

impl<'a> Target<'a> {
    pub(super) fn new(method: Method<'_>, target: &'a [u8]) -> Result<Self, Refusal> {
        match (method, target) {
            (Method::Connect, _) => {
                let good = is_authority(target) && target.contains(&b':');
                let odd = Refusal::bad("CONNECT is for a host and a port");
                if good { Ok(Self::Authority(target)) } else { Err(odd) }
            }
            (_, [b'/', ..]) => {
                let (path, query) = cut(target);
                checked(path)?;
                Ok(Self::Origin { path, query })
            }
            (Method::Options, b"*") => Ok(Self::Asterisk),
            _ => Self::absolute(target),
        }
    }

    /// `http://authority[/path][?query]`. Names in front of an `@` are refused: they serve to make one
    /// host look like another (RFC 9110, 4.2.4).
    fn absolute(target: &'a [u8]) -> Result<Self, Refusal> {
        const SCHEMES: [&[u8]; 2] = [b"http://", b"https://"];
        let begins = |scheme: &&&[u8]| {
            target.get(..scheme.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
        };
        let Some(scheme) = SCHEMES.iter().find(begins) else {
            return Err(Refusal::bad("the target has none of the four forms"));
        };
        let rest = &target[scheme.len()..];
        let end = rest.iter().position(|byte| b"/?".contains(byte)).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        if !is_authority(authority) {
            return Err(Refusal::bad("no host in the target"));
        }
        let (path, query) = cut(rest);
        checked(path)?;
        Ok(Self::Absolute { authority, path, query })
    }

    /// The path, of those forms that have one. An empty one means `/` (RFC 9110, 4.2.3).
    pub fn path(self) -> Option<&'a [u8]> {
        match self {
            Self::Origin { path, .. } | Self::Absolute { path, .. } => {
                Some(if path.is_empty() { b"/" } else { path })
            }
            Self::Authority(_) | Self::Asterisk => None,
        }
    }

    /// What stands behind the first question mark.
    pub fn query(self) -> Option<&'a [u8]> {
        match self {
            Self::Origin { query, .. } | Self::Absolute { query, .. } => query,
            Self::Authority(_) | Self::Asterisk => None,
        }
    }
}

fn cut(target: &[u8]) -> (&[u8], Option<&[u8]>) {
    match target.iter().position(|&byte| byte == b'?') {
        Some(at) => (&target[..at], Some(&target[at + 1..])),
        None => (target, None),
    }
}

/// Browsers make a slash of a backslash, some servers do, and some do not: nobody gets one here.
fn checked(path: &[u8]) -> Result<(), Refusal> {
    let odd = Refusal::bad("a backslash in a path");
    if path.contains(&b'\\') { Err(odd) } else { Ok(()) }
}
