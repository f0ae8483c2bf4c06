//! The nine days. Everything else about the course is read from the crates.

use std::ops::RangeInclusive;

use crate::plan::Step;
use crate::style::Style;

const TITLES: [&str; 9] = [
    "addresses and the first TCP program",
    "streams, framing, UDP, socket options",
    "HTTP, packing, bits, non-blocking sockets, select",
    "poll, epoll, Unix sockets, processes in /proc, fork",
    "exit, orphans and zombies, wait, process objects",
    "process pools, pipes, queues, shared memory",
    "signals, semaphores, events, locks, threads",
    "sharing between threads, efficiency, concurrent servers",
    "a server of threads, socketserver",
];

/// The days that a demo can belong to.
pub(crate) const DAYS: RangeInclusive<u64> = 1..=TITLES.len() as u64;

/// What a day is about.
pub(crate) fn title(day: u64) -> Option<&'static str> {
    let at = usize::try_from(day.checked_sub(1)?).ok()?;
    TITLES.get(at).copied()
}

/// Each day's heading and steps. `steps` is in course order.
pub(crate) fn each<'a>(
    steps: &[Step<'a>],
    style: &Style,
) -> impl Iterator<Item = (String, Vec<Step<'a>>)> {
    let style = *style;
    DAYS.map(move |day| {
        let steps = steps.iter().filter(|step| step.day() == day).copied();
        (heading(day, &style), steps.collect())
    })
}

/// `Day 4` and what it is about.
pub(crate) fn heading(day: u64, style: &Style) -> String {
    let Style { bold, reset, .. } = *style;
    let title = title(day);
    format!("{bold}Day {day}  {}{reset}", title.unwrap_or_default())
}

/// `95` is "1 h 35 min".
pub(crate) fn duration(minutes: u64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// `1` is "1 demo", `2` is "2 demos".
pub(crate) fn count(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_counts_read_well() {
        assert_eq!([0, 59, 60, 95].map(duration), ["0 min", "59 min", "1 h", "1 h 35 min"]);
        let demos = |n| count(n, "demo");
        assert_eq!([0, 1, 2].map(demos), ["0 demos", "1 demo", "2 demos"]);
    }
}
