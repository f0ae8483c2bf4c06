//! `HOST:PORT` as people write it: `127.0.0.1:8888`, `[::1]:8888`, `localhost:8888`.
//!
//! A name may have many addresses, and which one answers is only known by trying: so the result
//! is a list, in the order of getaddrinfo(3) (RFC 6724).

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs as _};

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddrError {
    /// There is no colon, or nothing behind it.
    NoPort(String),
    /// What stands behind the colon is not a number from 0 to 65535.
    BadPort(String),
    /// More than one colon without brackets: an IPv6 address must be written `[::1]:8888`.
    Brackets(String),
    /// The resolver knows no such host; its own words say more.
    UnknownHost(String, String),
}

impl fmt::Display for AddrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoPort(text) => {
                write!(f, "'{text}' has no port: write HOST:PORT, such as 127.0.0.1:8888")
            }
            Self::BadPort(port) => write!(f, "'{port}' is not a port: ports are 0 to 65535"),
            Self::Brackets(text) => {
                write!(f, "'{text}' is unclear: an IPv6 address is written [::1]:8888")
            }
            Self::UnknownHost(host, why) => write!(f, "no address is known for '{host}': {why}"),
        }
    }
}

impl std::error::Error for AddrError {}

/// All addresses of `HOST:PORT`, at least one, each once. A name costs a lookup, which may block
/// for as long as the resolver is configured to try.
///
/// # Errors
/// [`AddrError`], a sentence fit for a user.
pub fn resolve(text: &str) -> std::result::Result<Vec<SocketAddr>, AddrError> {
    let (host, port) = text.rsplit_once(':').unwrap_or((text, ""));
    if port.is_empty() {
        return Err(AddrError::NoPort(text.into()));
    }
    let number = port.bytes().all(|b| b.is_ascii_digit()).then(|| port.parse().ok()).flatten();
    let port: u16 = number.ok_or_else(|| AddrError::BadPort(port.into()))?;
    let host = match host.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').ok_or_else(|| AddrError::Brackets(text.into()))?,
        None if host.contains(':') => return Err(AddrError::Brackets(text.into())),
        None => host,
    };
    let unknown = |why: &str| AddrError::UnknownHost(host.into(), why.into());
    // The resolver would take an empty name for this very machine; a user who typed it forgot it.
    if host.is_empty() {
        return Err(unknown("the name is empty"));
    }
    let mut found: Vec<SocketAddr> = Vec::new();
    for address in (host, port).to_socket_addrs().map_err(|e| unknown(&e.to_string()))? {
        if !found.contains(&address) {
            found.push(address);
        }
    }
    if found.is_empty() { Err(unknown("the resolver gave none")) } else { Ok(found) }
}

/// The first of [`resolve`]'s addresses: what a server binds.
///
/// # Errors
/// As [`resolve`].
pub fn resolve_one(text: &str) -> std::result::Result<SocketAddr, AddrError> {
    resolve(text).map(|found| found[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_need_no_resolver() {
        assert_eq!(resolve("127.0.0.1:80").unwrap(), ["127.0.0.1:80".parse().unwrap()]);
        assert_eq!(resolve("[::1]:0").unwrap(), ["[::1]:0".parse().unwrap()]);
    }

    #[test]
    fn a_name_gives_each_address_once() {
        let found = resolve("localhost:7").unwrap();
        assert!(found.iter().all(|a| a.ip().is_loopback() && a.port() == 7), "{found:?}");
        let mut once = found.clone();
        once.dedup();
        assert_eq!(found, once);
    }

    #[test]
    fn each_mistake_has_its_sentence() {
        for (text, part) in [
            ("", "has no port"),
            ("localhost", "has no port"),
            ("127.0.0.1:", "has no port"),
            ("127.0.0.1:65536", "not a port"),
            ("127.0.0.1:-1", "not a port"),
            ("127.0.0.1:+80", "not a port"),
            ("127.0.0.1:http", "not a port"),
            ("::1:80", "written [::1]:8888"),
            ("[::1:80", "written [::1]:8888"),
            (":80", "the name is empty"),
            ("no-such-host.invalid:80", "no address is known for 'no-such-host.invalid'"),
        ] {
            let error = resolve(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text:?} gave: {error}");
        }
    }
}
