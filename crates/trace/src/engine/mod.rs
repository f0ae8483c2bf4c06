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
mod current;
mod digest;
mod entry;
mod error;
mod exit;
mod free;
mod hang;
mod limits;
mod options;
mod order;
mod output;
mod relevance;
mod script;
mod settle;
mod signalled;
mod signals;
mod sleep;
mod start;
mod tasks;
mod tell;
mod tracee;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

pub(crate) use current::Alteration;
pub use error::Error;
pub use hang::{Doing, Hung};
pub use options::{Choice, NoChoice, Options};

use crate::inject::Fault;
use crate::step::{End, Step};
use crate::symbols::Symbols;
use crate::task::Task;
use output::Capture;
use script::Script;
use tasks::{Id, Tasks};
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
    /// How everybody moves.
    pace: Pace,
    /// Who moves, or has moved last.
    mover: Id,
    /// What the mover may have done to others since everybody has come to rest.
    stir: Stir,
    /// Virtual time.
    clock: Duration,
    /// Computing tasks that were stopped so far.
    slices: u64,
    /// When something has happened last, and how many computing tasks were stopped before.
    moved: (Instant, u64),
    /// Whether the program has reached code of its own.
    begun: bool,
    end: Option<End>,
    _of_this_thread: PhantomData<*const ()>,
}

/// What does not change.
#[derive(Debug)]
struct Settings {
    state: bool,
    everything: bool,
    virtual_time: bool,
    patience: Duration,
    schedule: Vec<Choice>,
    stop: Arc<AtomicBool>,
}

/// How everybody moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    /// One after the other.
    Stepping,
    /// At full speed.
    Free,
}

/// What may have happened to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stir {
    Nothing,
    /// Somebody may have been woken.
    Woken,
    /// Somebody may have been killed, even among those who are held.
    Killed,
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
                return Ok(None);
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
            self.choices.push(Choice { after: self.script.numbered(), task });
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
