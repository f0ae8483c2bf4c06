//! A chapter with its directives replaced, and a box around what is a box.

use std::fmt::Write as _;

use super::directive::{self, Directive};
use super::markdown::{fenced, lines};
use super::{Book, contract, demos, diff, item, transcript};

/// What a directive stands for.
pub(crate) fn directive(book: &Book, directive: &Directive) -> Result<String, String> {
    match directive {
        Directive::Item { path, name } => {
            let code =
                item::item(&book.read(path)?, name).map_err(|why| format!("{path}: {why}"))?;
            Ok(quoted(path, "rust,noplayground", &code))
        }
        Directive::Lines { path, range } => {
            let text = book.read(path)?;
            let lines: Vec<&str> = text.lines().collect();
            let (start, end) = range.bounds(&lines).map_err(|why| format!("{path}: {why}"))?;
            let end = start + item::closed(&lines[start..], end - start);
            Ok(quoted(path, language(path), &item::shifted(&lines[start..=end])))
        }
        Directive::Diff { first, second } => {
            let hunks = diff::hunks(&book.read(first)?, &book.read(second)?);
            let hunks = hunks.ok_or_else(|| format!("{first} and {second} are the same"))?;
            Ok(quoted(&format!("{first} (−), {second} (+)"), "diff", &hunks))
        }
        Directive::Contract { path } => contract::prose(&book.read(path)?)
            .ok_or_else(|| format!("{path} says nothing at its top")),
        Directive::Demo { name } => Ok(demos::card(book.demo(name)?)),
        Directive::Transcript { run, range } => {
            let text = transcript::kept(book, &run.name(range.as_ref()))?;
            let whole = run.stage.is_empty();
            let text = transcript::shown(&text, range.as_ref(), whole)?;
            let dots = if range.is_some() { "…\n" } else { "" };
            Ok(fenced("console", &format!("$ {}\n{dots}{text}", run.command())))
        }
        Directive::Session { name, range } => {
            let text = transcript::kept(book, name)?;
            Ok(fenced("console", &transcript::shown(&text, range.as_ref(), true)?))
        }
        Directive::Picture { name } => picture(&book.read(&format!("docs/pictures/{name}.svg"))?),
        Directive::Exercises { day } => demos::exercises(book, *day),
    }
}

fn quoted(path: &str, language: &str, code: &str) -> String {
    let caption = format!("<p class=\"file\"><code>{path}</code></p>");
    format!("{caption}\n\n{}", fenced(language, code))
}

fn language(path: &str) -> &str {
    match path.rsplit('.').next() {
        Some("rs") => "rust,noplayground",
        Some("toml") => "toml",
        _ => "text",
    }
}

/// In the page itself, so that it has the colours of the page. A blank line would end it.
fn picture(svg: &str) -> Result<String, String> {
    let start = svg.find("<svg").ok_or("a picture without <svg")?;
    let lines: Vec<&str> = svg[start..].lines().filter(|line| !line.trim().is_empty()).collect();
    let title = between(svg, "<title>", "</title>").ok_or("a picture without a title")?;
    let lines = lines.join("\n");
    Ok(format!("<figure class=\"picture\">\n{lines}\n<figcaption>{title}</figcaption>\n</figure>"))
}

pub(crate) fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    Some(text.split_once(open)?.1.split_once(close)?.0)
}

/// The words at the beginning of a quotation that make it a box, and the class of the box.
pub(crate) const BOXES: [(&str, &str); 3] =
    [("> **Predict", "predict"), ("> **Myth", "myth"), ("> **Measurement", "measurement")];

/// A chapter as mdBook is to see it, and what could not be resolved, with the number of its line.
pub(crate) fn chapter(book: &Book, text: &str) -> (String, Vec<String>) {
    let (mut out, mut mistakes, mut inside) = (String::new(), Vec::new(), false);
    for line in lines(text) {
        let kind = BOXES.iter().find(|(words, _)| line.text.starts_with(words) && !inside);
        if let (Some((_, class)), None) = (kind, line.code) {
            // Writing to a String cannot fail, here and below.
            let _ = write!(out, "<div class=\"box {class}\">\n\n");
            inside = true;
        } else if inside && !line.text.starts_with('>') {
            out.push_str("\n</div>\n\n");
            inside = false;
        }
        let found = line.code.is_none().then(|| directive::parse(line.text)).flatten();
        match found.map(|found| found.and_then(|found| directive(book, &found))) {
            None => out.push_str(line.text),
            Some(Ok(text)) => out.push_str(&text),
            Some(Err(why)) => {
                mistakes.push(format!("{}: {why}", line.number));
                let _ = write!(out, "**{why}**");
            }
        }
        out.push('\n');
    }
    if inside {
        out.push_str("\n</div>\n");
    }
    (out, mistakes)
}
