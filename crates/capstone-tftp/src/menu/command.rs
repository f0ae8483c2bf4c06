//! What can be typed: the notes' menu of four, by number or by name. Pure.

use std::ffi::OsString;
use std::path::PathBuf;

use super::words::words;

/// One line of the menu.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// Show which files there are.
    List,
    /// Fetch a file.
    Get {
        /// Its name on the server.
        name: OsString,
        /// Where to put it.
        local: Option<PathBuf>,
    },
    /// Send a file.
    Put {
        /// Where it is.
        local: PathBuf,
        /// Its name on the server.
        name: Option<OsString>,
    },
    /// Show the menu.
    Help,
    /// End.
    Quit,
}

/// The names of the commands, for completion.
pub(super) const NAMES: [&str; 5] = ["list", "get", "put", "quit", "help"];

/// The menu.
pub(super) const MENU: &str = "\
1 list              show which files there are
2 get NAME [LOCAL]  fetch a file
3 put LOCAL [NAME]  send a file
4 quit              end; so does Ctrl-D
  help              show this. A name with blanks is written in 'quotes'.";

/// `None` for a line without a word.
///
/// # Errors
/// What is wrong, in one sentence.
pub(super) fn parse(line: &str) -> Result<Option<Command>, String> {
    let mut words = words(line).map_err(|unclosed| unclosed.to_string())?.into_iter();
    let Some(command) = words.next() else { return Ok(None) };
    let (first, second) = (words.next(), words.next());
    let too_many = words.next().is_some();
    let wrong = |usage: &str| Err(format!("that is written: {usage}"));
    let command = match (&*command, first, second) {
        _ if too_many => return wrong("list, get NAME [LOCAL], put LOCAL [NAME], quit, help"),
        ("1" | "list" | "ls", None, _) => Command::List,
        ("1" | "list" | "ls", ..) => return wrong("list"),
        ("2" | "get", Some(name), local) => {
            Command::Get { name: name.into(), local: local.map(PathBuf::from) }
        }
        ("2" | "get", ..) => return wrong("get NAME [LOCAL]"),
        ("3" | "put", Some(local), name) => {
            Command::Put { local: local.into(), name: name.map(OsString::from) }
        }
        ("3" | "put", ..) => return wrong("put LOCAL [NAME]"),
        ("4" | "quit" | "exit" | "bye", None, _) => Command::Quit,
        ("4" | "quit" | "exit" | "bye", ..) => return wrong("quit"),
        ("help" | "?", ..) => Command::Help,
        (other, ..) => {
            let other = service::harmless(other.as_bytes());
            return Err(format!("there is no command '{other}' (try: help)"));
        }
    };
    Ok(Some(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_number_and_by_name() {
        let get = |local: Option<&str>| Command::Get {
            name: "a b".into(),
            local: local.map(PathBuf::from),
        };
        let put =
            |name: Option<&str>| Command::Put { local: "a".into(), name: name.map(OsString::from) };
        for (line, command) in [
            ("list", Command::List),
            (" 1 ", Command::List),
            ("get 'a b'", get(None)),
            ("2 'a b' c", get(Some("c"))),
            ("put a", put(None)),
            ("3 a b", put(Some("b"))),
            ("4", Command::Quit),
            ("quit", Command::Quit),
            ("help me", Command::Help),
        ] {
            assert_eq!(parse(line), Ok(Some(command)), "{line}");
        }
        assert_eq!(parse("  "), Ok(None));
    }

    #[test]
    fn a_mistake_is_one_harmless_sentence() {
        for (line, wrong) in [
            ("get", "get NAME [LOCAL]"),
            ("put", "put LOCAL [NAME]"),
            ("list a", "that is written: list"),
            ("quit now", "that is written: quit"),
            ("get a b c", "get NAME [LOCAL]"),
            ("delete a", "no command 'delete'"),
            ("\x1b[2J", "no command '␛[2J'"),
            ("get 'a", "a ' has no other one"),
        ] {
            let said = parse(line).unwrap_err();
            assert!(said.contains(wrong) && !said.contains('\n'), "{said}");
        }
    }
}
