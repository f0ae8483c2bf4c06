//! A client of the course's protocol: a connection, and what can be asked over it.
//!
//! All calls wait, and no wait is longer than the client's patience: it begins anew with each byte,
//! so that a large file over a slow line takes as long as it takes. Content goes to and comes from
//! whatever the caller has opened; what a file is called meanwhile, and that it gets its name at
//! the end only, is the caller's affair.
//!
//! A download that was interrupted goes on like this: [`Client::look`] says which version the
//! server has; the caller looks for the beginning of that version; [`Client::get`] brings the rest,
//! and compares the sum of the whole.

mod error;
mod get;
mod put;

use std::io::{BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::ops::ControlFlow;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use sockets::{Deadline, tcp};

use crate::wire::{Answer, LONGEST, Request, Version};

pub use crc32fast::Hasher as Sum;
pub use error::Error;
pub use get::Have;

/// Is told how many bytes of the whole file are there, and whether to go on is its answer.
pub type Progress<'a> = &'a mut dyn FnMut(u64) -> ControlFlow<()>;

/// A connection to a server.
///
/// An [`Error`] that [breaks](Error::breaks) it leaves it of no use: connect again.
#[derive(Debug)]
pub struct Client {
    stream: BufReader<TcpStream>,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Bytes from a stranger: not to be shown as they are.
    pub name: Vec<u8>,
    /// Bytes.
    pub size: u64,
    /// Seconds since 1970.
    pub modified: u64,
}

/// A file on the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Bytes.
    pub size: u64,
    /// Which content it has now.
    pub version: Version,
}

impl Client {
    /// Tries one address after the other; `patience` is for each of them, and for each wait later.
    ///
    /// # Errors
    /// Those of connect(2): above all ECONNREFUSED and ETIMEDOUT.
    pub fn connect(addresses: &[SocketAddr], patience: Duration) -> Result<Self, Error> {
        let connect = tcp::Connect::new().deadline(Deadline::after(patience)).nodelay(true);
        let stream = connect.to_any(addresses).map_err(|error| Error::Network(error.into()))?;
        // A time limit of zero would be none at all, and refused.
        let patience = Some(patience.max(Duration::from_millis(1)));
        stream.set_read_timeout(patience).map_err(Error::Network)?;
        stream.set_write_timeout(patience).map_err(Error::Network)?;
        Ok(Self { stream: BufReader::with_capacity(64 * 1024, stream) })
    }

    /// The files.
    ///
    /// # Errors
    /// All but [`Error::Local`].
    pub fn list(&mut self) -> Result<Vec<Listed>, Error> {
        self.ask(&Request::List)?;
        let count = self.answer(|answer| match answer {
            Answer::List { count } => Some(count),
            _ => None,
        })?;
        let mut files = Vec::new();
        for _ in 0..count {
            files.push(self.answer(|answer| match answer {
                Answer::File { size, modified, name } => {
                    Some(Listed { name: name.into(), size, modified })
                }
                _ => None,
            })?);
        }
        Ok(files)
    }

    /// What is there under this name.
    ///
    /// # Errors
    /// All but [`Error::Local`].
    pub fn look(&mut self, name: &[u8]) -> Result<Found, Error> {
        self.ask(&Request::State { name })?;
        self.found()
    }

    /// Says good-bye, and waits until the server has heard it.
    ///
    /// # Errors
    /// [`Error::Network`], [`Error::Nonsense`].
    pub fn quit(mut self) -> Result<(), Error> {
        self.ask(&Request::Quit)?;
        self.answer(|answer| (answer == Answer::Bye).then_some(()))
    }

    fn found(&mut self) -> Result<Found, Error> {
        self.answer(|answer| match answer {
            Answer::Get { size, version } => Some(Found { size, version }),
            _ => None,
        })
    }

    fn ask(&mut self, request: &Request<'_>) -> Result<(), Error> {
        let bytes = request.to_bytes();
        if bytes.len() > size_of::<u32>() + LONGEST {
            return Err(Error::Name);
        }
        self.stream.get_ref().write_all(&bytes).map_err(Error::Network)
    }

    /// The next frame, if it is the wanted one.
    fn answer<T>(&mut self, wanted: impl FnOnce(Answer<'_>) -> Option<T>) -> Result<T, Error> {
        let (mut length, mut frame) = ([0; 4], [0; LONGEST]);
        self.stream.read_exact(&mut length).map_err(Error::Network)?;
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        let Some(frame) = frame.get_mut(..length) else {
            return Err(Error::Nonsense(format!("a frame of {length} bytes")));
        };
        self.stream.read_exact(frame).map_err(Error::Network)?;
        match Answer::parse(frame) {
            Ok(Answer::No { code, text }) => {
                Err(Error::Refused { code, text: String::from_utf8_lossy(text).into_owned() })
            }
            Ok(answer) => wanted(answer)
                .ok_or_else(|| Error::Nonsense(format!("a frame '{}'", char::from(frame[0])))),
            Err(error) => Err(Error::Nonsense(error.to_string())),
        }
    }
}

impl AsFd for Client {
    /// The connection: whoever shuts it down ends the call that waits for it.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.get_ref().as_fd()
    }
}
