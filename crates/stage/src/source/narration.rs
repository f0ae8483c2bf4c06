//! What an instructor reads aloud at a line: the comments that were written for it.
//!
//! 1. the block of `//` directly above the line, or above the statement that the line goes on with,
//!    and a comment at the end of the line;
//! 2. where there is none, the `///` above the function;
//! 3. where there is none either, the first paragraph of the file's `//!`.
//!
//! The proof of an unsafe block (`// SAFETY:`) is for who reviews it: it is read when nothing else
//! is said nearer than the file's beginning.

use super::comment::{Kind, split, whole};

/// What the comments say to a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Narration {
    /// Where they stand.
    pub(crate) origin: Origin,
    /// Their paragraphs, without line breaks.
    pub(crate) paragraphs: Vec<String>,
}

/// What a comment is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// This line.
    Line,
    /// The function around it.
    Function,
    /// The whole file.
    File,
}

impl Narration {
    /// As one text.
    pub(crate) fn text(&self) -> String {
        self.paragraphs.join(" ")
    }
}

/// To the line at an index; `function` is the path of the function that it is in.
pub(super) fn of(lines: &[String], index: usize, function: &str) -> Option<Narration> {
    let line = lines.get(index)?;
    let own = block(lines, statement(lines, index), Kind::Plain);
    let behind = split(line).1.and_then(whole).map(|(_, text)| text);
    let proof = own.iter().position(|line| line.starts_with("SAFETY:")).unwrap_or(own.len());
    let (own, proof) = own.split_at(proof);
    let own: Vec<_> = own.iter().copied().chain(behind).collect();
    let told = |origin, lines: &[&str]| {
        let paragraphs = paragraphs(lines);
        (!paragraphs.is_empty()).then_some(Narration { origin, paragraphs })
    };
    told(Origin::Line, &own)
        .or_else(|| {
            let about = block(lines, item(lines, index, function)?, Kind::Outer);
            told(Origin::Function, &about)
        })
        .or_else(|| told(Origin::Line, proof))
        .or_else(|| told(Origin::File, &header(lines)))
}

/// Where the statement begins that a line belongs to, as far as the lines show it: a chain of
/// methods goes on with a dot, an operator or an open bracket promises more.
fn statement(lines: &[String], mut index: usize) -> usize {
    while index > 0 {
        let above = code(&lines[index - 1]);
        let continues = code(&lines[index]).starts_with(['.', '?', ')', ']']);
        let promises = ["(", "[", "=", "=>", "&&", "||", "return"].iter();
        let promised = promises.into_iter().any(|end| above.ends_with(end));
        if above.is_empty() || !(continues || promised) {
            break;
        }
        index -= 1;
    }
    index
}

fn code(line: &str) -> &str {
    split(line).0.trim()
}

/// The comments of one kind directly above a line; attributes may stand between.
fn block(lines: &[String], index: usize, kind: Kind) -> Vec<&str> {
    let above = lines[..index].iter().rev();
    let above = above.skip_while(|line| line.trim_start().starts_with("#["));
    let mut block: Vec<_> = above
        .map_while(|line| whole(line).filter(|(found, _)| *found == kind).map(|(_, text)| text))
        .collect();
    block.reverse();
    block
}

/// The line where the function begins that a line is in.
fn item(lines: &[String], index: usize, function: &str) -> Option<usize> {
    let path = crate::lens::short(function);
    let name = path.rsplit("::").next().filter(|name| !name.is_empty())?;
    let begins = |line: &String| {
        let rest = code(line).split_once("fn ").map(|(_, rest)| rest);
        rest.and_then(|rest| rest.strip_prefix(name))
            .is_some_and(|rest| rest.starts_with(['(', '<']))
    };
    (0..=index).rev().find(|&at| begins(&lines[at]))
}

/// What the file begins with, to the first empty line of it.
fn header(lines: &[String]) -> Vec<&str> {
    let lines = lines.iter().map_while(|line| whole(line).filter(|(kind, _)| *kind == Kind::Inner));
    lines.map(|(_, text)| text).take_while(|text| !text.is_empty()).collect()
}

/// Lines become paragraphs: an empty line ends one, and so does the beginning of a list's item.
pub(super) fn paragraphs(lines: &[&str]) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in lines {
        if line.is_empty() || line.starts_with("- ") {
            paragraphs.push(String::new());
        }
        if let Some(last) = paragraphs.last_mut() {
            if !last.is_empty() && !line.is_empty() {
                last.push(' ');
            }
            last.push_str(line);
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}
