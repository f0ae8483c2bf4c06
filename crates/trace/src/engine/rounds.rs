//! Doing the same thing again and again.
//!
//! Who waits for something by asking for it, without ever sleeping, asks some thousand times, and
//! how often depends on how busy the machine is. Who measures how fast something is does it ten
//! thousand times. The first rounds of such a loop are told, and the last one; those between them
//! are told as one step, [`Event::Again`].

#[cfg(test)]
mod tests;

use std::rc::Rc;

use super::likeness::Likeness;
use super::told::Told;
use crate::state::State;
use crate::step::{Event, Place, Step};

/// A loop may have so many steps.
const LONGEST: usize = 64;
/// So many rounds are told, and so many steps, before those are not that are the same …
const SAME: (usize, usize) = (3, 24);
/// … and before those are not that only do the same: the same calls on the same lines.
const ALIKE: (usize, usize) = (20, 40);

/// The last steps, as far as they may be a loop.
#[derive(Debug, Default)]
pub(super) struct Rounds {
    /// What was told lately, the newest last.
    past: Vec<Likeness>,
    /// For each length of a loop: how many steps in a row were those of the round before.
    rows: Vec<(usize, usize)>,
    /// The loop that goes on.
    round: Vec<Likeness>,
    /// The step of it that comes next, if it does go on.
    next: usize,
    /// Its rounds are the same, and not only alike.
    strict: bool,
    /// Not told: the last round, as far as it has got.
    withheld: Vec<Told>,
    /// So many rounds before that one are not told either.
    more: u32,
    /// What the kernel held at their end …
    before: Option<Rc<State>>,
    /// … and at the end of the last round.
    after: Option<Rc<State>>,
    /// A round has ended, and nobody has looked since.
    unseen: bool,
}

/// What becomes of a step.
#[derive(Debug)]
pub(super) enum Fate {
    /// It is told, behind these that were not.
    Told(Vec<Told>, Box<Told>),
    /// It is not told now. `again`: one more round begins with it.
    Withheld { again: bool },
}

impl Rounds {
    /// A step that may be one of a loop.
    pub(super) fn step(&mut self, what: Likeness, step: Told) -> Fate {
        if let Some(expected) = self.round.get(self.next)
            && expected.fits(what, self.strict)
        {
            let again = self.next == 0;
            if again && !self.withheld.is_empty() {
                self.withheld.clear();
                self.more = self.more.saturating_add(1);
                self.before = self.after.take();
            }
            self.withheld.push(step);
            self.next = (self.next + 1) % self.round.len();
            self.unseen = self.next == 0;
            return Fate::Withheld { again };
        }
        let before = self.end();
        self.note(what);
        Fate::Told(before, Box::new(step))
    }

    /// Something else, that is no part of any loop. Gives the last round of the one that has ended.
    pub(super) fn interrupt(&mut self) -> Vec<Told> {
        let last = self.end();
        self.forget();
        last
    }

    /// Whether a round has ended that nobody has looked after.
    pub(super) fn wants_look(&self) -> bool {
        self.unseen
    }

    /// What the kernel holds now.
    pub(super) fn seen(&mut self, state: &Rc<State>) {
        if std::mem::take(&mut self.unseen) {
            self.after = Some(Rc::clone(state));
        }
    }

    fn end(&mut self) -> Vec<Told> {
        let mut last = Vec::from_iter(self.again());
        last.append(&mut self.withheld);
        if !self.round.is_empty() {
            self.forget();
        }
        last
    }

    /// The rounds before the last one.
    fn again(&mut self) -> Option<Told> {
        let times = std::mem::take(&mut self.more);
        let task = self.withheld.first().filter(|_| times > 0)?.step.task;
        let steps = u32::try_from(self.round.len()).unwrap_or(u32::MAX);
        let step = Step {
            number: 0,
            task,
            event: Event::Again { steps, times },
            call: None,
            place: Place::default(),
            output: None,
            changes: Vec::new(),
        };
        Some(Told { step, seen: self.before.take() })
    }

    fn forget(&mut self) {
        self.past.clear();
        self.rows.clear();
        self.round.clear();
        self.next = 0;
        self.unseen = false;
        (self.before, self.after) = (None, None);
    }

    fn note(&mut self, what: Likeness) {
        self.rows.resize(LONGEST, (0, 0));
        for (length, row) in (1..).zip(&mut self.rows) {
            let before = self.past.len().checked_sub(length).and_then(|at| self.past.get(at));
            let fits = |strict| before.is_some_and(|before| before.fits(what, strict));
            row.0 = if fits(true) { row.0 + 1 } else { 0 };
            row.1 = if fits(false) { row.1 + 1 } else { 0 };
        }
        self.past.push(what);
        let enough = |row: usize, length: usize, (rounds, steps): (usize, usize)| {
            row + length >= (length * rounds).max(steps)
        };
        let found = (1..).zip(&self.rows).find_map(|(length, &(same, alike))| {
            let strict = enough(same, length, SAME);
            (strict || enough(alike, length, ALIKE)).then_some((length, strict))
        });
        if let Some((length, strict)) = found {
            self.round = self.past.split_off(self.past.len() - length);
            self.strict = strict;
        } else if self.past.len() >= 2 * LONGEST {
            self.past.drain(..LONGEST);
        }
    }
}
