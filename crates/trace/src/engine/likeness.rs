//! When two steps count as the same thing once more.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::call::Answer;
use crate::step::{Event, Step};

/// What steps have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Likeness {
    /// The same for those that are the same.
    pub(super) same: Option<u64>,
    /// The same for those that do the same.
    pub(super) alike: u64,
}

impl Likeness {
    /// Of a step in the life of all: it is enough that it does the same.
    pub(super) fn of(step: &Step) -> Self {
        let mut hasher = DefaultHasher::new();
        let name = step.call.as_ref().map(|call| &call.name);
        match &step.event {
            Event::Return { answer: Answer::Value(_), .. } => ("returns", name).hash(&mut hasher),
            // How often depends on the machine.
            Event::Again { steps, .. } => ("again", steps).hash(&mut hasher),
            event => (event, name).hash(&mut hasher),
        }
        step.task.hash(&mut hasher);
        for location in &step.place.stack {
            (&location.file, location.line).hash(&mut hasher);
        }
        Self { same: None, alike: hasher.finish() }
    }

    /// Of a step in the life of one task. `vague`: what the call is given and gives says nothing.
    pub(super) fn of_task(step: &Step, vague: bool) -> Self {
        let Self { alike, .. } = Self::of(step);
        let mut hasher = DefaultHasher::new();
        alike.hash(&mut hasher);
        if !vague {
            (&step.event, &step.call).hash(&mut hasher);
        }
        Self { same: Some(hasher.finish()), alike }
    }

    /// Of reads: from where, and through which descriptor.
    pub(super) fn of_read(step: &Step, fd: u64) -> u64 {
        let mut hasher = DefaultHasher::new();
        fd.hash(&mut hasher);
        for location in &step.place.stack {
            (&location.file, location.line).hash(&mut hasher);
        }
        hasher.finish()
    }

    pub(super) fn fits(self, other: Self, strict: bool) -> bool {
        if strict {
            self.same.is_some() && self.same == other.same
        } else {
            self.alike == other.alike
        }
    }
}
