//! What a source file says at its top (`//!`), as prose of a chapter: a specification that lives
//! beside its code is shown and not written a second time.
//!
//! Its title is left out, because the chapter has one of its own, and its headings go one deeper. What
//! only rustdoc understands becomes what it shows: links to items are their words, lines that a test
//! alone needs are gone.

/// The prose, or nothing when the file says nothing.
pub(crate) fn prose(source: &str) -> Option<String> {
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    let (mut prose, mut code) = (Vec::new(), None::<bool>);
    for line in lines {
        let line = line.strip_prefix(' ').unwrap_or(line);
        if let Some(language) = line.strip_prefix("```") {
            let rust = language.is_empty() && code.is_none();
            code = if code.is_some() { None } else { Some(rust) };
            prose.push(if rust { "```rust,noplayground".into() } else { line.to_owned() });
        } else if let Some(rust) = code {
            if !rust || !(line == "#" || line.starts_with("# ")) {
                prose.push(line.to_owned());
            }
        } else if line.starts_with("##") {
            prose.push(format!("#{line}"));
        } else if !line.starts_with("# ") {
            prose.push(without_paths(line));
        }
    }
    let prose = prose.join("\n").trim().to_owned();
    (!prose.is_empty()).then_some(prose)
}

/// `[the store](crate::store)` is `the store`; links to the web stay.
fn without_paths(line: &str) -> String {
    let (mut plain, mut rest) = (String::new(), line);
    while let Some((before, words, target, after)) = link(rest) {
        let is_path = target.contains("::") || ["super", "self", "crate"].contains(&target);
        let link = ["[", words, "](", target, ")"].concat();
        plain.extend([before, if is_path { words } else { &link }]);
        rest = after;
    }
    plain + rest
}

/// What stands before a link, its words, where it leads, and what follows.
fn link(line: &str) -> Option<(&str, &str, &str, &str)> {
    let (before, rest) = line.split_once('[')?;
    let (words, rest) = rest.split_once("](")?;
    let (target, after) = rest.split_once(')')?;
    Some((before, words, target, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contract_is_prose() {
        let source = "//! # Title\n//!\n//! Of [it](crate::it), [web](https://a.b).\n//!\n//! ## Part\n\
                      //! ```\n//! let a = 1;\n//! # drop(a);\n//! ```\n//! ```text\n//! # kept\n//! ```\n\
                      \n//! behind a gap\nfn main() {}\n";
        let expected = "Of it, [web](https://a.b).\n\n### Part\n```rust,noplayground\nlet a = 1;\n\
                        ```\n```text\n# kept\n```";
        assert_eq!(prose(source).as_deref(), Some(expected));
        assert_eq!(prose("// no contract\n"), None);
    }
}
