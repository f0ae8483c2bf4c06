//! Where the servers and the generator work.

use std::fmt;

use bench::machine;
use cli::Outcome;
use nix::unistd::Pid;

/// Which processors they have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Both share two: two workers, two threads of the generator. Otherwise there is a processor for
    /// the server, which has one worker, and another one for the generator.
    pub(crate) together: bool,
    server: usize,
    generator: usize,
}

impl Place {
    /// Apart and together. To be asked once: later this process sees only what it keeps itself to.
    pub(crate) fn both() -> Outcome<[Self; 2]> {
        let (generator, server) = machine::last_two()?;
        Ok([false, true].map(|together| Self { together, server, generator }))
    }

    pub(crate) fn name(self) -> &'static str {
        if self.together { "together" } else { "apart" }
    }

    /// Workers of a server, and threads of the generator.
    pub(crate) fn workers(self) -> usize {
        if self.together { 2 } else { 1 }
    }

    /// A child, and whatever it forks, begins on the processors of who starts it.
    pub(crate) fn of_server<T>(self, start: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
        let (this, both) = (Pid::from_raw(0), [self.server, self.generator]);
        let [server, generator] =
            if self.together { [&both[..]; 2] } else { [&both[..1], &both[1..]] };
        machine::keep_to(this, server)?;
        let started = start();
        machine::keep_to(this, generator)?;
        started
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { server, generator, .. } = self;
        if self.together {
            write!(f, "Together: two workers, and two threads of the generator, on two processors")
        } else {
            write!(f, "Apart: one worker on processor {server}, the generator on {generator}")
        }
    }
}
