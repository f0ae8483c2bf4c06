//! The map of the nine days, and the one next thing to do.

use std::fmt::Write as _;

use crate::days;
use crate::plan::Step;
use crate::progress::Done;
use crate::style::Style;

/// `steps` in course order. `started` are the names of the exercises that lie in `work/`.
pub(crate) fn render(steps: &[Step<'_>], done: &Done, started: &[String], style: &Style) -> String {
    let width = steps.iter().map(|step| step.name().len()).max().unwrap_or_default();
    // Writing to a String cannot fail, here and below.
    let mut text = String::from("Nine Days: Linux network and concurrent programming, in Rust\n\n");
    for (heading, steps) in days::each(steps, style) {
        let _ = writeln!(text, "{heading}");
        if steps.is_empty() {
            let _ = writeln!(text, "  {}nothing yet{}", style.dim, style.reset);
        }
        for step in steps {
            let (mark, look) = mark(step, done);
            let (look, end) = if look { (style.dim, style.reset) } else { ("", "") };
            let what = if matches!(step, Step::Exercise(_)) { "exercise: " } else { "" };
            let (name, title) = (step.name(), step.title());
            let _ = writeln!(text, "  {look}{mark} {name:width$}  {what}{title}{end}");
        }
    }
    text.push_str(&next(steps, done, started, style));
    text
}

/// The mark, and whether this is behind us.
fn mark(step: Step<'_>, done: &Done) -> (&'static str, bool) {
    match (step.is_done(done), step.is_over(done)) {
        (true, _) => ("[x]", true),
        (false, true) => ("[-]", true),
        (false, false) => ("[ ]", false),
    }
}

/// How much is done, and the command for the first thing that is not.
pub(crate) fn next(steps: &[Step<'_>], done: &Done, started: &[String], style: &Style) -> String {
    let Style { bold, reset, .. } = *style;
    let (demos, exercises): (Vec<_>, Vec<_>) =
        steps.iter().copied().partition(|step| matches!(step, Step::Demo(_)));
    let count = |steps: &[Step<'_>]| steps.iter().filter(|step| step.is_done(done)).count();
    let mut sums = format!("{} of {} run", count(&demos), days::count(demos.len(), "demo"));
    if !exercises.is_empty() {
        let all = days::count(exercises.len(), "exercise");
        let _ = write!(sums, ", {} of {all} passed", count(&exercises));
    }
    let next = steps.iter().copied().find(|step| !step.is_over(done));
    match next {
        _ if steps.is_empty() => "\nThere is no demo yet.\n".into(),
        None => format!("\n{sums}. That is all there is.\n"),
        Some(step) => {
            let time = days::duration(step.minutes());
            let is_started = started.iter().any(|name| name == step.name());
            let command = match step {
                Step::Exercise(exercise) if is_started => {
                    format!("cargo course watch {}", exercise.name)
                }
                step => step.command(),
            };
            format!("\n{sums}. Next, {time}:\n  {bold}{command}{reset}\n")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::Demo;
    use crate::exercise::Exercise;
    use crate::plan;

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

    fn exercise() -> Exercise {
        Exercise { name: "quit".into(), day: 1, minutes: 30, ..Exercise::default() }
    }

    fn shown(demos: &[Demo], exercises: &[Exercise], done: &str) -> String {
        let done = Done::read(done.as_bytes());
        render(&plan::all(demos, exercises), &done, &["quit".into()], &Style::default())
    }

    #[test]
    fn it_shows_what_was_run_and_what_is_next() {
        let map = shown(&demos(), &[], "demo day01-names\ndemo a-demo-of-long-ago");
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
        let map = shown(&demos(), &[], "demo day01-tcp-echo");
        assert!(map.ends_with("\n  cargo course demo day01-names\n"), "{map}");
    }

    #[test]
    fn an_exercise_passes_or_is_given_up() {
        let run = "demo day01-names\ndemo day01-tcp-echo\n";
        let map = shown(&demos(), &[exercise()], run);
        let next = "2 of 2 demos run, 0 of 1 exercise passed. Next, 30 min:\n  \
            cargo course watch quit\n";
        assert!(map.contains("  [ ] quit            exercise: \n"), "{map}");
        assert!(map.ends_with(next), "{map}");
        for (end, mark, passed) in [("pass", "[x]", 1), ("gave-up", "[-]", 0)] {
            let map = shown(&demos(), &[exercise()], &format!("{run}exercise quit {end}\n"));
            assert!(map.contains(&format!("  {mark} quit ")), "{map}");
            let all = format!("{passed} of 1 exercise passed. That is all there is.\n");
            assert!(map.ends_with(&all), "{map}");
        }
    }

    #[test]
    fn all_and_none_are_said() {
        let map = shown(&demos(), &[], "demo day01-names\ndemo day01-tcp-echo");
        assert!(map.ends_with("\n\n2 of 2 demos run. That is all there is.\n"), "{map}");
        assert!(!map.contains("cargo course demo"), "{map}");
        let map = shown(&[], &[], "demo day01-names");
        assert!(map.ends_with("\n\nThere is no demo yet.\n"), "{map}");
        assert_eq!(map.matches("nothing yet").count(), 9);
    }
}
