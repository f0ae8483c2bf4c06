//! Markdown in a terminal that is narrower than the lines of the file: paragraphs and items are
//! filled anew, between words. Code stays as it is, and so does all of it in a pipe.

use std::io::stdout;

use crate::sys;

/// For standard output.
pub(crate) fn for_stdout(text: &str) -> String {
    match sys::window_size(stdout()) {
        Some((columns, _)) => filled(text, usize::from(columns)),
        None => text.into(),
    }
}

fn filled(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    let (mut code, mut open) = (false, false);
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        let prose = !code && !fence && !line.trim().is_empty();
        code ^= fence;
        if !prose {
            lines.push(line.into());
            open = false;
            continue;
        }
        let item = ["- ", "1. ", "|", "#", ">"].iter().any(|mark| line.starts_with(mark));
        if item || !open {
            lines.push(String::new());
        }
        open = true;
        let indent = &line[..line.len() - line.trim_start().len()];
        for word in line.split_whitespace() {
            add(&mut lines, word, indent, width);
        }
    }
    lines.join("\n")
}

/// Puts a word behind the last line, or below it. What follows an item is indented as the item is.
fn add(lines: &mut Vec<String>, word: &str, indent: &str, width: usize) {
    let Some(last) = lines.last_mut() else { return };
    let hangs = last.starts_with("- ") || last.starts_with("  ");
    if last.is_empty() {
        last.push_str(indent);
    } else if last.chars().count() + 1 + word.chars().count() > width {
        lines.push(format!("{}{word}", if hangs { "  " } else { "" }));
        return;
    } else {
        last.push(' ');
    }
    last.push_str(word);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_and_items_are_filled_and_code_is_not() {
        let text = "One two three\nfour five.\n\n- an item that\n  goes on\n- and one more\n\n\
            ```rust\nlet long = \"a line of code\";\n```\nlast";
        let expected = "One two\nthree four\nfive.\n\n- an item\n  that goes\n  on\n- and one\n  more\n\n\
            ```rust\nlet long = \"a line of code\";\n```\nlast";
        assert_eq!(filled(text, 11), expected);
        assert_eq!(filled(text, 100).lines().next(), Some("One two three four five."));
        assert_eq!(filled("unbreakable", 3), "unbreakable");
    }
}
