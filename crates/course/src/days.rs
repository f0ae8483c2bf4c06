//! The nine days. Everything else about the course is read from the crates.

use std::ops::RangeInclusive;

use crate::demo::Demo;
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

/// Each day's heading and demos. `demos` is in course order.
pub(crate) fn each<'a>(
    demos: &'a [Demo],
    style: &Style,
) -> impl Iterator<Item = (String, Vec<&'a Demo>)> {
    let Style { bold, reset, .. } = *style;
    DAYS.zip(TITLES).map(move |(day, title)| {
        let heading = format!("{bold}Day {day}  {title}{reset}");
        (heading, demos.iter().filter(|demo| demo.day == day).collect())
    })
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
pub(crate) fn demos(count: usize) -> String {
    format!("{count} demo{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_counts_read_well() {
        assert_eq!([0, 59, 60, 95].map(duration), ["0 min", "59 min", "1 h", "1 h 35 min"]);
        assert_eq!([0, 1, 2].map(demos), ["0 demos", "1 demo", "2 demos"]);
    }
}
