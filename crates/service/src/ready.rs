//! The moment in which a server can be reached, for the people and programs that wait for it.

use std::fmt::Display;
use std::io::{self, Write as _};

use syscall::{Errno, Error};

/// Prints `listening on WHERE` on standard output, by which whoever has started the server knows
/// that it can be reached, and on which port if the kernel has chosen it. All else that a server
/// tells goes to standard error.
///
/// # Errors
/// Standard output cannot be written to.
pub fn listening(place: impl Display) -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "listening on {place}")?;
    out.flush()
}

/// Why this address cannot be listened on, in one sentence.
pub fn refused(place: impl Display, error: &Error) -> String {
    match error.errno() {
        Errno::EADDRINUSE => format!("another server has {place} already (EADDRINUSE)"),
        Errno::EACCES => format!("only root may listen on {place} (EACCES)"),
        Errno::EADDRNOTAVAIL => format!("{place} is no address of this machine (EADDRNOTAVAIL)"),
        _ => format!("{place}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_names_the_address_and_the_errno() {
        for (errno, sentence) in [
            (Errno::EADDRINUSE, "another server has [::1]:80 already (EADDRINUSE)"),
            (Errno::EACCES, "only root may listen on [::1]:80 (EACCES)"),
            (Errno::EADDRNOTAVAIL, "[::1]:80 is no address of this machine (EADDRNOTAVAIL)"),
        ] {
            assert_eq!(refused("[::1]:80", &Error::new("bind", errno)), sentence);
        }
        let other = refused("[::1]:80", &Error::new("bind", Errno::EAFNOSUPPORT));
        assert!(other.starts_with("[::1]:80: ") && other.contains("EAFNOSUPPORT"), "{other}");
    }
}
