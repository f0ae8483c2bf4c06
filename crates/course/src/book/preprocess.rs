//! mdBook's preprocessor protocol: `[context, book]` as JSON on standard input, the book with its
//! chapters changed on standard output (mdBook 0.4 and 0.5, "Preprocessors" in its guide).

use std::io::{Write as _, stderr, stdin, stdout};
use std::process::ExitCode;

use cli::Outcome;
use serde_json::Value;

use super::{Book, expand};

/// Whatever becomes of the pages, directives have to be replaced: only what shows plain Markdown
/// is left alone.
pub(crate) fn supports(renderer: &str) -> ExitCode {
    if renderer == "html" { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A directive that cannot be resolved shows in the page, is told, and fails the build.
pub(crate) fn answer(book: &Book) -> Outcome<ExitCode> {
    let mut given: Value = serde_json::from_reader(stdin().lock())?;
    let mut mistakes = Vec::new();
    let chapters = given.get_mut(1).ok_or("this is for mdBook to call: no book on the input")?;
    walk(book, chapters, &mut mistakes);
    serde_json::to_writer(stdout().lock(), chapters)?;
    stdout().flush()?;
    for mistake in &mistakes {
        writeln!(stderr(), "docs/{mistake}")?;
    }
    Ok(if mistakes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The tree of chapters has had other names in other versions; a chapter always has a `content`
/// and a `path`.
fn walk(book: &Book, value: &mut Value, mistakes: &mut Vec<String>) {
    match value {
        Value::Array(all) => all.iter_mut().for_each(|value| walk(book, value, mistakes)),
        Value::Object(fields) => {
            let path = fields.get("path").and_then(Value::as_str).unwrap_or_default().to_owned();
            if let Some(Value::String(content)) = fields.get_mut("content") {
                let (text, wrong) = expand::chapter(book, content);
                *content = text;
                mistakes.extend(wrong.into_iter().map(|why| format!("{path}:{why}")));
            }
            fields.values_mut().for_each(|value| walk(book, value, mistakes));
        }
        _ => {}
    }
}
