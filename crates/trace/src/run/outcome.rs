//! How a run went.

use std::fmt;

use crate::call::Call;
use crate::decode;
use crate::engine::Hung;
use crate::step::{End, Event, Location, Step, Stream};
use crate::task::Task;

/// How a run went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// How the program has ended; one that hung has been killed.
    pub end: Option<End>,
    /// What could be seen.
    pub steps: Vec<Step>,
    /// The faults that came to pass, in their order.
    pub faults: Vec<Injection>,
    /// Where everybody was when the time was over; empty when it was not.
    pub hung: Vec<Hung>,
    unfired: Vec<String>,
}

/// A fault that came to pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Injection {
    /// Its name.
    pub fault: String,
    /// Whom it happened to.
    pub task: Task,
    /// In which call.
    pub call: Option<Call>,
    /// On which line.
    pub location: Option<Location>,
}

impl Outcome {
    pub(super) fn new(
        end: Option<End>,
        steps: Vec<Step>,
        hung: Vec<Hung>,
        unfired: Vec<String>,
    ) -> Self {
        let faults = steps.iter().filter_map(Injection::of).collect();
        Self { end, steps, faults, hung, unfired }
    }

    /// All that was said, in its order.
    pub fn output(&self) -> String {
        self.said(|_| true)
    }

    /// What was said on one stream.
    pub fn stream(&self, stream: Stream) -> String {
        self.said(|said| said == stream)
    }

    fn said(&self, on: impl Fn(Stream) -> bool) -> String {
        let outputs = self.steps.iter().filter_map(|step| step.output.as_ref());
        outputs.filter(|output| on(output.stream)).map(|output| output.text.as_str()).collect()
    }

    /// The faults that did not come to pass. A test that does not look at this proves nothing.
    pub fn unfired(&self) -> &[String] {
        &self.unfired
    }

    /// Whether it ended in time, with status 0, and every fault came to pass.
    pub fn is_good(&self) -> bool {
        self.end == Some(End::Code(0)) && self.hung.is_empty() && self.unfired.is_empty()
    }
}

impl Injection {
    fn of(step: &Step) -> Option<Self> {
        let Event::Return { fault: Some(fault), .. } = &step.event else { return None };
        Some(Self {
            fault: fault.clone(),
            task: step.task,
            call: step.call.clone(),
            location: step.place.location().cloned(),
        })
    }
}

impl fmt::Display for Injection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.call.as_ref().map_or("?", |call| &call.name);
        write!(f, "{} {name}: {}", self.task, self.fault)?;
        match &self.location {
            Some(location) => write!(f, " at {}:{}", location.file, location.line),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Outcome {
    /// For the message of a failed assertion.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.end {
            Some(End::Code(code)) => writeln!(f, "ended with status {code}")?,
            Some(End::Signal(signal)) => {
                writeln!(f, "ended by {}", decode::signal_name(signal))?;
            }
            _ => writeln!(f, "has not ended")?,
        }
        for hung in &self.hung {
            writeln!(f, "hung: {hung}")?;
        }
        for fault in &self.faults {
            writeln!(f, "fault: {fault}")?;
        }
        for fault in &self.unfired {
            writeln!(f, "never came to pass: {fault}")?;
        }
        write!(f, "output: {}", self.output())
    }
}
