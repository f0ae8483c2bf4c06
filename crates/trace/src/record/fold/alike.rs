//! Which steps are the same but for their values.

use std::collections::HashMap;

use crate::call::Answer;
use crate::pid::Pid;
use crate::step::{Effect, Event, Place, Step};
use crate::task::Task;

/// Numbers for kinds of steps, so that comparing two is comparing two numbers.
#[derive(Debug, Default)]
pub(super) struct Kinds(HashMap<Kind, usize>);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Kind {
    task: Task,
    event: What,
    fault: Option<String>,
    call: Option<String>,
    place: Place,
}

#[derive(Debug, PartialEq, Eq, Hash)]
enum What {
    Enter,
    Blocked,
    Value,
    Error(i32),
    Interrupted,
    Signal(i32, Option<Pid>, Effect),
}

impl Kinds {
    /// `None` for what is never folded: what somebody says, and what happens to a task only once.
    pub(super) fn of(&mut self, step: &Step) -> Option<usize> {
        if step.output.is_some() {
            return None;
        }
        let (event, fault) = match &step.event {
            Event::Enter => (What::Enter, None),
            Event::Blocked => (What::Blocked, None),
            Event::Return { answer, fault } => {
                let what = match answer {
                    Answer::Value(_) => What::Value,
                    Answer::Error(errno) => What::Error(*errno),
                    Answer::Interrupted => What::Interrupted,
                };
                (what, fault.clone())
            }
            Event::Signal { signal, sender, effect } => {
                (What::Signal(*signal, *sender, *effect), None)
            }
            _ => return None,
        };
        let call = step.call.as_ref().map(|call| call.name.clone().into_owned());
        let kind = Kind { task: step.task, event, fault, call, place: step.place.clone() };
        let next = self.0.len();
        Some(*self.0.entry(kind).or_insert(next))
    }
}
