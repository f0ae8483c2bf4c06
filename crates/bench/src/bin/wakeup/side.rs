//! What is measured: one wake-up, and the Poller's way of doing it.
//!
//! A wake-up is: write 1 to the active eventfd, wait, see that this one event came and no other,
//! read the counter. Write and read are the same code on both sides. Nobody sleeps, because the
//! event is there before the wait begins: falling asleep and being woken costs the same whoever
//! waits (about 1 us on one core) and would only hide what is compared.

use std::os::fd::AsFd as _;

use bench::Side;
use cli::Outcome;
use multiplex::{Backend, Deadline, Event, Interest, Poller, Token, Trigger};
use nix::sys::eventfd::EventFd;
use syscall::Context as _;

/// One way to wait for many descriptors.
pub(crate) trait Wait {
    /// Waits without a limit and gives the place of the one descriptor that is ready.
    fn wait(&mut self) -> Outcome<usize>;
}

/// The error of an [`Outcome`].
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Something to measure.
pub(crate) type Measured<'a> = Box<dyn Side<Error = Failure> + 'a>;

/// The whole wake-up around a way to wait. Generic, so that the raw loops really are loops: there
/// is one dynamic call for a batch, and none inside of it but the Poller's own.
pub(crate) struct WakeUps<'a, W> {
    pub(crate) wait: W,
    pub(crate) active: &'a EventFd,
    pub(crate) place: usize,
}

impl<W: Wait> Side for WakeUps<'_, W> {
    type Error = Failure;

    fn run(&mut self, times: u32) -> Outcome {
        for _ in 0..times {
            self.active.write(1).call("write")?;
            let place = self.wait.wait()?;
            let count = self.active.read().call("read")?;
            if place != self.place || count != 1 {
                let wanted = self.place;
                return Err(format!("{count} wake-ups at {place}, not 1 at {wanted}").into());
            }
        }
        Ok(())
    }
}

/// One of the four back ends, behind the same box that programs get from [`Backend::open`].
pub(crate) struct Ours {
    poller: Box<dyn Poller>,
    events: Vec<Event>,
}

impl Ours {
    pub(crate) fn new(backend: Backend, trigger: Trigger, watched: &[&EventFd]) -> Outcome<Self> {
        let mut poller = backend.open()?;
        for (token, fd) in (0..).zip(watched) {
            poller.register(fd.as_fd(), Token(token), Interest::READABLE, trigger)?;
        }
        Ok(Self { poller, events: Vec::new() })
    }
}

impl Wait for Ours {
    fn wait(&mut self) -> Outcome<usize> {
        // As the raw loops: no limit, so no look at the clock. A limit costs two of them.
        self.poller.wait(&mut self.events, Deadline::Never)?;
        match self.events[..] {
            [event] => Ok(event.token.0 as usize),
            _ => Err(not_one(self.events.len())),
        }
    }
}

pub(crate) fn not_one(count: usize) -> Failure {
    format!("{count} events instead of one").into()
}
