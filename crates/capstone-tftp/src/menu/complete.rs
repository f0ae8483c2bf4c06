//! What the Tab key does: commands, then names of the server for `get`, and of this machine for
//! `put` and for where a download goes.

use std::cell::RefCell;
use std::rc::Rc;

use rustyline::completion::{
    Completer, FilenameCompleter, Pair, Quote, escape, extract_word, unescape,
};
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{Context, Helper, Result};
use service::harmless;

use super::command::NAMES;

/// The names that the server has told last.
pub(super) type Names = Rc<RefCell<Vec<String>>>;

/// What words.rs takes for the end of a word, or for something else than itself.
fn is_special(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\\' | '\'' | '"')
}

pub(super) struct Tab {
    names: Names,
    files: FilenameCompleter,
}

impl Tab {
    pub(super) fn new(names: Names) -> Self {
        Self { names, files: FilenameCompleter::new() }
    }

    fn remote(&self, line: &str, pos: usize) -> (usize, Vec<Pair>) {
        let (start, word) = extract_word(line, pos, Some('\\'), char::is_whitespace);
        let begun = unescape(word, Some('\\'));
        let fits = |name: &&String| name.starts_with(&*begun);
        let names = self.names.borrow();
        let pair = |name: &String| Pair {
            display: name.clone(),
            replacement: escape(name.clone(), Some('\\'), is_special, Quote::None),
        };
        (start, names.iter().filter(fits).map(pair).collect())
    }
}

impl Completer for Tab {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> Result<(usize, Vec<Pair>)> {
        let before = &line[..pos];
        let mut words = before.split_whitespace();
        let command = words.next().unwrap_or_default();
        if !before.trim_start().contains(char::is_whitespace) {
            let start = pos - before.trim_start().len();
            let fits = NAMES.iter().filter(|name| name.starts_with(command));
            let pair =
                |name: &&str| Pair { display: (*name).to_owned(), replacement: format!("{name} ") };
            return Ok((start, fits.map(pair).collect()));
        }
        // The second name is the other side's. Blanks in the first one are escaped.
        let is_second = super::words::words(before).is_ok_and(|words| {
            words.len() > 2 || words.len() == 2 && before.ends_with(' ') && !before.ends_with("\\ ")
        });
        match (command, is_second) {
            ("get" | "2", false) | ("put" | "3", true) => Ok(self.remote(line, pos)),
            ("put" | "3", false) | ("get" | "2", true) => {
                let (start, mut found) = self.files.complete_path(line, pos)?;
                // A name that a terminal would obey cannot be typed, and is not shown either.
                found.retain(|pair| harmless(pair.display.as_bytes()) == pair.display);
                Ok((start, found))
            }
            _ => Ok((pos, Vec::new())),
        }
    }
}

impl Hinter for Tab {
    type Hint = String;
}

impl Highlighter for Tab {}

impl Validator for Tab {}

impl Helper for Tab {}
