//! `cargo course schedule`: a timetable for teaching, from the minutes that demos and exercises say
//! of themselves, and those that a day's chapter takes. What is too much for a day is said.

use std::fmt::Write as _;

use crate::days::{self, DAYS};
use crate::plan::Step;
use crate::style::Style;

/// So much can be taught in a day.
const FULL: u64 = 7 * 60;
const BEGIN: u64 = 9 * 60;
const NOON: u64 = 12 * 60;
const LUNCH: u64 = 60;
const PAUSE: u64 = 15;
/// Nobody listens for longer than this.
const AT_A_TIME: u64 = 90;

/// The timetable of one day, or the sums of all. `chapters` are the minutes of each day's chapter.
pub(crate) fn render(
    steps: &[Step<'_>],
    chapters: &[u64],
    day: Option<u64>,
    style: &Style,
) -> String {
    let of_day = |day: u64| Day {
        number: day,
        chapter: usize::try_from(day).ok().and_then(|day| chapters.get(day - 1)).map_or(0, |m| *m),
        steps: steps.iter().filter(|step| step.day() == day).copied().collect(),
    };
    match day {
        Some(day) => of_day(day).timetable(style),
        // Writing to a String cannot fail, here and below.
        None => DAYS.map(of_day).fold(String::new(), |mut text, day| {
            let heading = days::heading(day.number, style);
            let _ = writeln!(text, "{heading}\n  {}", day.sum(style));
            text
        }),
    }
}

/// What is to be taught on a day.
struct Day<'a> {
    number: u64,
    chapter: u64,
    steps: Vec<Step<'a>>,
}

impl Day<'_> {
    /// How long its parts take, and whether that is too long.
    fn sum(&self, style: &Style) -> String {
        let Style { bold, reset, .. } = *style;
        let part = |is_kind: fn(&Step<'_>) -> bool, what: &str| {
            let kind: Vec<_> = self.steps.iter().filter(|step| is_kind(step)).collect();
            let minutes = kind.iter().map(|step| step.minutes()).sum::<u64>();
            (format!("{} {}", days::count(kind.len(), what), days::duration(minutes)), minutes)
        };
        let (demos, shown) = part(|step| matches!(step, Step::Demo(_)), "demo");
        let (exercises, done) = part(|step| matches!(step, Step::Exercise(_)), "exercise");
        let all = self.chapter + shown + done;
        let chapter = match self.chapter {
            0 => String::new(),
            minutes => format!("chapter {}, ", days::duration(minutes)),
        };
        let mut text = format!("{chapter}{demos}, {exercises}: {}", days::duration(all));
        if let Some(over @ 1..) = all.checked_sub(FULL) {
            let (over, full) = (days::duration(over), days::duration(FULL));
            let _ = write!(text, "  {bold}overfull: {over} more than {full}{reset}");
        }
        text
    }

    /// Name, minutes and title of everything, in order.
    fn rows(&self) -> Vec<(&str, u64, String)> {
        let chapter = format!("the book, docs/day{:02}.md: told, or read before", self.number);
        let chapter = (self.chapter > 0).then_some(("chapter", self.chapter, chapter));
        let steps = self.steps.iter().map(|step| {
            let what = if matches!(step, Step::Exercise(_)) { "exercise: " } else { "" };
            (step.name(), step.minutes(), format!("{what}{}", step.title()))
        });
        chapter.into_iter().chain(steps).collect()
    }

    fn timetable(&self, style: &Style) -> String {
        let Style { dim, reset, .. } = *style;
        let rows = self.rows();
        let width = rows.iter().map(|(name, ..)| name.len()).max().unwrap_or_default();
        let mut text = format!("{}\n", days::heading(self.number, style));
        let (mut now, mut since, mut lunch) = (BEGIN, 0, false);
        for (name, minutes, title) in rows {
            let late = now >= NOON && !lunch;
            if since > 0 && (late || since + minutes > AT_A_TIME) {
                let (what, minutes) = if late { ("lunch", LUNCH) } else { ("pause", PAUSE) };
                let _ = writeln!(text, "  {}  {dim}{what}{reset}", clock(now));
                (now, since, lunch) = (now + minutes, 0, lunch || late);
            }
            let _ = writeln!(text, "  {}  {name:width$}  {minutes:>3} min  {title}", clock(now));
            (now, since) = (now + minutes, since + minutes);
        }
        let _ = writeln!(text, "  {}  the end\n\n{}", clock(now), self.sum(style));
        text
    }
}

fn clock(minutes: u64) -> String {
    format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::Demo;
    use crate::exercise::Exercise;
    use crate::plan;

    fn shown(minutes: &[u64], chapters: &[u64], day: Option<u64>) -> String {
        let demo = |&minutes: &u64| Demo {
            name: "demo".into(),
            title: "T".into(),
            day: 4,
            minutes,
            ..Demo::default()
        };
        let demos: Vec<_> = minutes.iter().map(demo).collect();
        let exercise = Exercise {
            name: "try".into(),
            title: "E".into(),
            day: 4,
            minutes: 60,
            ..Exercise::default()
        };
        render(&plan::all(&demos, &[exercise]), chapters, day, &Style::default())
    }

    #[test]
    fn a_day_has_pauses_and_a_lunch() {
        let expected = "\
Day 4  poll, epoll, Unix sockets, processes in /proc, fork
  09:00  demo   50 min  T
  09:50  demo   40 min  T
  10:30  pause
  10:45  demo  100 min  T
  12:25  lunch
  13:25  try    60 min  exercise: E
  14:25  the end

3 demos 3 h 10 min, 1 exercise 1 h: 4 h 10 min
";
        assert_eq!(shown(&[50, 40, 100], &[], Some(4)), expected);
    }

    #[test]
    fn a_day_that_is_too_long_is_flagged() {
        let full = shown(&[360], &[], None);
        assert!(full.contains("\n  1 demo 6 h, 1 exercise 1 h: 7 h\n"), "{full}");
        let over = shown(&[365], &[], None);
        assert!(over.contains(": 7 h 5 min  overfull: 5 min more than 7 h\n"), "{over}");
        assert_eq!(over.matches("overfull").count(), 1);
        assert!(over.contains("\n  0 demos 0 min, 0 exercises 0 min: 0 min\n"), "{over}");
    }
    #[test]
    fn the_chapter_comes_first_and_counts() {
        let day = shown(&[50], &[1, 2, 3, 17], Some(4));
        let chapter = "  09:00  chapter   17 min  the book, docs/day04.md: told, or read before\n";
        assert!(day.contains(chapter) && day.contains("  09:17  demo      50 min  T\n"), "{day}");
        assert!(day.ends_with("\nchapter 17 min, 1 demo 50 min, 1 exercise 1 h: 2 h 7 min\n"));
        assert!(shown(&[345], &[0, 0, 0, 17], None).contains("overfull: 2 min more than 7 h\n"));
    }
}
