//! The tracer: tasks, and two ways to let them move.
//!
//! - [`Tracer::step`]: one task at a time runs its own code. Whoever is woken by it is held until
//!   it is his turn, so the order of steps is the tracer's choice and the same on every run.
//! - [`Tracer::run`]: everybody at full speed, as without a tracer, for tests with faults.
//!
//! The parts: `digest` takes the kernel's reports; `entry`, `exit`, `births` and `signalled` say what
//! they mean; `settle` waits until everybody stands or sleeps, `order` decides who moves next, `script`
//! puts what was seen into an order. A [`Tracer`] that is dropped kills and reaps its tasks.

mod births;
mod cause;
mod choice;
mod current;
mod digest;
mod disguise;
mod entry;
mod error;
mod exit;
mod free;
mod hang;
mod likeness;
mod limits;
mod links;
mod options;
mod order;
mod output;
mod pieces;
mod processor;
mod relevance;
mod rest;
mod rounds;
mod script;
mod settle;
mod signalled;
mod signals;
mod sleep;
mod start;
mod stir;
mod tasks;
mod tell;
mod told;
mod touch;
mod tracee;

use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

pub use choice::{Choice, NoChoice};
pub(crate) use current::Alteration;
pub use error::{Denial, Error};
pub use hang::{Doing, Hung};
pub use options::Options;
use options::Settings;

use crate::inject::Fault;
use crate::step::{End, Step};
use crate::symbols::Symbols;
use crate::sys::Tid;
use crate::task::Task;
use links::Links;
use output::Capture;
use processor::OneProcessor;
use script::Script;
use stir::Stir;
use tasks::{Id, Tasks};
use touch::Touch;
use tracee::Tracee;

/// A program that is being traced. It belongs to the thread that has started it, because the
/// kernel answers no other (ptrace(2)).
pub struct Tracer {
    settings: Settings,
    tasks: Tasks,
    symbols: Symbols,
    script: Script,
    output: Option<Capture>,
    faults: Vec<Fault>,
    choices: Vec<Choice>,
    links: Links,
    /// Descriptors of processes that stand for files under /proc.
    watched: HashSet<(Tid, i64)>,
    /// Processes that have ended and were not waited for by their parents, and since when somebody
    /// outside is expected to do that.
    dead: Vec<(Tid, Option<Instant>)>,
    /// How everybody moves.
    pace: Pace,
    /// Who moves, or has moved last.
    mover: Id,
    /// What the mover may have done to others since everybody has come to rest.
    stir: Stir,
    /// Virtual time.
    clock: Duration,
    /// Turns that are over.
    slices: u64,
    /// How many of them were when somebody has fallen asleep or ended last.
    came: u64,
    /// When something has happened last, and how many computing tasks were stopped before.
    moved: (Instant, u64),
    /// What may have become different since somebody has looked what the kernel holds.
    touch: Touch,
    /// Whether the program has ever written to a terminal.
    terminals: bool,
    /// Whether the program has ever given a limit to a socket.
    limited_sockets: bool,
    /// Whether the program has reached code of its own.
    begun: bool,
    end: Option<End>,
    /// While everybody is stepped.
    one_processor: Option<OneProcessor>,
    _of_this_thread: PhantomData<*const ()>,
}

/// How everybody moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    /// One after the other.
    Stepping,
    /// At full speed.
    Free,
}

impl Tracer {
    /// The next step; `None` when everybody has ended, or [`Options::stop`] says so. After
    /// [`Event::Stuck`](crate::Event) the next call waits again, as long, for what comes from
    /// outside.
    ///
    /// # Errors
    /// [`Error::Schedule`]; a failed call of the tracer's own.
    pub fn step(&mut self) -> Result<Option<Step>, Error> {
        self.pace = Pace::Stepping;
        self.note_movement();
        loop {
            if let Some(step) = self.script.next() {
                return Ok(Some(step));
            }
            if self.tasks.is_empty() || self.is_told_to_stop() {
                self.script.finish();
                return Ok(self.script.next());
            }
            self.advance()?;
        }
    }

    /// Whether another thread wants this one back.
    fn is_told_to_stop(&self) -> bool {
        self.settings.stop.load(Ordering::Relaxed)
    }

    /// Who can move on, the oldest first.
    pub fn movable(&self) -> Vec<Task> {
        let movable = self.tasks.iter().filter(|(_, tracee)| tracee.is_movable());
        movable.map(|(_, tracee)| tracee.name).collect()
    }

    /// Lets this task move next, and on until it sleeps. False when it cannot.
    pub fn choose(&mut self, task: Task) -> bool {
        let movable = |id: &Id| self.tasks.get(*id).is_some_and(Tracee::is_movable);
        let chosen = self.tasks.named(task).filter(movable);
        if let Some(id) = chosen {
            self.choices.push(Choice { after: self.script.told(), task });
            self.prefer(id);
        }
        chosen.is_some()
    }

    /// All choices so far: as a schedule, they make the same run once more.
    pub fn choices(&self) -> &[Choice] {
        &self.choices
    }

    /// The kernel's number of a task, for whoever wants to send it a signal.
    pub fn pid_of(&self, task: Task) -> Option<i32> {
        self.tasks.named(task).and_then(|id| self.tasks.get(id)).map(|tracee| tracee.tid)
    }

    /// How the program has ended, if it has. Others that it has started may still be there.
    pub fn end(&self) -> Option<End> {
        self.end
    }

    /// The faults, with how often they have come to pass.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Those that have not come to pass.
    pub fn unfired(&self) -> Vec<String> {
        self.faults.iter().filter(|fault| fault.fired() == 0).map(Fault::to_string).collect()
    }
}

impl fmt::Debug for Tracer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tracer").field("tasks", &self.tasks).finish_non_exhaustive()
    }
}
