//! A process or a thread, as a call or the kernel's tables name it.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::task::Task;

/// The kernel's number, which is another one in every run, or, in a recording that has been
/// normalised, the name of the task that had it.
///
/// Written as the number, or as `"P2"`; a process group by its leader, `"-P2"`. `"P0"` is somebody
/// outside: who started the program, or sent it a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pid {
    /// As the kernel says it. In an argument 0 and -1 have meanings of their own, and less than
    /// -1 is a process group (kill(2), waitpid(2)).
    Number(i32),
    /// One of the traced tasks.
    Task(Task),
    /// The process group that this task leads.
    Group(Task),
}

impl Pid {
    /// Somebody who is not traced.
    pub const OUTSIDE: Self = Self::Task(Task { process: 0, thread: 1 });
}

impl From<i32> for Pid {
    fn from(number: i32) -> Self {
        Self::Number(number)
    }
}

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Task(task) => task.fmt(f),
            Self::Group(task) => f.pad(&format!("-{task}")),
        }
    }
}

/// Neither a number nor of the form `P2`, `P2.3` or `-P2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoPid(String);

impl fmt::Display for NoPid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no process such as 7, P2, P2.3 or -P2", self.0)
    }
}

impl std::error::Error for NoPid {}

impl FromStr for Pid {
    type Err = NoPid;

    fn from_str(text: &str) -> Result<Self, NoPid> {
        let group = || text.strip_prefix('-')?.parse().ok().map(Self::Group);
        text.parse()
            .map(Self::Number)
            .or_else(|_| text.parse().map(Self::Task))
            .ok()
            .or_else(group)
            .ok_or_else(|| NoPid(text.into()))
    }
}

impl Serialize for Pid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_i32(*number),
            name => serializer.collect_str(name),
        }
    }
}

impl<'de> Deserialize<'de> for Pid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A key of a JSON object is a text even when it is a number: both come here.
        deserializer.deserialize_any(NumberOrName)
    }
}

struct NumberOrName;

impl Visitor<'_> for NumberOrName {
    type Value = Pid;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the number or the name of a process")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Pid, E> {
        let fits = i32::try_from(number);
        fits.map(Pid::Number).map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Pid, E> {
        let fits = i32::try_from(number);
        fits.map(Pid::Number).map_err(|_| E::invalid_value(Unexpected::Unsigned(number), &self))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Pid, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_pid_is_read_as_it_is_written() {
        let task = Task { process: 2, thread: 3 };
        for (pid, json) in [
            (Pid::Number(7), "7"),
            (Pid::Number(-1), "-1"),
            (Pid::Task(task), "\"P2.3\""),
            (Pid::Group(Task::FIRST), "\"-P1\""),
            (Pid::OUTSIDE, "\"P0\""),
        ] {
            assert_eq!(serde_json::to_string(&pid).unwrap(), json);
            assert_eq!(serde_json::from_str::<Pid>(json).unwrap(), pid);
            let map = BTreeMap::from([(pid, 1)]);
            let text = serde_json::to_string(&map).unwrap();
            assert_eq!(serde_json::from_str::<BTreeMap<Pid, u8>>(&text).unwrap(), map, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for wrong in ["\"\"", "\"Q1\"", "\"--P1\"", "4294967296", "1.5", "null"] {
            assert!(serde_json::from_str::<Pid>(wrong).is_err(), "{wrong}");
        }
    }
}
