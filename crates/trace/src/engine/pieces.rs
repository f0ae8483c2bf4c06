//! The pieces in which a file is read that the kernel makes up.
//!
//! How long such a file is depends on the digits of its numbers and on what else happens on the
//! machine, and so in how many pieces it is read. The first piece is told, and the last one.

use crate::step::{Event, Step};

/// A file that is being read.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// From where, and which one: the last piece that was read.
    last: Option<u64>,
    /// The calls of it that were not told.
    withheld: Vec<Step>,
}

impl Pieces {
    /// A step of a read; `what` says from where, and of which file. Gives what is to be told now.
    pub(super) fn step(&mut self, what: u64, step: Step) -> Vec<Step> {
        let enters = step.event == Event::Enter;
        if self.last != Some(what) {
            let mut told = self.end();
            // The first piece is one when it has been read.
            self.last = (!enters).then_some(what);
            told.push(step);
            return told;
        }
        if enters {
            self.withheld.clear();
        }
        self.withheld.push(step);
        Vec::new()
    }

    /// Something else. Gives the last piece, if it was not told.
    pub(super) fn end(&mut self) -> Vec<Step> {
        self.last = None;
        std::mem::take(&mut self.withheld)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{Answer, Value};
    use crate::step::Place;
    use crate::task::Task;

    fn steps(number: u32) -> [Step; 2] {
        let answer = Answer::Value(Value::Int(1));
        [Event::Enter, Event::Return { answer, fault: None }].map(|event| Step {
            number,
            task: Task::FIRST,
            event,
            call: None,
            place: Place::default(),
            output: None,
            changes: Vec::new(),
        })
    }

    fn told(pieces: &[u64]) -> Vec<u32> {
        let mut state = Pieces::default();
        let mut told = Vec::new();
        for (number, &what) in (0..).zip(pieces) {
            for step in steps(number) {
                told.extend(state.step(what, step));
            }
        }
        told.extend(state.end());
        told.iter().map(|step| step.number).collect()
    }

    #[test]
    fn the_first_piece_is_told_and_the_last_one() {
        assert_eq!(told(&[7]), [0, 0]);
        assert_eq!(told(&[7, 7]), [0, 0, 1, 1]);
        assert_eq!(told(&[7, 7, 7, 7, 7]), [0, 0, 4, 4]);
        assert_eq!(told(&[7, 7, 7, 8, 8, 8, 7]), [0, 0, 2, 2, 3, 3, 5, 5, 6, 6]);
    }
}
