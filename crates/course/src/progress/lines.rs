//! The lines of `work/progress`:
//!
//! ```text
//! demo day04-poll
//! exercise poll-echo tries 3
//! exercise poll-echo hints 2
//! exercise poll-echo pass
//! exercise epoll-edge gave-up
//! ```

use std::collections::{HashMap, HashSet};

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    /// The demos that were run.
    pub(crate) demos: HashSet<String>,
    exercises: HashMap<String, Standing>,
}

/// How somebody stands with an exercise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) passed: bool,
    /// The solution was looked at before.
    pub(crate) gave_up: bool,
    /// How many hints were read.
    pub(crate) hints: u64,
    /// How many checks failed before the first one that passed.
    pub(crate) tries: u64,
}

/// Something to be remembered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fact<'a> {
    Demo(&'a str),
    Pass(&'a str),
    GaveUp(&'a str),
    /// So many of its hints were read.
    Hints(&'a str, u64),
    /// One more check has failed.
    Try(&'a str),
}

impl Done {
    /// Lines that say something else are passed over.
    pub(crate) fn read(text: &[u8]) -> Self {
        let mut done = Self::default();
        for line in text.split(|&byte| byte == b'\n') {
            let line = String::from_utf8_lossy(line);
            match *line.split_whitespace().collect::<Vec<_>>() {
                ["demo", name] => {
                    done.demos.insert(name.into());
                }
                ["exercise", name, ref rest @ ..] => done.line(name, rest),
                _ => {}
            }
        }
        done
    }

    fn line(&mut self, name: &str, rest: &[&str]) {
        let number = |text: &str| text.parse().unwrap_or_default();
        let mut standing = self.of(name);
        match *rest {
            ["pass"] => standing.passed = true,
            ["gave-up"] => standing.gave_up = true,
            ["hints", hints] => standing.hints = number(hints),
            ["tries", tries] => standing.tries = number(tries),
            _ => return,
        }
        self.exercises.insert(name.into(), standing);
    }

    /// How it stands with an exercise.
    pub(crate) fn of(&self, exercise: &str) -> Standing {
        self.exercises.get(exercise).copied().unwrap_or_default()
    }
}

/// The text with this in it; `None` when it says so already.
pub(super) fn with(text: &[u8], fact: Fact<'_>) -> Option<Vec<u8>> {
    let done = Done::read(text);
    match fact {
        Fact::Demo(name) if done.demos.contains(name) => None,
        Fact::Demo(name) => Some(append(text, &format!("demo {name}"))),
        Fact::Pass(name) if done.of(name).passed => None,
        Fact::Pass(name) => Some(append(text, &format!("exercise {name} pass"))),
        Fact::GaveUp(name) if done.of(name).gave_up => None,
        Fact::GaveUp(name) => Some(append(text, &format!("exercise {name} gave-up"))),
        Fact::Hints(name, hints) if done.of(name).hints >= hints => None,
        Fact::Hints(name, hints) => Some(count(text, &format!("exercise {name} hints"), hints)),
        Fact::Try(name) if done.of(name).passed => None,
        Fact::Try(name) => {
            let tries = done.of(name).tries.saturating_add(1);
            Some(count(text, &format!("exercise {name} tries"), tries))
        }
    }
}

fn append(text: &[u8], line: &str) -> Vec<u8> {
    let mut text = text.to_vec();
    if text.last().is_some_and(|&last| last != b'\n') {
        text.push(b'\n');
    }
    text.extend_from_slice(line.as_bytes());
    text.push(b'\n');
    text
}

/// A line with a number: the line that is there is replaced, in its place.
fn count(text: &[u8], what: &str, number: u64) -> Vec<u8> {
    let is_old =
        |line: &&[u8]| String::from_utf8_lossy(line).split_whitespace().take(3).eq(what.split(' '));
    let new = format!("{what} {number}");
    let lines: Vec<_> = text.split(|&byte| byte == b'\n').collect();
    if !lines.iter().any(is_old) {
        return append(text, &new);
    }
    let lines: Vec<_> =
        lines.iter().map(|line| if is_old(line) { new.as_bytes() } else { line }).collect();
    lines.join(&b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(text: &str, fact: Fact<'_>) -> Option<String> {
        with(text.as_bytes(), fact).map(|text| String::from_utf8(text).unwrap())
    }

    #[test]
    fn a_number_is_replaced_where_it_stands_and_other_lines_stay() {
        let text = "exercise a hints 1\r\n# mine\nexercise ab hints 2\n";
        let hints = after(text, Fact::Hints("a", 2)).unwrap();
        assert_eq!(hints, "exercise a hints 2\n# mine\nexercise ab hints 2\n");
        assert_eq!(after(&hints, Fact::Hints("a", 1)), None);
        assert_eq!(after("x", Fact::Hints("a", 1)).unwrap(), "x\nexercise a hints 1\n");
    }

    #[test]
    fn tries_count_until_it_passes() {
        let text = after("", Fact::Try("a")).unwrap();
        let text = after(&text, Fact::Try("a")).unwrap();
        assert_eq!(text, "exercise a tries 2\n");
        let text = after(&text, Fact::Pass("a")).unwrap();
        assert_eq!(text, "exercise a tries 2\nexercise a pass\n");
        assert_eq!(after(&text, Fact::Try("a")), None);
        assert_eq!(after(&text, Fact::Pass("a")), None);
        let standing = Standing { passed: true, tries: 2, ..Standing::default() };
        assert_eq!(Done::read(text.as_bytes()).of("a"), standing);
    }

    #[test]
    fn what_is_unknown_says_nothing() {
        let text = b"exercise a pass later\nexercise a hints many\nexercise\ndemo a b\n\xff\n";
        assert_eq!(Done::read(text).of("a"), Standing::default());
    }
}
