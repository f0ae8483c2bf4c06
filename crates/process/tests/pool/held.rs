//! What the cases share: a pool whose tasks wait for a word, and what errors say.

use std::os::fd::OwnedFd;

use nix::sys::signal::{Signal, raise};
use process::{Deadline, Exit, Pool, TaskError};
use testkit::cases::{next_of, pipe, tell};

pub(crate) const NEVER: Deadline = Deadline::Never;

pub(crate) fn raise_kill() {
    raise(Signal::SIGKILL).unwrap();
}

pub(crate) fn killed() -> TaskError {
    TaskError::Died(Exit::Signal { number: 9, core: false })
}

/// Errors of the tasks that have one, with their places.
pub(crate) fn errors<R>(results: &[Result<R, TaskError>]) -> Vec<(usize, TaskError)> {
    let all = results.iter().enumerate();
    all.filter_map(|(place, result)| Some((place, result.as_ref().err()?.clone()))).collect()
}

/// A pool whose tasks say that they have begun, and wait for a byte before they end.
pub(crate) struct Held {
    pub(crate) pool: Pool<u32, u32>,
    pub(crate) said: OwnedFd,
    pub(crate) go: OwnedFd,
}

pub(crate) fn held(size: usize) -> Held {
    let ((said, say), (wait, go)) = (pipe(), pipe());
    let work = move |n| {
        tell(&say, "x");
        nix::unistd::read(&wait, &mut [0]).unwrap();
        n
    };
    Held { pool: Pool::new(size, work).unwrap(), said, go }
}

impl Held {
    /// Waits until so many tasks have begun.
    pub(crate) fn begun(&self, mut count: usize) {
        while count > 0 {
            count -= next_of(&self.said).len();
        }
    }
}
