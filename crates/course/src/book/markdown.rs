//! As much of Markdown as the checks need: lines, blocks of code, headings, links.

/// A line of a chapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// From 1.
    pub(crate) number: usize,
    pub(crate) text: &'a str,
    /// The language of the block of code that it is in; the fences belong to the block.
    pub(crate) code: Option<&'a str>,
}

/// All lines. A block of code begins with three or more backticks and ends with as many.
pub(crate) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut open: Option<(usize, &str)> = None;
    let each = text.lines().zip(1..).map(|(text, number)| {
        let trimmed = text.trim_start();
        let ticks = trimmed.bytes().take_while(|byte| *byte == b'`').count();
        let (rest, mut code) = (trimmed[ticks..].trim(), open.map(|(_, language)| language));
        match open {
            Some((needed, _)) if ticks >= needed && rest.is_empty() => open = None,
            None if ticks >= 3 => {
                open = Some((ticks, rest));
                code = Some(rest);
            }
            _ => {}
        }
        Line { number, text, code }
    });
    each.collect()
}

/// A heading's depth and text.
pub(crate) fn heading<'a>(line: &Line<'a>) -> Option<(usize, &'a str)> {
    let depth = line.text.bytes().take_while(|byte| *byte == b'#').count();
    let text = line.text[depth..].strip_prefix(' ')?;
    (line.code.is_none() && (1..=6).contains(&depth)).then(|| (depth, text.trim()))
}

/// The name that mdBook gives to a heading; the second one of the same text gets `-1`.
pub(crate) fn anchors(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for (_, heading) in lines(text).iter().filter_map(heading) {
        let anchor = anchor(heading);
        let again = (1..).map(|number| format!("{anchor}-{number}"));
        let free = std::iter::once(anchor.clone()).chain(again).find(|name| !all.contains(name));
        all.extend(free);
    }
    all
}

fn anchor(heading: &str) -> String {
    let heading = heading.replace(['`', '*'], "");
    let letters = heading.chars().filter_map(|c| match c {
        c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c.to_lowercase().to_string()),
        c if c.is_whitespace() => Some("-".into()),
        _ => None,
    });
    letters.collect()
}

/// The targets of `[text](target)` in a line that is no code; what stands in backticks is none.
pub(crate) fn links<'a>(line: &Line<'a>) -> Vec<&'a str> {
    if line.code.is_some() {
        return Vec::new();
    }
    let prose = line.text.split('`').step_by(2);
    let targets = prose.flat_map(|part| part.split("](").skip(1));
    targets.filter_map(|rest| rest.split(')').next()).collect()
}

/// What stands between single backticks in a line that is no code.
pub(crate) fn inline_code<'a>(line: &Line<'a>) -> Vec<&'a str> {
    if line.code.is_some() {
        return Vec::new();
    }
    line.text.split('`').skip(1).step_by(2).collect()
}

/// A fence that the text in it cannot end.
pub(crate) fn fenced(language: &str, text: &str) -> String {
    let mut fence = "```".to_owned();
    while text.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}{language}\n{}\n{fence}", text.trim_end_matches('\n'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# Day 4: `poll`, and more
[a](b.md) `[no](link)` [c](#d)
````sh
# no heading
```
````
## The demo
## The demo
";

    #[test]
    fn what_is_code_is_no_heading_and_no_link() {
        let lines = lines(TEXT);
        let headings: Vec<_> = lines.iter().filter_map(heading).collect();
        assert_eq!(headings[0], (1, "Day 4: `poll`, and more"));
        assert_eq!(headings[1..], [(2, "The demo"), (2, "The demo")]);
        assert_eq!(links(&lines[1]), ["b.md", "#d"]);
        assert_eq!(inline_code(&lines[1]), ["[no](link)"]);
        assert_eq!(lines.iter().filter(|line| line.code == Some("sh")).count(), 4);
    }

    #[test]
    fn anchors_are_those_of_mdbook() {
        assert_eq!(anchors(TEXT), ["day-4-poll-and-more", "the-demo", "the-demo-1"]);
    }

    #[test]
    fn a_fence_is_longer_than_those_in_it() {
        assert_eq!(fenced("rust", "a\n"), "```rust\na\n```");
        assert_eq!(fenced("", "```\n"), "````\n```\n````");
    }
}
