//! What must be so in the book, proved without mdBook: `cargo course book --check`.
//!
//! Every problem is one line, `docs/FILE:LINE: what is wrong`; none of them stops the others from
//! being found.

mod commands;
mod form;
mod ids;
mod links;
mod pictures;
mod tables;
mod transcripts;

use std::io::{Write as _, stdout};
use std::process::ExitCode;
use std::time::Instant;

use cli::Outcome;

use super::Book;
use super::expand;
use super::markdown::{lines, links as targets};

/// Where the order of the chapters stands.
const SUMMARY: &str = "docs/SUMMARY.md";
/// The first line of a chapter that nobody has written yet.
const TO_COME: &str = "<!-- to come -->";

/// A chapter that is written.
#[derive(Clone, Debug)]
struct Chapter {
    /// From the folder of the workspace on.
    path: String,
    text: String,
}

impl Chapter {
    /// 4 for docs/day04.md.
    fn day(&self) -> Option<u64> {
        self.path.strip_prefix("docs/day")?.strip_suffix(".md")?.parse().ok()
    }

    fn at(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

/// The files of the book, in its order.
pub(crate) fn chapters(book: &Book) -> Result<Vec<String>, String> {
    let summary = book.read(SUMMARY)?;
    let all = lines(&summary);
    let files = all.iter().flat_map(targets).filter(|file| !file.is_empty());
    Ok(files.map(|file| format!("docs/{file}")).collect())
}

pub(crate) fn check(book: &Book, parts: &[String]) -> Outcome<ExitCode> {
    let mut out = stdout();
    let start = Instant::now();
    let meant =
        |name: &str| parts.is_empty() || parts.iter().any(|part| name.contains(part.as_str()));
    let (mut problems, mut to_come, mut written) = (Vec::new(), Vec::new(), Vec::new());
    for path in chapters(book)? {
        match book.read(&path) {
            Err(error) => problems.push(format!("{SUMMARY}: {error}")),
            Ok(text) if text.starts_with(TO_COME) => to_come.push(path),
            Ok(text) => written.push(Chapter { path, text }),
        }
    }
    for chapter in written.iter().filter(|chapter| meant(&chapter.path)) {
        let (_, mistakes) = expand::chapter(book, &chapter.text);
        problems.extend(mistakes.iter().map(|mistake| format!("{}:{mistake}", chapter.path)));
        problems.extend(links::problems(book, chapter));
        problems.extend(commands::problems(book, chapter));
        problems.extend(tables::problems(chapter));
        if let Some(day) = chapter.day() {
            problems.extend(form::problems(book, chapter, day));
            problems.extend(ids::problems(book, chapter, day)?);
        }
    }
    if parts.is_empty() {
        problems.extend(pictures::problems(book, &written));
    }
    let transcripts = transcripts::compare(book, &meant)?;
    problems.extend(transcripts.problems);
    for problem in &problems {
        writeln!(out, "{problem}")?;
    }
    for why in transcripts.skipped {
        writeln!(out, "skipped: {why}")?;
    }
    for path in to_come {
        writeln!(out, "to come: {path}")?;
    }
    let (chapters, same) = (written.len(), transcripts.same);
    let seconds = start.elapsed().as_secs_f32();
    let verdict = match problems.len() {
        0 => "all is well".into(),
        count => format!("problems: {count}"),
    };
    writeln!(
        out,
        "{chapters} chapters, {same} transcripts as they were, {seconds:.1} s: {verdict}"
    )?;
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
