//! The steps so far, as rows, with everything that can be asked about them.

use std::collections::BTreeMap;

use trace::{Location, Step, Task};

use super::output::{Output, Said};
use super::row::{Kind, Row, same_group};
use super::words;
use super::world::World;

/// After so many steps the whole state of things is kept, so that any other can be had by adding
/// fewer than these.
const KEPT: usize = 128;

/// All steps so far.
#[derive(Debug, Default)]
pub(crate) struct Story {
    steps: Vec<Step>,
    rows: Vec<Row>,
    output: Output,
    /// The world before step 0, `KEPT`, 2 × `KEPT`, …
    worlds: Vec<World>,
    /// The world after the last step.
    now: World,
    /// Whether any step has a line of source.
    has_source: bool,
}

impl Story {
    /// Goes on by one step.
    pub(crate) fn push(&mut self, step: Step) {
        let at = self.steps.len();
        if at.is_multiple_of(KEPT) {
            self.worlds.push(self.now.clone());
        }
        self.now.apply(&step);
        self.output.push(&step);
        self.has_source |= step.place.location().is_some();
        let last = self.steps.last();
        let taken = match (self.rows.last_mut(), last) {
            (Some(row), Some(last)) => row.takes(last, &step),
            _ => false,
        };
        if !taken {
            let group = self.group_of(&step).unwrap_or(self.rows.len());
            self.rows.push(Row::of(at, &step, group));
        }
        self.steps.push(step);
    }

    /// Says which task the kernel means by a number, before the first step of that task.
    pub(crate) fn name(&mut self, pid: i32, task: Task) {
        self.now.name_is(pid, task);
    }

    /// Somebody has typed a line for the program, after the last step.
    pub(crate) fn typed(&mut self, line: &str) {
        self.output.typed(line);
    }

    fn group_of(&self, step: &Step) -> Option<usize> {
        let row = self.rows.last()?;
        let first = self.first(self.rows.get(row.group)?);
        same_group(first, self.steps.last()?, step).then_some(row.group)
    }

    /// Whether the program has said something, and yet no line of its source was seen.
    pub(crate) fn is_opaque(&self) -> bool {
        !self.has_source && self.output.has_program()
    }

    /// All rows so far.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The steps of a row.
    pub(crate) fn steps(&self, row: &Row) -> &[Step] {
        &self.steps[row.steps.clone()]
    }

    /// All steps, for a recording.
    pub(crate) fn into_steps(self) -> Vec<Step> {
        self.steps
    }

    /// Which task each number of the kernel's is.
    pub(crate) fn tasks(&self) -> BTreeMap<i32, Task> {
        self.now.numbers()
    }

    /// Its first step.
    pub(crate) fn first(&self, row: &Row) -> &Step {
        &self.steps[row.steps.start]
    }

    /// Its last step: what the row is numbered by, and what the program is like after it.
    pub(crate) fn last(&self, row: &Row) -> &Step {
        &self.steps[row.steps.end - 1]
    }

    /// The line of the program that it belongs to.
    pub(crate) fn location(&self, row: &Row) -> Option<&Location> {
        self.steps(row).iter().rev().find_map(|step| step.place.location())
    }

    /// What happened, in a line.
    pub(crate) fn headline(&self, row: &Row) -> String {
        // Only who has sent a signal cannot be told without knowing how everything is.
        let name = |pid| self.world_after(row).name(pid);
        words::headline(row.kind, self.steps(row), &name)
    }

    /// What the rows of a group stand under: the function that the program has called, where that
    /// says more than the name of the system call.
    pub(crate) fn heading(&self, row: &Row) -> Option<String> {
        let first = self.rows.get(row.group).filter(|first| first.kind != Kind::Returns)?;
        let step = self.last(first);
        let api = super::short(step.place.api.as_deref()?);
        let verb = api.rsplit("::").next().filter(|verb| !verb.is_empty())?;
        let call = step.call.as_ref()?;
        // A function whose type is not known says nothing: `new`.
        let says = api.contains("::") || api.contains('(');
        // `write_all` makes write, `Epoll::wait` makes epoll_wait: one of the names is enough.
        let alike = call.name.contains(verb) || verb.contains(&*call.name);
        let same = first.kind != Kind::Bundle && alike;
        (says && !same).then_some(api)
    }

    /// Whether a row is the first of its group.
    pub(crate) fn begins_group(&self, index: usize) -> bool {
        self.rows.get(index).is_some_and(|row| row.group == index)
    }

    /// How the world is before the first step of a row.
    pub(crate) fn world_before(&self, row: &Row) -> World {
        self.world(row.steps.start)
    }

    /// How it is after its last step.
    pub(crate) fn world_after(&self, row: &Row) -> World {
        if row.steps.end == self.steps.len() { self.now.clone() } else { self.world(row.steps.end) }
    }

    fn world(&self, steps: usize) -> World {
        let kept = steps / KEPT;
        let Some(world) = self.worlds.get(kept) else { return self.now.clone() };
        let mut world = world.clone();
        for step in &self.steps[kept * KEPT..steps] {
            world.apply(step);
        }
        world
    }

    /// What the program has said until the end of a row.
    pub(crate) fn said(&self, row: &Row) -> Said<'_> {
        self.output.until(row.steps.end)
    }

    /// What it says in this row.
    pub(crate) fn says(&self, row: &Row) -> Said<'_> {
        self.output.between(row.steps.start, row.steps.end)
    }
}
