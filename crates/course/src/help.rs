//! `cargo course hint`, `solution` and `reset`: what helps somebody who is stuck, in small portions.

use std::fs;

use cli::Outcome;

use crate::course::Course;
use crate::progress::{self, Fact};
use crate::prose;
use crate::style::Style;
use crate::work;

/// The next hint; after the last one, that one again.
pub(crate) fn hint(name: Option<&str>, style: &Style) -> Outcome<String> {
    let course = Course::read()?;
    let exercise = course.meant(name)?;
    let path = exercise.folder.join("hints.md");
    let text = fs::read_to_string(&path).map_err(work::failed("read", &path))?;
    let hints = tiers(&text);
    let read = course.done.of(&exercise.name).hints;
    let number = usize::try_from(read).unwrap_or(usize::MAX).saturating_add(1).min(hints.len());
    let Some(hint) = number.checked_sub(1).and_then(|last| hints.get(last)) else {
        return Err(format!("{} has no hints", path.display()).into());
    };
    progress::remember(&course.root, Fact::Hints(&exercise.name, number as u64));
    let Style { bold, reset, .. } = *style;
    let last = if number == hints.len() {
        format!(
            "\nThat was the last one. The solution: cargo course solution {} --give-up\n",
            exercise.name
        )
    } else {
        String::new()
    };
    let all = hints.len();
    Ok(format!(
        "{bold}{}, hint {number} of {all}{reset}\n\n{}\n{last}",
        exercise.name,
        prose::for_stdout(hint)
    ))
}

/// The texts below the headings `## 1`, `## 2` and so on.
pub(crate) fn tiers(text: &str) -> Vec<&str> {
    let mut tiers = Vec::new();
    let mut rest = split_at_line(text, "## 1").map(|(_, below)| below);
    while let Some(below) = rest {
        let next = split_at_line(below, &format!("## {}", tiers.len() + 2));
        tiers.push(next.map_or(below, |(tier, _)| tier).trim());
        rest = next.map(|(_, behind)| behind);
    }
    tiers
}

/// What stands before a heading and behind it; words may follow the number.
fn split_at_line<'a>(text: &'a str, heading: &str) -> Option<(&'a str, &'a str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let rest = line.strip_prefix(heading);
        if rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit())) {
            return Some((&text[..at], &text[at + line.len()..]));
        }
        at += line.len();
    }
    None
}

/// The solution, to somebody who has one, or who gives up.
pub(crate) fn solution(name: &str, give_up: bool, style: &Style) -> Outcome<String> {
    let course = Course::read()?;
    let exercise = course.meant(Some(name))?;
    let name = &exercise.name;
    if !course.done.of(name).passed {
        if !give_up {
            return Err(format!(
                "{name} has not passed yet; to see its solution all the same: \
                 cargo course solution {name} --give-up"
            )
            .into());
        }
        progress::remember(&course.root, Fact::GaveUp(name));
    }
    let path = exercise.folder.join("solution/lib.rs");
    let text = fs::read_to_string(&path).map_err(work::failed("read", &path))?;
    let Style { bold, reset, .. } = *style;
    Ok(format!("{text}\n{bold}{}{reset}\n", course.work.shown(&path)))
}

/// Back to the starter.
pub(crate) fn reset(name: &str) -> Outcome<String> {
    let course = Course::read()?;
    let exercise = course.meant(Some(name))?;
    let kept = work::reset(&course.work, exercise)?;
    let source = course.work.shown(&course.work.source(exercise));
    course.work.sync(&course.exercises)?;
    let kept = kept.map(|kept| format!(" What was there is in {}.", course.work.shown(&kept)));
    Ok(format!("{source} is as it was in the beginning.{}\n", kept.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_stand_below_their_headings() {
        let text =
            "# Hints\n\n## 1\nfirst\n\n### more\n## 2: the call\nsecond\n## 3\nthird\n## 10\n";
        assert_eq!(tiers(text), ["first\n\n### more", "second", "third\n## 10"]);
        assert!(tiers("## 2\nno first").is_empty() && tiers("").is_empty());
    }
}
