//! A typed line becomes words: names may have blanks in them. As in a shell, a backslash takes the
//! next character for itself, and so do quotes with all between them. Pure.

/// Why a line is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unclosed(char);

impl std::fmt::Display for Unclosed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a {} has no other one", self.0)
    }
}

/// The words of a line.
///
/// # Errors
/// A quote that nothing closes, a backslash with nothing behind it.
pub(super) fn words(line: &str) -> Result<Vec<String>, Unclosed> {
    let (mut words, mut word) = (Vec::new(), None::<String>);
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => word.get_or_insert_default().push(chars.next().ok_or(Unclosed(c))?),
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next().ok_or(Unclosed(c))? {
                        '\\' if c == '"' => word.push(chars.next().ok_or(Unclosed(c))?),
                        other if other == c => break,
                        other => word.push(other),
                    }
                }
            }
            c if c.is_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_quotes_and_backslashes() {
        for (line, expected) in [
            ("", &[][..]),
            ("  get  a.txt\t", &["get", "a.txt"]),
            (r"get a\ b", &["get", "a b"]),
            (r#"put "a b" 'c d'"#, &["put", "a b", "c d"]),
            (r#"get "a\"b" 'c\d'"#, &["get", "a\"b", r"c\d"]),
            (r#"get a" "b ''"#, &["get", "a b", ""]),
            ("get 文件\u{3000}二", &["get", "文件", "二"]),
        ] {
            assert_eq!(words(line).unwrap(), expected, "{line}");
        }
        for (line, what) in [("get \"a", '"'), ("get 'a", '\''), ("get a\\", '\\')] {
            assert_eq!(words(line), Err(Unclosed(what)), "{line}");
        }
    }
}
