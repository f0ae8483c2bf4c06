//! Where in a line of Rust a comment is.

/// A line as what it is: code, and the comment at its end.
pub(super) fn split(line: &str) -> (&str, Option<&str>) {
    let mut letters = line.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => skip_text(&mut letters),
            // A character such as '"' or '\''; what has no second quote is a lifetime.
            '\'' => {
                let rest = &line[at + 1..];
                let length = match rest.strip_prefix('\\') {
                    Some(escaped) => escaped.chars().skip(1).position(|c| c == '\'').map(|n| n + 3),
                    None => rest.chars().nth(1).filter(|c| *c == '\'').map(|_| 2),
                };
                for _ in 0..length.unwrap_or(0) {
                    letters.next();
                }
            }
            '/' if letters.peek().is_some_and(|(_, next)| *next == '/') => {
                return (&line[..at], Some(&line[at..]));
            }
            _ => {}
        }
    }
    (line, None)
}

fn skip_text(letters: &mut impl Iterator<Item = (usize, char)>) {
    while let Some((_, letter)) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '"' => return,
            _ => {}
        }
    }
}

/// What kind of comment a whole line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `//`
    Plain,
    /// `///`: about the item below.
    Outer,
    /// `//!`: about the file.
    Inner,
}

/// A line that is a comment and nothing else, and what it says.
pub(super) fn whole(line: &str) -> Option<(Kind, &str)> {
    let line = line.trim();
    let (kind, text) = if let Some(text) = line.strip_prefix("//!") {
        (Kind::Inner, text)
    } else if line.starts_with("////") {
        (Kind::Plain, line.trim_start_matches('/'))
    } else if let Some(text) = line.strip_prefix("///") {
        (Kind::Outer, text)
    } else {
        (Kind::Plain, line.strip_prefix("//")?)
    };
    Some((kind, text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_found_where_it_is_one() {
        for (line, code, comment) in [
            ("let a = 1; // why", "let a = 1; ", Some("// why")),
            ("let a = 1;", "let a = 1;", None),
            (r#"get("http://x"); // why"#, r#"get("http://x"); "#, Some("// why")),
            (r#"get("a\"//b");"#, r#"get("a\"//b");"#, None),
            (r#"if c == '"' { } // why"#, r#"if c == '"' { } "#, Some("// why")),
            (r"if c == '\'' { } // why", r"if c == '\'' { } ", Some("// why")),
            (r"if c == '\u{2f}' { } // why", r"if c == '\u{2f}' { } ", Some("// why")),
            ("fn f<'a>(x: &'a str) // why", "fn f<'a>(x: &'a str) ", Some("// why")),
            ("// all", "", Some("// all")),
            ("a / b", "a / b", None),
        ] {
            assert_eq!(split(line), (code, comment), "{line}");
        }
    }

    #[test]
    fn the_kinds_are_told_apart() {
        for (line, kind) in [
            ("  // a", Some((Kind::Plain, "a"))),
            ("/// a", Some((Kind::Outer, "a"))),
            ("//! a", Some((Kind::Inner, "a"))),
            ("//// a", Some((Kind::Plain, "a"))),
            ("//", Some((Kind::Plain, ""))),
            ("code(); // a", None),
            ("", None),
        ] {
            assert_eq!(whole(line), kind, "{line}");
        }
    }
}
