//! Pictures: well-formed, with a title and a description for those who cannot see them, with
//! colours from the style sheet and ids of their own, and each shown somewhere.

use std::fs;

use super::super::Book;
use super::super::expand::between;
use super::Chapter;

const FOLDER: &str = "docs/pictures";

pub(super) fn problems(book: &Book, chapters: &[Chapter]) -> Vec<String> {
    let files = fs::read_dir(book.root.join(FOLDER)).into_iter().flatten().flatten();
    let names =
        files.filter_map(|file| Some(file.file_name().to_str()?.strip_suffix(".svg")?.to_owned()));
    let mut problems = Vec::new();
    for name in names {
        let path = format!("{FOLDER}/{name}.svg");
        let found = book.read(&path).and_then(|text| sound(&name, &text));
        problems.extend(found.err().map(|why| format!("{path}: {why}")));
        let shows = format!("{{{{#picture {name}}}}}");
        if !chapters.iter().any(|chapter| chapter.text.contains(&shows)) {
            problems.push(format!("{path}: no chapter shows it"));
        }
    }
    problems.sort();
    problems
}

fn sound(name: &str, text: &str) -> Result<(), String> {
    well_formed(text)?;
    for (open, close) in [("<title>", "</title>"), ("<desc>", "</desc>")] {
        let said = between(text, open, close).ok_or(format!("no {open}"))?;
        if said.trim().len() < 10 {
            return Err(format!("{open} says too little"));
        }
    }
    let head = between(text, "<svg", ">").unwrap_or_default();
    for needed in ["viewBox=", "role=\"img\"", "xmlns="] {
        if !head.contains(needed) {
            return Err(format!("<svg> has no {needed}"));
        }
    }
    for fixed in ["fill=\"#", "stroke=\"#", "style=", "<style", "font-family="] {
        if text.contains(fixed) {
            return Err(format!("{fixed} belongs in pictures.css"));
        }
    }
    let foreign = text.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let foreign = foreign.into_iter().find(|id| !id.starts_with(&format!("{name}-")));
    foreign.map_or(Ok(()), |id| Err(format!("the id '{id}' is to begin with '{name}-'")))
}

/// Tags are closed in the order in which they were opened, attributes are quoted.
fn well_formed(text: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let stray = rest[..at].split('&').skip(1).any(|entity| !entity.contains(';'));
        if stray || rest[..at].contains('>') {
            return Err(format!("a stray & or > near '{}'", rest[..at].trim()));
        }
        rest = &rest[at..];
        let (end, skip) = match () {
            () if rest.starts_with("<!--") => (rest.find("-->"), 3),
            () if rest.starts_with("<?") => (rest.find("?>"), 2),
            () => (rest.find('>'), 1),
        };
        let end = end.ok_or("a tag without an end")?;
        let tag = &rest[1..end];
        rest = &rest[end + skip..];
        if tag.starts_with(['!', '?']) {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            let opened = open.pop().unwrap_or("nothing");
            if opened != name.trim() {
                return Err(format!("</{}> closes <{opened}>", name.trim()));
            }
            continue;
        }
        if tag.matches('"').count() % 2 == 1 || tag.contains('<') {
            return Err(format!("a quote is not closed in <{tag}>"));
        }
        let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    open.pop().map_or(Ok(()), |name| Err(format!("<{name}> is not closed")))
}

#[cfg(test)]
mod tests {
    const HEAD: &str = "<svg xmlns=\"x\" viewBox=\"0 0 1 1\" role=\"img\">\
        <title>A long title</title><desc>A description.</desc>";

    #[test]
    fn a_picture_is_sound_or_its_fault_is_told() {
        let sound = |inside: &str| super::sound("p", &format!("{HEAD}{inside}</svg>"));
        assert_eq!(sound("<g id=\"p-a\"><line x=\"1\"/></g><!-- <x> -->"), Ok(()));
        assert_eq!(sound("<g>"), Err("</svg> closes <g>".into()));
        assert_eq!(sound("<g id=\"a\"/>"), Err("the id 'a' is to begin with 'p-'".into()));
        assert_eq!(sound("<g fill=\"#fff\"/>"), Err("fill=\"# belongs in pictures.css".into()));
        assert!(sound("<text>a & b</text>").is_err());
        assert!(super::sound("p", "<svg></svg>").is_err());
    }
}
