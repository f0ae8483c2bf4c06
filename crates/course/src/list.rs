//! Every demo in full, with its broken twins: the lesson again with one thing wrong, to be
//! compared with it.

use std::fmt::Write as _;

use crate::days;
use crate::demo::Demo;
use crate::style::Style;

/// `demos` in course order. Days without any are left out.
pub(crate) fn render(demos: &[Demo], style: &Style) -> String {
    let Style { dim, reset, .. } = *style;
    let width = demos.iter().map(|demo| demo.name.len()).max().unwrap_or_default();
    let mut text = String::new();
    for (heading, demos) in days::each(demos, style).filter(|(_, demos)| !demos.is_empty()) {
        // Writing to a String cannot fail, here and below.
        let _ = writeln!(text, "{heading}");
        for Demo { name, minutes, title, about, twins, .. } in demos {
            let _ = writeln!(text, "  {name:width$}  {minutes:>3} min  {title}");
            let _ = writeln!(text, "    {dim}{about}{reset}");
            for twin in twins {
                let command = format!("cargo run -p {name} --example {twin}");
                let _ = writeln!(text, "    broken twin: {command}");
            }
        }
        text.push('\n');
    }
    let sum = days::duration(demos.iter().map(|demo| demo.minutes).sum());
    let _ = match demos.len() {
        0 => writeln!(text, "There is no demo yet."),
        n => writeln!(text, "{}, {sum}. To run one: cargo course demo NAME", days::demos(n)),
    };
    text
}

#[cfg(test)]
mod tests {
    use super::*;

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

2 demos, 2 h 5 min. To run one: cargo course demo NAME
";
        assert_eq!(render(&[names, wait], &Style::default()), expected);
        assert_eq!(render(&[], &Style::default()), "There is no demo yet.\n");
    }
}
