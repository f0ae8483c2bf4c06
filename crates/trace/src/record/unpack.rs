//! Steps out of the lines of a recording. What a line refers to may not be there, and a short file
//! may refer to something long a million times: the file is somebody else's.

mod weight;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::line::{Line, Said, continues, next};
use serde::Deserialize;

use super::calls::Classes;
use super::places::{Frame, Spot, callers};
use crate::step::{Place, Step};
use crate::task::Task;

/// The deepest stack. The tracer does not go deeper than a tenth of it.
const DEEPEST: usize = 1000;

/// What the steps refer to, by names.
#[derive(Debug, Deserialize)]
pub(super) struct Tables {
    pub(super) classes: Classes<String>,
    pub(super) frames: BTreeMap<String, Frame<'static>>,
    pub(super) places: BTreeMap<String, Spot<'static>>,
}

/// The steps, as long as they take no more bytes of memory than there is room, roughly; what is
/// wrong is told with the number of the line among them.
pub(super) fn steps(
    tables: &Tables,
    lines: Vec<Line<'_>>,
    room: usize,
) -> Result<Vec<Step>, String> {
    let (steps, numbers, told) = (Vec::new(), Vec::new(), BTreeMap::new());
    let mut unpacking = Unpacking { tables, steps, numbers, told, room };
    for (index, line) in lines.into_iter().enumerate() {
        let wrong = |reason| format!("in step {}, {reason}", index + 1);
        unpacking.line(line).map_err(wrong)?;
    }
    Ok(unpacking.steps)
}

struct Unpacking<'a> {
    tables: &'a Tables,
    steps: Vec<Step>,
    numbers: Vec<u32>,
    /// The step that has told of each task's call.
    told: BTreeMap<Task, usize>,
    room: usize,
}

impl Unpacking<'_> {
    fn line(&mut self, line: Line<'_>) -> Result<(), String> {
        let Line { number, task, event, at, from, call, class, args, output, changes } = line;
        let event = event.event();
        let next = next(&self.numbers, &event);
        let next = next.ok_or("steps are repeated that are not there, or too often")?;
        let last = self.told.get(&task).copied();
        let before = last.filter(|_| continues(&event)).map(|index| &self.steps[index]);

        let place = match (at, before) {
            (Some(Some(name)), _) => {
                self.place(&name, from.as_ref().map(Option::as_deref), last)?
            }
            (None, Some(before)) => before.place.clone(),
            (Some(None), _) | (None, None) => Place::default(),
        };
        let mut call = match (call, before) {
            (Some(call), _) => {
                call.map(|call| call.call(class, &self.tables.classes)).transpose()?
            }
            (None, Some(before)) => before.call.clone(),
            (None, None) => None,
        };
        for (index, value) in args {
            let arg = call.as_mut().and_then(|call| call.args.get_mut(index));
            *arg.ok_or_else(|| format!("there is no argument {index}"))? = value.into_owned();
        }
        let weight = weight::place(&place) + call.as_ref().map_or(0, weight::call);
        let left = self.room.checked_sub(size_of::<Step>() + weight);
        self.room = left.ok_or("the recording is larger than anybody can look at")?;

        if call.is_some() {
            self.told.insert(task, self.steps.len());
        }
        let number = number.unwrap_or(next);
        self.numbers.push(number);
        let (output, changes) = (output.map(Cow::into_owned), changes.into_owned());
        self.steps.push(Step { number, task, event, call, place, output, changes });
        Ok(())
    }

    /// A place, called from a frame, or from where the last call of its task was called from.
    fn place(&self, name: &str, from: Said<&str>, last: Option<usize>) -> Result<Place, String> {
        let spot = self.tables.places.get(name).ok_or_else(|| none("place", name))?;
        let Spot { location, api, libc } = spot.clone();
        let mut stack: Vec<_> = location.into_iter().map(Cow::into_owned).collect();
        let mut next = from.flatten();
        while let Some(name) = next {
            let frame = self.tables.frames.get(name).ok_or_else(|| none("frame", name))?;
            if stack.len() > DEEPEST {
                return Err(format!("the callers of {} have no end", quoted(name)));
            }
            stack.push(frame.location.clone().into_owned());
            next = frame.from.as_deref();
        }
        if let (None, Some(last)) = (from, last) {
            stack.extend_from_slice(callers(&self.steps[last].place));
        }
        Ok(Place { stack, api: api.map(Cow::into_owned), libc: libc.map(Cow::into_owned) })
    }
}

fn none(what: &str, name: &str) -> String {
    format!("no {what} is called {}", quoted(name))
}

/// Not all of it: a name may be as long as the file.
fn quoted(name: &str) -> String {
    format!("{:?}", name.chars().take(80).collect::<String>())
}
