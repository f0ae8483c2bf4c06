//! What a chapter may ask for, alone on a line and not in a block of code:
//!
//! ```text
//! {{#item PATH NAME}}                    a function, a method, a struct … with its comments
//! {{#lines PATH "from" .. "to"}}         the lines from the one to the other
//! {{#diff PATH PATH}}                    where two files differ
//! {{#contract PATH}}                     what a file says at its top, as prose
//! {{#demo NAME}}                         what a demo is, and how to run it
//! {{#transcript NAME [--example TWIN] [-- ARGS]}}               what it says
//! {{#transcript NAME --text [--state] [--narration] [--root DIR]... "from" .. "to"}}   on the stage
//! {{#session NAME}}                      several terminals: docs/transcripts/NAME.session
//! {{#picture NAME}}                      docs/pictures/NAME.svg
//! {{#exercises DAY}}                     the exercises of a day
//! ```
//!
//! A transcript takes a range too, and several ranges may show parts of the same run.

use super::quoted::{Range, words};
use super::transcript::Run;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Directive {
    Item { path: String, name: String },
    Lines { path: String, range: Range },
    Diff { first: String, second: String },
    Contract { path: String },
    Demo { name: String },
    Transcript { run: Run, range: Option<Range> },
    Session { name: String, range: Option<Range> },
    Picture { name: String },
    Exercises { day: u64 },
}

const KNOWN: [&str; 9] =
    ["item", "lines", "diff", "contract", "demo", "transcript", "session", "picture", "exercises"];

/// Nothing when the line is no directive of ours: mdBook has some of its own.
pub(crate) fn parse(line: &str) -> Option<Result<Directive, String>> {
    let inside = line.trim().strip_prefix("{{#")?.strip_suffix("}}")?;
    let (name, rest) = inside.split_once(' ').unwrap_or((inside, ""));
    KNOWN.contains(&name).then(|| words(rest).and_then(|words| read(name, words)))
}

fn read(name: &str, mut words: Vec<String>) -> Result<Directive, String> {
    let range = Range::split(&mut words);
    let shown: Vec<&str> = words.iter().map(String::as_str).collect();
    let own = |text: &str| text.to_owned();
    Ok(match (name, &shown[..], range) {
        ("item", [path, name @ ..], None) if !name.is_empty() => {
            Directive::Item { path: own(path), name: name.join(" ") }
        }
        ("lines", [path], Some(range)) => Directive::Lines { path: own(path), range },
        ("diff", [first, second], None) => {
            Directive::Diff { first: own(first), second: own(second) }
        }
        ("contract", [path], None) => Directive::Contract { path: own(path) },
        ("demo", [name], None) => Directive::Demo { name: own(name) },
        ("transcript", words, range) => Directive::Transcript { run: Run::read(words)?, range },
        ("session", [name], range) => Directive::Session { name: own(name), range },
        ("picture", [name], None) => Directive::Picture { name: own(name) },
        ("exercises", [day], None) => {
            let day = day.parse().map_err(|_| format!("'{day}' is no day"))?;
            Directive::Exercises { day }
        }
        _ => return Err(format!("{{{{#{name}}}}} does not understand '{}'", shown.join(" "))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_are_understood() {
        let read = |line| parse(line).unwrap();
        let item = Directive::Item { path: "a.rs".into(), name: "impl Drop for B".into() };
        assert_eq!(read("{{#item a.rs impl Drop for B}}"), Ok(item));
        let range = Range { from: "let x".into(), to: "}".into() };
        let lines = Directive::Lines { path: "a.rs".into(), range };
        assert_eq!(read(r#"{{#lines a.rs "let x" .. "}"}}"#), Ok(lines));
        let contract = Directive::Contract { path: "a.rs".into() };
        assert_eq!(read("{{#contract a.rs}}"), Ok(contract));
        assert_eq!(read("{{#exercises 4}}"), Ok(Directive::Exercises { day: 4 }));
        assert_eq!(read("{{#exercises x}}"), Err("'x' is no day".into()));
        assert!(read("{{#item a.rs}}").is_err());
    }

    #[test]
    fn what_is_mdbooks_is_left_to_it() {
        assert_eq!(parse("{{#include a.rs}}"), None);
        assert_eq!(parse("text {{#item a b}}"), None);
        assert_eq!(parse("plain"), None);
    }
}
