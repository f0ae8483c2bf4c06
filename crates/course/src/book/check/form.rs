//! The one form of a day's chapter: outcomes, the day's subjects, exercises, quiz, for the
//! instructor, references. In a subject with a demo the reader predicts before the transcript.

use super::super::Book;
use super::super::directive::{self, Directive};
use super::super::expand::BOXES;
use super::super::markdown::{Line, heading, lines, links};
use super::Chapter;

const FIRST: &str = "Outcomes";
const LAST: [&str; 4] = ["Exercises", "Quiz", "For the instructor", "References"];
const QUESTIONS: std::ops::RangeInclusive<usize> = 5..=10;

pub(super) fn problems(book: &Book, chapter: &Chapter, day: u64) -> Vec<String> {
    let all = lines(&chapter.text);
    let mut problems = headings(chapter, &all, day);
    let parts = parts(&all);
    let (mut demos, mut code, mut said) = (Vec::new(), Vec::new(), Vec::new());
    let mut pictures = 0;
    for part in &parts {
        let predicts = part.iter().position(|line| line.text.starts_with(BOXES[0].0));
        let mut shown = None;
        for (at, line) in part.iter().enumerate().filter(|(_, line)| line.code.is_none()) {
            match directive::parse(line.text) {
                Some(Ok(Directive::Demo { name })) => demos.push(name),
                Some(Ok(Directive::Transcript { run, .. })) => {
                    shown = shown.or(Some((at, line.number)));
                    said.push(run.demo);
                }
                Some(Ok(Directive::Item { path, .. } | Directive::Lines { path, .. })) => {
                    code.push(path);
                }
                Some(Ok(Directive::Picture { .. })) => pictures += 1,
                _ => {}
            }
        }
        if let Some((_, number)) = shown.filter(|(at, _)| predicts.is_none_or(|p| p > *at)) {
            let what = "a transcript without 'Predict before you run' in front of it";
            problems.push(chapter.at(number, what));
        }
    }
    for demo in book.demos.iter().filter(|demo| demo.day == day) {
        let name = &demo.name;
        let folder = format!("crates/{name}/");
        let mut lacks = |has: bool, what: &str| {
            if !has {
                problems.push(chapter.at(1, &format!("{what} of {name} is missing")));
            }
        };
        lacks(demos.contains(name), "{{#demo}}");
        lacks(said.contains(name), "{{#transcript}}");
        lacks(code.iter().any(|path| path.starts_with(&folder)), "{{#item}} or {{#lines}}");
    }
    if pictures == 0 {
        problems.push(chapter.at(1, "no picture"));
    }
    problems.extend(ends(chapter, &all, day));
    problems
}

/// The title is the day's, the frame of headings is as it should be.
fn headings(chapter: &Chapter, all: &[Line<'_>], day: u64) -> Vec<String> {
    let mut problems = Vec::new();
    let of = |depth| {
        all.iter()
            .filter_map(move |line| Some((line.number, heading(line).filter(|h| h.0 == depth)?.1)))
    };
    let title = format!("Day {day}: {}", crate::days::title(day).unwrap_or_default());
    if of(1).map(|(_, text)| text).ne([title.as_str()]) {
        problems.push(chapter.at(1, &format!("its one title is to be '# {title}'")));
    }
    let second: Vec<(usize, &str)> = of(2).collect();
    let names: Vec<&str> = second.iter().map(|(_, name)| *name).collect();
    let frame = names.first() == Some(&FIRST) && names.ends_with(&LAST);
    if !frame || names.len() < LAST.len() + 2 {
        let frame = format!("{FIRST}, the subjects of the day, {}", LAST.join(", "));
        problems.push(chapter.at(1, &format!("its headings are to be: {frame}")));
    }
    problems
}

/// The lines from one heading of the second depth to the next.
fn parts<'a>(all: &'a [Line<'a>]) -> Vec<&'a [Line<'a>]> {
    let second = |line: &Line<'_>| heading(line).is_some_and(|(depth, _)| depth == 2);
    let starts: Vec<usize> = (0..all.len()).filter(|&at| second(&all[at])).collect();
    let ends = starts.iter().skip(1).copied().chain([all.len()]);
    starts.iter().zip(ends).map(|(&start, end)| &all[start..end]).collect()
}

/// Whether a question has Markdown's sign for code in it.
fn ticked(part: &[Line<'_>]) -> bool {
    part.iter().any(|line| line.text.contains("<summary>") && line.text.contains('`'))
}

/// The quiz has folded answers, the instructor's notes are folded, the exercises are listed.
fn ends(chapter: &Chapter, all: &[Line<'_>], day: u64) -> Vec<String> {
    let mut problems = Vec::new();
    for part in parts(all) {
        let Some((_, name)) = part.first().and_then(heading) else { continue };
        let number = part.first().map_or(1, |line| line.number);
        let count = |what: &str| {
            part.iter().filter(|line| line.code.is_none() && line.text.contains(what)).count()
        };
        let (folds, unfolds) = (count("<details>"), count("</details>"));
        let mut must = |so: bool, what: &str| {
            if !so {
                problems.push(chapter.at(number, what));
            }
        };
        must(
            folds == unfolds && folds == count("<summary>"),
            "<details> and <summary> are not in pairs",
        );
        // mdBook takes the line for HTML: Markdown in it is left as it is, and < begins a tag.
        must(!ticked(part), "a <summary> needs <code> for backticks");
        let exercises = Directive::Exercises { day };
        let sources =
            part.iter().flat_map(links).filter(|link| link.starts_with("https://")).count();
        match name {
            "Exercises" => must(
                part.iter().any(|line| directive::parse(line.text) == Some(Ok(exercises.clone()))),
                &format!("no {{{{#exercises {day}}}}}"),
            ),
            "Quiz" => must(QUESTIONS.contains(&folds), "5 to 10 questions with folded answers"),
            "For the instructor" => must(folds == 1, "its notes are to be in one <details>"),
            "References" => must(sources >= 3, "at least three references with links"),
            FIRST => must(count("- ") >= 3, "at least three outcomes"),
            _ => {}
        }
    }
    problems
}
