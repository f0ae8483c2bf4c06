//! A step as a line of a recording: what the lines above have said already is not said again.
//!
//! - `number` is left out where it is the next one.
//! - `returns` is the value of a return, `fails` its errno; everything else is an `event`.
//! - `at` names a place of the table, `from` the frame that has called it; `from` is left out where
//!   it is that of the task's call before.
//! - `class` is what a call is about, where that is something else than the table says.
//! - A call that sleeps or returns is the one that its task was told of last, at the same place:
//!   `call` and `at` are left out then, and `args` has those arguments that are different now.
//!
//! null says that there is none.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::calls::{Classes, Named, different};
use super::places::{Places, callers};
use crate::call::{Answer, Class, Value};
use crate::state::Change;
use crate::step::{Event, Output, Place, Step};
use crate::task::Task;

/// What is there is `Some`, even when it is null.
#[allow(clippy::option_option, reason = "left out, null, and a value are three things")]
pub(super) type Said<T> = Option<Option<T>>;

/// The keys, in this order.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Line<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<u32>,
    pub(super) task: Task,
    #[serde(flatten)]
    pub(super) event: Told<'a>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub(super) at: Said<Cow<'a, str>>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub(super) from: Said<Cow<'a, str>>,
    #[serde(default, deserialize_with = "said", skip_serializing_if = "Option::is_none")]
    pub(super) call: Said<Named<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) class: Option<Class>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) args: BTreeMap<usize, Cow<'a, Value>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) output: Option<Cow<'a, Output>>,
    #[serde(default, skip_serializing_if = "<[Change]>::is_empty")]
    pub(super) changes: Cow<'a, [Change]>,
}

fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Said<T>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// An event, the most frequent ones in short.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Told<'a> {
    Event(Cow<'a, Event>),
    Returns(Cow<'a, Value>),
    Fails(i32),
}

impl<'a> Told<'a> {
    fn of(event: &'a Event) -> Self {
        match event {
            Event::Return { answer: Answer::Value(value), fault: None } => {
                Self::Returns(Cow::Borrowed(value))
            }
            Event::Return { answer: Answer::Error(errno), fault: None } => Self::Fails(*errno),
            event => Self::Event(Cow::Borrowed(event)),
        }
    }

    pub(super) fn event(self) -> Event {
        let answer = match self {
            Self::Event(event) => return event.into_owned(),
            Self::Returns(value) => Answer::Value(value.into_owned()),
            Self::Fails(errno) => Answer::Error(errno),
        };
        Event::Return { answer, fault: None }
    }
}

/// Whether a step goes on with the call that its task was told of last.
pub(super) fn continues(event: &Event) -> bool {
    matches!(event, Event::Blocked | Event::Return { .. })
}

/// The number that follows when nothing else is said: `numbers` are those of the steps before.
/// `None` when there is none, because steps are repeated that are not there, or too often.
pub(super) fn next(numbers: &[u32], event: &Event) -> Option<u32> {
    let last = numbers.last().copied().unwrap_or(0);
    let Event::Again { steps, times } = *event else { return last.checked_add(1) };
    let first = numbers.len().checked_sub(usize::try_from(steps).ok()?.max(1))?;
    let before = first.checked_sub(1).map_or(0, |index| numbers[index]);
    last.checked_add(last.checked_sub(before)?.checked_mul(times)?)
}

/// Makes lines of steps.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    places: &'a Places<'a>,
    classes: &'a Classes<&'a str>,
    numbers: Vec<u32>,
    told: BTreeMap<Task, &'a Step>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(places: &'a Places<'a>, classes: &'a Classes<&'a str>) -> Self {
        Self { places, classes, numbers: Vec::new(), told: BTreeMap::new() }
    }

    pub(super) fn line(&mut self, step: &'a Step) -> Line<'a> {
        let number = (next(&self.numbers, &step.event) != Some(step.number)).then_some(step.number);
        self.numbers.push(step.number);
        let last = self.told.get(&step.task).copied();
        if step.call.is_some() {
            self.told.insert(step.task, step);
        }
        let before = last.filter(|_| continues(&step.event));
        let (at, from) = self.place(&step.place, before, last.map(|last| &last.place));
        let same = before.and_then(|before| different(before.call.as_ref()?, step.call.as_ref()?));
        let (call, args) = match (same, &step.call) {
            (Some(args), _) => (None, args),
            (None, Some(call)) => (Some(Some(Named::of(call))), BTreeMap::new()),
            (None, None) => (before.map(|_| None), BTreeMap::new()),
        };
        let named = step.call.as_ref().filter(|_| call.is_some());
        let class = named.filter(|call| self.classes.of(&call.name) != call.class);
        let class = class.map(|call| call.class);
        let output = step.output.as_ref().map(Cow::Borrowed);
        let (event, changes) = (Told::of(&step.event), Cow::Borrowed(&step.changes[..]));
        Line { number, task: step.task, event, at, from, call, class, args, output, changes }
    }

    #[allow(clippy::type_complexity, reason = "two keys of a line")]
    fn place(
        &self,
        place: &'a Place,
        before: Option<&Step>,
        last: Option<&Place>,
    ) -> (Said<Cow<'a, str>>, Said<Cow<'a, str>>) {
        let at = self.places.name(place).map(Cow::Borrowed);
        let at = match before {
            Some(before) if before.place == *place => None,
            Some(_) => Some(at),
            None => at.map(Some),
        };
        let callers_before = last.map(callers).unwrap_or_default();
        let others = matches!(at, Some(Some(_))) && callers(place) != callers_before;
        let from = self.places.name_of_callers(callers(place)).map(Cow::Borrowed);
        (at, others.then_some(from))
    }
}
