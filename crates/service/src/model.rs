//! The five models of a server, by the names that the command lines have for them.

use std::fmt;
use std::str::FromStr;

/// Who serves a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// The serving thread, one client after the other.
    Iterative,
    /// A process of its own.
    Fork,
    /// A thread of its own.
    Thread,
    /// A worker of a crew that was there before.
    Pool,
    /// A loop that serves many of them.
    Epoll,
}

impl Model {
    /// In the order in which the course comes to them.
    pub const ALL: [Self; 5] = [Self::Iterative, Self::Fork, Self::Thread, Self::Pool, Self::Epoll];

    /// As on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Iterative => "iterative",
            Self::Fork => "fork",
            Self::Thread => "thread",
            Self::Pool => "pool",
            Self::Epoll => "epoll",
        }
    }

    /// How many clients it is fit for at once, where a loop is fit for so many.
    pub fn fit_for(self, of_a_loop: usize) -> usize {
        match self {
            Self::Iterative => 1,
            Self::Fork | Self::Thread | Self::Pool => 256,
            Self::Epoll => of_a_loop,
        }
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// There is no such model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownModel;

impl fmt::Display for UnknownModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Model::ALL.map(Model::name).join(", ");
        write!(f, "the models are {names}")
    }
}

impl std::error::Error for UnknownModel {}

impl FromStr for Model {
    type Err = UnknownModel;

    fn from_str(text: &str) -> Result<Self, UnknownModel> {
        Self::ALL.into_iter().find(|model| model.name() == text).ok_or(UnknownModel)
    }
}
