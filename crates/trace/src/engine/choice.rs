//! Who moves when: a schedule is made of these.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::task::{NoTask, Task};

/// Who moves on after a step: written `12:P2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// So many steps were told, where those of one [`Event::Again`](crate::Event::Again), which may
    /// be others in each run, count as one. 0 is before the first.
    pub after: u32,
    /// Who moves then.
    pub task: Task,
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.after, self.task)
    }
}

/// Not of the form `12:P2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoChoice(String);

impl fmt::Display for NoChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no choice such as 12:P2 (after step 12, P2 moves)", self.0)
    }
}

impl std::error::Error for NoChoice {}

impl FromStr for Choice {
    type Err = NoChoice;

    fn from_str(text: &str) -> Result<Self, NoChoice> {
        let parse = || {
            let (after, task) = text.split_once(':')?;
            let task: Result<Task, NoTask> = task.parse();
            Some(Self { after: after.parse().ok()?, task: task.ok()? })
        };
        parse().ok_or_else(|| NoChoice(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_read_as_it_is_written() {
        let choice = Choice { after: 12, task: Task { process: 2, thread: 3 } };
        assert_eq!(choice.to_string(), "12:P2.3");
        assert_eq!("12:P2.3".parse(), Ok(choice));
        for wrong in ["", "12", "12:", ":P1", "x:P1", "1:1"] {
            assert_eq!(wrong.parse::<Choice>(), Err(NoChoice(wrong.into())), "{wrong}");
        }
    }
}
