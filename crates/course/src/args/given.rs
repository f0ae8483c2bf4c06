//! What follows a command: words and options, in any order.

use std::ffi::OsString;

use cli::Usage;
use lexopt::{Arg, Parser};

use super::usage;

/// An option's name, such as `--text`, and its value.
pub(super) type Choice = (&'static str, Option<OsString>);

/// What was given to one command.
#[derive(Debug)]
pub(super) struct Given {
    command: &'static str,
    pub(super) words: Vec<OsString>,
    pub(super) options: Vec<Choice>,
}

impl Given {
    /// Reads all there is. `flags` and `valued` are the options of this command without and with a
    /// value; `None` when it is asked for help.
    pub(super) fn read(
        command: &'static str,
        parser: &mut Parser,
        flags: &[&'static str],
        valued: &[&'static str],
    ) -> Result<Option<Self>, Usage> {
        let mut given = Self { command, words: Vec::new(), options: Vec::new() };
        while let Some(arg) = parser.next().map_err(|e| usage(&e.to_string()))? {
            let option = |names: &[&'static str], long: &str| {
                names.iter().find(|name| name.strip_prefix("--") == Some(long)).copied()
            };
            match arg {
                Arg::Short('h') | Arg::Long("help") => return Ok(None),
                Arg::Value(word) => given.words.push(word),
                Arg::Long(long) => {
                    if let Some(name) = option(flags, long) {
                        given.options.push((name, None));
                    } else if let Some(name) = option(valued, long) {
                        let value = parser.value().map_err(|e| usage(&e.to_string()))?;
                        given.options.push((name, Some(value)));
                    } else {
                        return Err(usage(&arg.unexpected().to_string()));
                    }
                }
                Arg::Short(_) => return Err(usage(&arg.unexpected().to_string())),
            }
        }
        Ok(Some(given))
    }

    /// Whether an option is there.
    pub(super) fn has(&self, option: &str) -> bool {
        self.options.iter().any(|(name, _)| *name == option)
    }

    /// An option's value; the last one counts.
    pub(super) fn value(&self, option: &str) -> Option<OsString> {
        let given = self.options.iter().rev().find(|(name, _)| *name == option);
        given.and_then(|(_, value)| value.clone())
    }

    /// No word, or one.
    pub(super) fn one(mut self) -> Result<Option<OsString>, Usage> {
        match self.words.get(1) {
            Some(extra) => Err(too_many(extra)),
            None => Ok(self.words.pop()),
        }
    }

    /// One word, and what is missing if there is none.
    pub(super) fn exactly(self, what: &str) -> Result<OsString, Usage> {
        let missing = usage(&format!("{} needs {what}", self.command));
        self.one()?.filter(|word| !word.is_empty()).ok_or(missing)
    }
}

/// `word` is too much.
pub(super) fn too_many(word: &OsString) -> Usage {
    usage(&format!("'{}' is one argument too many", word.display()))
}

/// Names are compared with names of the course, which are UTF-8: what is not fits none of them.
pub(super) fn name(word: &OsString) -> String {
    word.to_string_lossy().into_owned()
}
