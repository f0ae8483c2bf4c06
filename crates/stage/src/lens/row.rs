//! Which steps are one row.
//!
//! - A call that returns before anything else happens is one row, begin and end.
//! - One that sleeps is two: it begins and sleeps; it returns.
//! - The calls of getaddrinfo(3), files and sockets by the dozen, are one row.
//! - Rows of one call of the program's (`TcpListener::bind`: socket, setsockopt, bind, listen) form
//!   a group and stay rows.

use std::ops::Range;

use trace::{Event, Place, Step, Task};

/// What of the life of a call a row shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Its begin and its end.
    Whole,
    /// Its begin.
    Begins,
    /// Its begin, and that it sleeps.
    Sleeps,
    /// Its end: an earlier row shows its begin.
    Returns,
    /// Everything that one function of libc has done.
    Bundle,
    /// No call: a signal, a birth, an end.
    Event,
}

/// Steps that are shown as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// Where they are in the stream.
    pub(crate) steps: Range<usize>,
    /// What they show.
    pub(crate) kind: Kind,
    /// The row that its group begins with; its own index when it is the first.
    pub(crate) group: usize,
}

/// Functions of libc whose calls are nobody's lesson one by one.
const BUNDLED: [&str; 2] = ["getaddrinfo", "getnameinfo"];

impl Row {
    /// The row that begins with a step.
    pub(super) fn of(at: usize, step: &Step, group: usize) -> Self {
        let kind = match step.event {
            _ if bundled(step) => Kind::Bundle,
            Event::Enter => Kind::Begins,
            Event::Blocked => Kind::Sleeps,
            Event::Return { .. } => Kind::Returns,
            _ => Kind::Event,
        };
        Self { steps: at..at + 1, kind, group }
    }

    /// Takes in the step that follows, when it belongs here.
    pub(super) fn takes(&mut self, last: &Step, next: &Step) -> bool {
        if last.task != next.task {
            return false;
        }
        let kind = match (self.kind, &next.event) {
            (Kind::Bundle, _) if bundled(next) => Kind::Bundle,
            (Kind::Begins, Event::Return { .. }) => Kind::Whole,
            (Kind::Begins, Event::Blocked) => Kind::Sleeps,
            _ => return false,
        };
        self.kind = kind;
        self.steps.end += 1;
        true
    }
}

fn bundled(step: &Step) -> bool {
    step.call.is_some() && step.place.libc.as_deref().is_some_and(|libc| BUNDLED.contains(&libc))
}

/// Whether a call belongs to the same call of the program's as the ones before it: made by the
/// same task at the same place through the same function. The name that the group began with
/// begins another one: reading twice in a loop is two reads.
pub(super) fn same_group(first: &Step, last: &Step, next: &Step) -> bool {
    let api = |step: &Step| step.place.api.clone();
    last.task == next.task
        && api(next).is_some()
        && api(next) == api(last)
        && same_place(&last.place, &next.place)
        && (continues(next) || name(first) != name(next))
}

fn continues(step: &Step) -> bool {
    matches!(step.event, Event::Return { .. } | Event::Blocked)
}

fn same_place(a: &Place, b: &Place) -> bool {
    !a.stack.is_empty() && a.stack == b.stack
}

fn name(step: &Step) -> Option<&str> {
    step.call.as_ref().map(|call| call.name.as_ref())
}

/// Who, in a few letters; a step that is about everybody has a task too, but it says nothing.
pub(crate) fn whose(step: &Step) -> Option<Task> {
    (!matches!(step.event, Event::Stuck(_) | Event::Again { .. })).then_some(step.task)
}
