//! Choosing a back end by name, for an option on a command line or a suite over all of them.

use std::fmt;
use std::str::FromStr;

use crate::error::Result;
use crate::poller::Poller;
use crate::{Epoll, Mio, Poll, Select};

/// The four back ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    /// select(2)
    Select,
    /// poll(2)
    Poll,
    /// epoll(7)
    Epoll,
    /// The mio library.
    Mio,
}

impl Backend {
    /// In the order of their invention: 1983, 1986, 2002, 2014.
    pub const ALL: [Self; 4] = [Self::Select, Self::Poll, Self::Epoll, Self::Mio];

    /// An empty poller of this kind.
    ///
    /// # Errors
    /// EMFILE, ENFILE, ENOMEM: epoll and mio are descriptors themselves.
    pub fn open(self) -> Result<Box<dyn Poller>> {
        Ok(match self {
            Self::Select => Box::new(Select::new()),
            Self::Poll => Box::new(Poll::new()),
            Self::Epoll => Box::new(Epoll::new()?),
            Self::Mio => Box::new(Mio::new()?),
        })
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Select => "select",
            Self::Poll => "poll",
            Self::Epoll => "epoll",
            Self::Mio => "mio",
        })
    }
}

/// The name is none of `select`, `poll`, `epoll`, `mio`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownBackend(String);

impl fmt::Display for UnknownBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}' is none of select, poll, epoll, mio", self.0)
    }
}

impl std::error::Error for UnknownBackend {}

impl FromStr for Backend {
    type Err = UnknownBackend;

    fn from_str(name: &str) -> std::result::Result<Self, UnknownBackend> {
        let found = Self::ALL.into_iter().find(|backend| backend.to_string() == name);
        found.ok_or_else(|| UnknownBackend(name.into()))
    }
}
