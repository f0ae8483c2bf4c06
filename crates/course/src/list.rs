//! Every demo in full, with its broken twins (the lesson again with one thing wrong, to be compared
//! with it), and every exercise.

use std::fmt::Write as _;

use crate::days;
use crate::plan::Step;
use crate::style::Style;

/// `steps` in course order. Days without any are left out.
pub(crate) fn render(steps: &[Step<'_>], style: &Style) -> String {
    let Style { dim, reset, .. } = *style;
    let width = steps.iter().map(|step| step.name().len()).max().unwrap_or_default();
    let mut text = String::new();
    for (heading, steps) in days::each(steps, style).filter(|(_, steps)| !steps.is_empty()) {
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(text, "{heading}");
        for step in steps {
            let (name, minutes, title) = (step.name(), step.minutes(), step.title());
            let what = if matches!(step, Step::Exercise(_)) { "exercise: " } else { "" };
            let _ = writeln!(text, "  {name:width$}  {minutes:>3} min  {what}{title}");
            let Step::Demo(demo) = step else { continue };
            let _ = writeln!(text, "    {dim}{}{reset}", demo.about);
            for twin in &demo.twins {
                let command = format!("cargo run -p {name} --example {twin}");
                let _ = writeln!(text, "    broken twin: {command}");
            }
        }
        text.push('\n');
    }
    let sum = days::duration(steps.iter().map(|step| step.minutes()).sum());
    let demos = steps.iter().filter(|step| matches!(step, Step::Demo(_))).count();
    let counts = match (demos, steps.len() - demos) {
        (0, 0) => return "There is no demo yet.\n".into(),
        (demos, 0) => days::count(demos, "demo"),
        (demos, n) => format!("{}, {}", days::count(demos, "demo"), days::count(n, "exercise")),
    };
    let start = if demos < steps.len() { "; cargo course start NAME" } else { "" };
    let _ = writeln!(text, "{counts}, {sum}. To run one: cargo course demo NAME{start}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::Demo;
    use crate::exercise::Exercise;
    use crate::plan;

    #[test]
    fn each_demo_has_its_line_and_its_twins() {
        let names = Demo {
            name: "day01-names".into(),
            day: 1,
            minutes: 5,
            title: "Names".into(),
            about: "About names.".into(),
            ..Demo::default()
        };
        let wait = Demo {
            name: "day05-wait".into(),
            day: 5,
            minutes: 120,
            title: "Wait".into(),
            about: "About waiting.".into(),
            twins: vec!["orphan".into(), "zombie_leak".into()],
            ..Demo::default()
        };
        let expected = "\
Day 1  addresses and the first TCP program
  day01-names    5 min  Names
    About names.

Day 5  exit, orphans and zombies, wait, process objects
  day05-wait   120 min  Wait
    About waiting.
    broken twin: cargo run -p day05-wait --example orphan
    broken twin: cargo run -p day05-wait --example zombie_leak
";
        let demos = [names, wait];
        let end = "\n2 demos, 2 h 5 min. To run one: cargo course demo NAME\n";
        let list = render(&plan::all(&demos, &[]), &Style::default());
        assert_eq!(list, format!("{expected}{end}"));
        let reap = Exercise {
            name: "reap-all".into(),
            day: 5,
            minutes: 40,
            title: "Reap".into(),
            ..Exercise::default()
        };
        let end = "  reap-all      40 min  exercise: Reap\n\n\
            2 demos, 1 exercise, 2 h 45 min. \
            To run one: cargo course demo NAME; cargo course start NAME\n";
        let list = render(&plan::all(&demos, &[reap]), &Style::default());
        assert_eq!(list, format!("{expected}{end}"));
        assert_eq!(render(&[], &Style::default()), "There is no demo yet.\n");
    }
}
