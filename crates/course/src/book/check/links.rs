//! Links within the book: the file is there, and so is the heading. A link out of docs/ would not
//! be found in the built book: files of the workspace are named, not linked.

use std::path::Path;

use super::super::Book;
use super::super::markdown::{anchors, lines, links};
use super::{Chapter, chapters};

pub(super) fn problems(book: &Book, chapter: &Chapter) -> Vec<String> {
    let all = lines(&chapter.text);
    let targets =
        all.iter().flat_map(|line| links(line).into_iter().map(|link| (line.number, link)));
    let wrong =
        targets.filter_map(|(line, link)| Some(chapter.at(line, &problem(book, chapter, link)?)));
    wrong.collect()
}

fn problem(book: &Book, chapter: &Chapter, link: &str) -> Option<String> {
    if link.starts_with("https://") || link.starts_with("http://127.0.0.1") {
        return None;
    }
    let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
    if file.starts_with("../") || file.starts_with('/') || file.contains(':') {
        return Some(format!("a link out of the book: {link}"));
    }
    let path = if file.is_empty() { chapter.path.clone() } else { format!("docs/{file}") };
    let Ok(text) = book.read(&path) else {
        return Some(format!("a link to {file}, which is not there"));
    };
    let is_chapter = Path::new(&path).extension().is_some_and(|end| end == "md");
    if is_chapter && !chapters(book).unwrap_or_default().contains(&path) {
        return Some(format!("a link to {file}, which is no chapter"));
    }
    let known = anchor.is_empty() || anchors(&text).iter().any(|known| known == anchor);
    (!known).then(|| format!("{file} has no heading #{anchor}"))
}
