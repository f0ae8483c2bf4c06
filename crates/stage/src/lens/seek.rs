//! Where in a story something is.

use trace::{Event, Location, Task};

use super::row::Row;
use super::story::Story;

impl Story {
    /// The row that shows the step of this number; the next one when it has none.
    pub(crate) fn row_of(&self, number: u32) -> Option<usize> {
        let row = self.rows().partition_point(|row| self.last(row).number < number);
        (row < self.rows().len()).then_some(row)
    }

    /// The nearest row of a task where one of its calls begins, after (or before) a row.
    pub(crate) fn call_of(&self, task: Task, from: usize, forward: bool) -> Option<usize> {
        let begins = |row: &Row| {
            self.first(row).task == task && matches!(self.first(row).event, Event::Enter)
        };
        self.nearest(from, forward, |_, row| begins(row))
    }

    /// The nearest row at another line of source.
    pub(crate) fn line_from(&self, from: usize, forward: bool) -> Option<usize> {
        let here = self.rows().get(from).and_then(|row| self.location(row));
        let other = |there: &Location| {
            here.is_none_or(|here| (here.line, &here.file) != (there.line, &there.file))
        };
        self.nearest(from, forward, |_, row| self.location(row).is_some_and(other))
    }

    /// The nearest row that fits.
    pub(crate) fn nearest(
        &self,
        from: usize,
        forward: bool,
        fits: impl Fn(usize, &Row) -> bool,
    ) -> Option<usize> {
        let fits = |index: &usize| fits(*index, &self.rows()[*index]);
        if forward {
            (from + 1..self.rows().len()).find(fits)
        } else {
            (0..from.min(self.rows().len())).rev().find(fits)
        }
    }
}
