//! The two functions. Each takes its time and has a result.

use std::thread;
use std::time::Duration;

use cli::{Outcome, Usage};

use crate::journal::Journal;

pub(crate) struct Task {
    pub(crate) name: &'static str,
    pub(crate) time: Duration,
    /// What comes out of it. An exit status has room for no more.
    pub(crate) result: u8,
}

impl Task {
    /// Sleeping stands for all that takes long and needs no processor: a disk, a network, a user.
    pub(crate) fn run(&self, journal: &Journal) -> Outcome<u8> {
        journal.note("begins", self)?;
        thread::sleep(self.time);
        journal.note("ends", self)?;
        Ok(self.result)
    }
}

pub(crate) fn pair(first: u64, second: u64) -> [Task; 2] {
    let [first, second] = [first, second].map(Duration::from_millis);
    [
        Task { name: "first", time: first, result: 3 },
        Task { name: "second", time: second, result: 2 },
    ]
}

pub(crate) fn parse(text: &str) -> Outcome<u64> {
    let time = text.parse().ok().filter(|time| (1..=60_000).contains(time));
    Ok(time.ok_or_else(|| Usage(format!("'{text}' is not a time from 1 to 60000 ms")))?)
}
