//! A failed system call as a value.
//!
//! `strace` prints `bind(3, …) = -1 EADDRINUSE (Address already in use)`. An [`Error`] keeps the
//! same three facts, so that a message can name the call, its object and the errno, and a program
//! can match on the errno: `bind(127.0.0.1:80): Address already in use (EADDRINUSE)`.

use std::{fmt, io};

use nix::errno::Errno;

/// The result of something that ends in one system call.
pub type Result<T> = std::result::Result<T, Error>;

/// A system call that failed: its name, what it was made on, and the errno (see errno(3)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    call: &'static str,
    on: Option<Box<str>>,
    errno: Errno,
}

impl Error {
    /// `call` is the name in section 2 of the manual, such as `"accept4"`.
    pub fn new(call: &'static str, errno: Errno) -> Self {
        Self { call, on: None, errno }
    }

    /// Says what the call was made on: an address, a path, a descriptor.
    #[must_use]
    pub fn on(mut self, subject: impl fmt::Display) -> Self {
        self.on = Some(subject.to_string().into());
        self
    }

    /// The name of the call.
    pub fn call(&self) -> &'static str {
        self.call
    }

    /// Why it failed.
    pub fn errno(&self) -> Errno {
        self.errno
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (call, on) = (self.call, self.on.as_deref().unwrap_or_default());
        write!(f, "{call}({on}): {} ({:?})", self.errno.desc(), self.errno)
    }
}

impl std::error::Error for Error {}

impl From<Error> for io::Error {
    /// Keeps the whole error as the payload; `kind()` is that of the errno.
    fn from(error: Error) -> Self {
        Self::new(Self::from(error.errno).kind(), error)
    }
}

/// Puts a call's name on an error that knows only its errno.
pub trait Context<T> {
    /// `socket.bind(&addr).call("bind")?`
    ///
    /// # Errors
    /// The same failure, now with the name of the call.
    fn call(self, name: &'static str) -> Result<T>;

    /// The same, and what the call was made on.
    ///
    /// # Errors
    /// The same failure, now with the name of the call and its subject.
    fn call_on(self, name: &'static str, subject: impl fmt::Display) -> Result<T>;
}

impl<T, E: IntoErrno> Context<T> for std::result::Result<T, E> {
    fn call(self, name: &'static str) -> Result<T> {
        self.map_err(|error| Error::new(name, error.into_errno()))
    }

    fn call_on(self, name: &'static str, subject: impl fmt::Display) -> Result<T> {
        self.map_err(|error| Error::new(name, error.into_errno()).on(subject))
    }
}

/// The two ways in which Rust's libraries hand an errno around.
pub trait IntoErrno {
    /// The errno inside.
    fn into_errno(self) -> Errno;
}

impl IntoErrno for Errno {
    fn into_errno(self) -> Errno {
        self
    }
}

impl IntoErrno for io::Error {
    /// Some errors of std never were an errno (a name with a NUL in it, a zero time limit):
    /// they get the errno that the kernel would have given for the same mistake.
    fn into_errno(self) -> Errno {
        if let Some(number) = self.raw_os_error() {
            return Errno::from_raw(number);
        }
        match self.kind() {
            io::ErrorKind::TimedOut => Errno::ETIMEDOUT,
            io::ErrorKind::WouldBlock => Errno::EAGAIN,
            io::ErrorKind::Interrupted => Errno::EINTR,
            io::ErrorKind::BrokenPipe => Errno::EPIPE,
            io::ErrorKind::InvalidInput => Errno::EINVAL,
            _ => Errno::EIO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_call_its_subject_and_the_errno() {
        let error = Error::new("bind", Errno::EADDRINUSE).on("127.0.0.1:80");
        assert_eq!(error.to_string(), "bind(127.0.0.1:80): Address already in use (EADDRINUSE)");
        assert_eq!(Error::new("fork", Errno::EAGAIN).to_string(), "fork(): Try again (EAGAIN)");
    }

    #[test]
    fn survives_the_way_through_io_error() {
        let error = io::Error::from(Error::new("connect", Errno::ECONNREFUSED).on("[::1]:9"));
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
        assert_eq!(error.to_string(), "connect([::1]:9): Connection refused (ECONNREFUSED)");
        assert!(error.get_ref().unwrap().is::<Error>());
    }

    #[test]
    fn an_error_of_std_without_errno_gets_the_kernels() {
        let nul = std::fs::File::open("a\0b").call("open").unwrap_err();
        assert_eq!(nul.errno(), Errno::EINVAL);
        let gone = std::fs::File::open("/nowhere/at/all").call("open").unwrap_err();
        assert_eq!(gone.errno(), Errno::ENOENT);
    }
}
