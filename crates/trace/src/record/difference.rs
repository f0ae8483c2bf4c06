//! Where two recordings part, for people: as a diff of their steps.

use std::fmt;

use super::Recording;
use crate::call::Answer;
use crate::decode::{errno_name, signal_name};
use crate::pid::Pid;
use crate::step::{End, Event, Step};

mod align;

use align::{Edit, align};

/// Steps around a difference that are shown for orientation.
const CONTEXT: usize = 3;
/// More is not read by anybody.
const SHOWN: usize = 80;

/// How two recordings differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The first step of the earlier recording that is not in the later one as it is; `None` when
    /// the earlier one ends before.
    pub before: Option<u32>,
    /// The first step of the later recording that was not in the earlier one.
    pub after: Option<u32>,
    lengths: (usize, usize),
    lines: Vec<String>,
}

/// Compares two recordings by task, kind, call and line of each step: who does what from where,
/// and with which error, signal, or exit status. Not by arguments and results, which may depend on
/// the machine; whoever wants those equal, too, compares the normalised values themselves.
pub fn difference(before: &Recording, after: &Recording) -> Option<Difference> {
    let [old, new] = [before, after].map(|it| it.steps.iter().map(words).collect::<Vec<_>>());
    if old == new {
        return None;
    }
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let number = |recording: &Recording| recording.steps.get(same).map(|step| step.number);
    let lines = render(&align(&old, &new), (before, &old), (after, &new));
    let lengths = (old.len(), new.len());
    Some(Difference { before: number(before), after: number(after), lengths, lines })
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = |number: Option<u32>| number.map_or("the end".into(), |n| format!("step {n}"));
        writeln!(
            f,
            "the recordings part at {} (-, of {}) and {} (+, of {})",
            step(self.before),
            self.lengths.0,
            step(self.after),
            self.lengths.1
        )?;
        for line in self.lines.iter().take(SHOWN) {
            writeln!(f, "{line}")?;
        }
        match self.lines.len().checked_sub(SHOWN) {
            Some(more @ 1..) => writeln!(f, "… and {more} more lines"),
            _ => Ok(()),
        }
    }
}

/// One line for each step near a difference, in the manner of `diff -u`.
fn render(
    edits: &[Edit],
    old: (&Recording, &[String]),
    new: (&Recording, &[String]),
) -> Vec<String> {
    let changed = |edit: &Edit| !matches!(edit, Edit::Same(..));
    let near = |at: usize| {
        let around = at.saturating_sub(CONTEXT)..(at + CONTEXT + 1).min(edits.len());
        edits[around].iter().any(changed)
    };
    let mut lines = Vec::new();
    let mut skipped = false;
    for (at, edit) in edits.iter().enumerate() {
        if !near(at) {
            skipped = true;
            continue;
        }
        if std::mem::take(&mut skipped) {
            lines.push("  …".into());
        }
        let (mark, (recording, words), index) = match *edit {
            Edit::Same(_, index) => (' ', new, index),
            Edit::Old(index) => ('-', old, index),
            Edit::New(index) => ('+', new, index),
        };
        let step = &recording.steps[index];
        let source = step.place.location().and_then(|location| recording.line(location));
        let source = source.map_or(String::new(), |line| format!("   | {}", line.trim()));
        lines.push(format!("{mark} {:>4} {}{source}", step.number, words[index]));
    }
    lines
}

/// What is compared of a step.
fn words(step: &Step) -> String {
    let call = step.call.as_ref().map_or("a call", |call| &call.name);
    let kind = match &step.event {
        Event::Enter => format!("calls {call}"),
        Event::Blocked => format!("sleeps in {call}"),
        Event::Return { answer, fault } => {
            let how = match answer {
                Answer::Value(_) => String::new(),
                Answer::Error(number) => format!(" with {}", errno_name(*number)),
                Answer::Interrupted => " because of a signal".into(),
            };
            let fault = fault.as_ref().map_or(String::new(), |fault| format!(" (fault {fault})"));
            format!("returns from {call}{how}{fault}")
        }
        Event::Signal { signal, sender, effect } => {
            let sender = match sender {
                Some(task @ (Pid::Task(_) | Pid::Group(_))) => format!(" from {task}"),
                _ => String::new(),
            };
            let effect = format!("{effect:?}").to_lowercase();
            format!("gets {}{sender}: {effect}", signal_name(*signal))
        }
        Event::Born { parent, how } => {
            format!("is born of {parent} by {}", format!("{how:?}").to_lowercase())
        }
        Event::Exec { .. } => "executes a program".into(),
        Event::Stopped { signal } => format!("is stopped by {}", signal_name(*signal)),
        Event::Ended(End::Thread) => "ends".into(),
        Event::Ended(End::Code(code)) => format!("ends with code {code}"),
        Event::Ended(End::Signal(signal)) => format!("is ended by {}", signal_name(*signal)),
        Event::Stuck(_) => "is stuck with all others".into(),
        // How often may depend on the machine.
        Event::Again { steps, .. } => format!("repeats the {steps} steps above"),
    };
    let line = step.place.location();
    let line = line.map_or(String::new(), |at| format!(" at {}:{}", at.file, at.line));
    format!("{} {kind}{line}", step.task)
}
