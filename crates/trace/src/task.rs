//! Who does something.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A thread of a traced process, named by its order of birth, so that two runs name it alike.
/// Shown as `P2` (the second process, its first thread) or `P2.3` (its third thread).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Task {
    /// 1 is the program itself.
    pub process: u32,
    /// 1 is the thread that the process began with.
    pub thread: u32,
}

impl Task {
    /// The program's first thread.
    pub const FIRST: Self = Self { process: 1, thread: 1 };

    /// Whether its process began with it.
    pub fn is_leader(self) -> bool {
        self.thread == 1
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { process, thread } = self;
        let text =
            if *thread == 1 { format!("P{process}") } else { format!("P{process}.{thread}") };
        f.pad(&text)
    }
}

/// Not of the form `P2` or `P2.3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoTask(String);

impl fmt::Display for NoTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no task such as P2 or P2.3", self.0)
    }
}

impl std::error::Error for NoTask {}

impl FromStr for Task {
    type Err = NoTask;

    fn from_str(text: &str) -> Result<Self, NoTask> {
        let parse = || {
            let (process, thread) = match text.strip_prefix('P')?.split_once('.') {
                Some((process, thread)) => (process, thread.parse().ok()?),
                None => (text.strip_prefix('P')?, 1),
            };
            Some(Self { process: process.parse().ok()?, thread })
        };
        parse().ok_or_else(|| NoTask(text.into()))
    }
}

impl TryFrom<String> for Task {
    type Error = NoTask;

    fn try_from(text: String) -> Result<Self, NoTask> {
        text.parse()
    }
}

impl From<Task> for String {
    fn from(task: Task) -> Self {
        task.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_it_is_written() {
        for (task, text) in [(Task::FIRST, "P1"), (Task { process: 12, thread: 3 }, "P12.3")] {
            assert_eq!(task.to_string(), text);
            assert_eq!(text.parse(), Ok(task));
        }
        assert_eq!(format!("{:<5}|", Task::FIRST), "P1   |");
        for wrong in ["", "P", "1", "P1.", "P1.x", "Q1"] {
            assert_eq!(wrong.parse::<Task>(), Err(NoTask(wrong.into())), "{wrong}");
        }
    }
}
