//! What is compared, and how much it may cost.

use std::fmt;

use bench::{Pair, Side, median};
use cli::Outcome;

use crate::{locks, pipes, pools, queues, starts};

/// The error of an [`Outcome`].
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Something to measure.
pub(crate) type Measured = Box<dyn Side<Error = Failure>>;

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    /// A process is started, does nothing, and is waited for.
    Start,
    /// 64 bytes to another process and back.
    Pipe,
    /// A place is taken and given back, and nobody else wants it.
    Semaphore,
    /// [`queues::MESSAGES`] messages of 64 bytes from one process to another; the baseline is one
    /// write and one read on a pipe for each.
    Queue,
    /// [`pools::TASKS`] tasks that do next to nothing, one at a time.
    Pool,
}

/// At most so much of a baseline.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) raw: Option<f64>,
    pub(crate) python: Option<f64>,
}

impl Case {
    pub(crate) const ALL: [Self; 5] =
        [Self::Start, Self::Pipe, Self::Semaphore, Self::Queue, Self::Pool];

    /// Whether all of it runs on one processor.
    pub(crate) fn is_pinned(self) -> bool {
        !matches!(self, Self::Queue | Self::Pool)
    }

    /// Where there is no limit the figure is there to be looked at.
    pub(crate) fn limits(self) -> Limits {
        match self {
            Self::Start => Limits { raw: Some(1.2), python: None },
            Self::Pipe => Limits { raw: Some(1.15), python: None },
            Self::Semaphore => Limits { raw: Some(1.3), python: None },
            Self::Queue => Limits { raw: Some(0.1), python: None },
            Self::Pool => Limits { raw: None, python: Some(0.2) },
        }
    }

    /// How it is called by our crates.
    pub(crate) fn ours(self) -> Outcome<Measured> {
        Ok(match self {
            Self::Start => Box::new(starts::Ours),
            Self::Pipe => Box::new(pipes::Ours::new()?),
            Self::Semaphore => Box::new(locks::Ours::new()?),
            Self::Queue => Box::new(queues::Ours::new()?),
            Self::Pool => Box::new(pools::Ours::new()?),
        })
    }

    /// The loop over system calls; a pool has none.
    pub(crate) fn raw(self) -> Outcome<Option<Measured>> {
        Ok(Some(match self {
            Self::Start => Box::new(starts::Raw),
            Self::Pipe => Box::new(pipes::Raw::new()?),
            Self::Semaphore => Box::new(locks::Raw::new()?),
            Self::Queue => Box::new(queues::Raw::new()?),
            Self::Pool => return Ok(None),
        }))
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Start => "start and join",
            Self::Pipe => "pipe, 64 B and back",
            Self::Semaphore => "semaphore",
            Self::Queue => "queue, 64 B",
            Self::Pool => "pool, tiny tasks",
        })
    }
}

/// A case and its repetitions.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) case: Case,
    /// Beside system calls.
    pub(crate) raw: Vec<Pair>,
    /// Beside Python, which takes the place of the baseline.
    pub(crate) python: Vec<Pair>,
}

impl Row {
    /// The median of the ratios, pair by pair; NaN where nothing was measured.
    pub(crate) fn ratio(pairs: &[Pair]) -> f64 {
        median(pairs.iter().map(Pair::ratio))
    }
}
