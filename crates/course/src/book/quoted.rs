//! Words as a shell has them, and a part of a text named by what its first and last line contain.

/// The words of a line. Double quotes keep blanks in a word; `\"` in them is a quote.
pub(crate) fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix('"') {
            let is_end = |(at, _): &(usize, &str)| !quoted[..*at].ends_with('\\');
            let end = quoted.match_indices('"').find(is_end).ok_or("a quote is not closed")?.0;
            words.push(quoted[..end].replace("\\\"", "\""));
            rest = &quoted[end + 1..];
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            words.push(rest[..end].to_owned());
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Ok(words)
}

/// `"from" .. "to"`: from the line that contains the one to the next line that contains the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) from: String,
    pub(crate) to: String,
}

impl Range {
    /// Takes the three words at the end off, when the second of them is `..`.
    pub(crate) fn split(words: &mut Vec<String>) -> Option<Self> {
        let at = words.len().checked_sub(3)?;
        if words[at + 1] != ".." {
            return None;
        }
        let mut end = words.split_off(at).into_iter();
        Some(Self { from: end.next()?, to: end.nth(1)? })
    }

    /// The lines that are meant.
    pub(crate) fn cut<'a>(&self, text: &'a str) -> Result<Vec<&'a str>, String> {
        let lines: Vec<&str> = text.lines().collect();
        let (start, end) = self.bounds(&lines)?;
        Ok(lines[start..=end].to_vec())
    }

    /// The first and the last one. The first has to be the only one of its kind.
    pub(crate) fn bounds(&self, lines: &[&str]) -> Result<(usize, usize), String> {
        let Self { from, to } = self;
        let starts = lines.iter().enumerate().filter(|(_, line)| line.contains(from.as_str()));
        let starts: Vec<usize> = starts.map(|(at, _)| at).collect();
        let start = match starts[..] {
            [start] => start,
            [] => return Err(format!("no line contains \"{from}\"")),
            _ => return Err(format!("{} lines contain \"{from}\"", starts.len())),
        };
        let end = lines[start..].iter().position(|line| line.contains(to.as_str()));
        let end = end.ok_or_else(|| format!("no line from \"{from}\" on contains \"{to}\""))?;
        Ok((start, start + end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_a_range_behind_them() {
        let mut words = words(r#"a.rs  "let x" .. "y;""#).unwrap();
        let range = Range::split(&mut words).unwrap();
        assert_eq!((words, &*range.from, &*range.to), (vec!["a.rs".to_owned()], "let x", "y;"));
        assert_eq!(super::words(r#""said \"no\"" .. "\"""#).unwrap(), ["said \"no\"", "..", "\""]);
        assert!(super::words("\"open").is_err() && super::words(r#""open\""#).is_err());
        assert_eq!(Range::split(&mut vec!["day04-poll".into()]), None);
    }

    #[test]
    fn a_range_is_cut_and_must_be_unique() {
        let range = |from: &str, to: &str| Range { from: from.into(), to: to.into() };
        let text = "one\ntwo a\nthree\ntwo b\n";
        assert_eq!(range("two a", "two").cut(text).unwrap(), ["two a"]);
        assert_eq!(range("one", "three").cut(text).unwrap(), ["one", "two a", "three"]);
        assert_eq!(range("two", "b").cut(text).unwrap_err(), "2 lines contain \"two\"");
        assert_eq!(range("four", "b").cut(text).unwrap_err(), "no line contains \"four\"");
        let said = range("three", "one").cut(text).unwrap_err();
        assert_eq!(said, "no line from \"three\" on contains \"one\"");
    }
}
