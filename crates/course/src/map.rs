//! The map of the nine days, and the one next thing to do.

use std::collections::HashSet;
use std::fmt::Write as _;

use crate::days;
use crate::demo::Demo;
use crate::style::Style;

/// `demos` in course order, `done` the names of those that were run.
pub(crate) fn render(demos: &[Demo], done: &HashSet<String>, style: &Style) -> String {
    let Style { bold, dim, reset } = *style;
    let width = demos.iter().map(|demo| demo.name.len()).max().unwrap_or_default();
    let is_done = |demo: &&Demo| done.contains(&demo.name);
    // Writing to a String cannot fail, here and below.
    let mut text = String::from("Nine Days: Linux network and concurrent programming, in Rust\n\n");
    for (heading, demos) in days::each(demos, style) {
        let _ = writeln!(text, "{heading}");
        if demos.is_empty() {
            let _ = writeln!(text, "  {dim}nothing yet{reset}");
        }
        for demo in demos {
            let (mark, look) = if is_done(&demo) { ("[x]", dim) } else { ("[ ]", "") };
            let end = if look.is_empty() { "" } else { reset };
            let Demo { name, title, .. } = demo;
            let _ = writeln!(text, "  {look}{mark} {name:width$}  {title}{end}");
        }
    }
    let run = demos.iter().filter(is_done).count();
    let _ = match demos.iter().find(|demo| !is_done(demo)) {
        _ if demos.is_empty() => writeln!(text, "\nThere is no demo yet."),
        None => writeln!(text, "\nYou have run every demo there is: {run}."),
        Some(Demo { name, minutes, .. }) => {
            let all = days::demos(demos.len());
            let time = days::duration(*minutes);
            let command = format!("{bold}cargo course demo {name}{reset}");
            writeln!(text, "\n{run} of {all} run. Next, {time}:\n  {command}")
        }
    };
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demos() -> Vec<Demo> {
        let demo = |name: &str, day, title: &str| Demo {
            name: name.into(),
            day,
            minutes: 65,
            title: title.into(),
            ..Demo::default()
        };
        vec![demo("day01-names", 1, "Names"), demo("day01-tcp-echo", 1, "Echo")]
    }

    fn shown(demos: &[Demo], done: &[&str]) -> String {
        render(demos, &done.iter().map(ToString::to_string).collect(), &Style::default())
    }

    #[test]
    fn it_shows_what_was_run_and_what_is_next() {
        let map = shown(&demos(), &["day01-names", "a-demo-of-long-ago"]);
        let days = "
Day 1  addresses and the first TCP program
  [x] day01-names     Names
  [ ] day01-tcp-echo  Echo
Day 2  streams, framing, UDP, socket options
  nothing yet
";
        assert!(map.contains(days), "{map}");
        assert!(map.contains("\nDay 9  "), "{map}");
        let next = "\n\n1 of 2 demos run. Next, 1 h 5 min:\n  cargo course demo day01-tcp-echo\n";
        assert!(map.ends_with(next), "{map}");
    }

    #[test]
    fn the_first_gap_is_next_and_not_what_follows_the_last_run() {
        let map = shown(&demos(), &["day01-tcp-echo"]);
        assert!(map.ends_with("\n  cargo course demo day01-names\n"), "{map}");
    }

    #[test]
    fn all_and_none_are_said() {
        let map = shown(&demos(), &["day01-names", "day01-tcp-echo"]);
        assert!(map.ends_with("\n\nYou have run every demo there is: 2.\n"), "{map}");
        assert!(!map.contains("cargo course demo"), "{map}");
        let map = shown(&[], &["day01-names"]);
        assert!(map.ends_with("\n\nThere is no demo yet.\n"), "{map}");
        assert_eq!(map.matches("nothing yet").count(), 9);
    }
}
