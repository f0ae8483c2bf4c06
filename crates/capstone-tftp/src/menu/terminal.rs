//! At a terminal: a line that is edited, with a history, and Tab.

use std::io::{self, IsTerminal as _, Write as _};
use std::os::unix::ffi::OsStringExt as _;
use std::rc::Rc;

use cli::Outcome;
use nix::sys::termios::{SetArg, tcgetattr, tcsetattr};
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use rustyline::{CompletionType, Config, Editor};
use service::harmless;

use super::command::{Command, MENU, parse};
use super::complete::{Names, Tab};
use super::show;
use crate::command::{Interrupt, Session};

/// Whether there is somebody at a terminal that can move its cursor.
pub(super) fn is_there() -> bool {
    let dumb = std::env::var("TERM").is_ok_and(|term| {
        ["dumb", "cons25", "emacs"].iter().any(|other| term.eq_ignore_ascii_case(other))
    });
    io::stdin().is_terminal() && io::stdout().is_terminal() && !dumb
}

/// Until somebody quits.
pub(super) fn run(session: &mut Session, interrupt: &Interrupt) -> Outcome {
    // Ended from outside while a line is edited, the program leaves the terminal as it was.
    let before = tcgetattr(io::stdin())?;
    interrupt.at_end(move || {
        let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, &before);
    });
    let names = Names::default();
    let config = Config::builder().completion_type(CompletionType::List).build();
    let mut editor = Editor::with_history(config, MemHistory::new())?;
    editor.set_helper(Some(Tab::new(Rc::clone(&names))));
    writeln!(io::stdout(), "{MENU}")?;
    learn(session, &names);
    loop {
        let line = match editor.readline("tftp> ") {
            Ok(line) => line,
            // What is on the line is thrown away, as in a shell.
            Err(ReadlineError::Interrupted) => continue,
            Err(ReadlineError::Io(error)) if error.kind() == io::ErrorKind::InvalidData => continue,
            // Ctrl-D; or the terminal has gone.
            Err(_) => break,
        };
        let _ = editor.add_history_entry(&line);
        let outcome = match parse(&line) {
            Ok(None) => continue,
            Ok(Some(Command::Quit)) => break,
            Ok(Some(command)) => {
                let outcome = show::run(session, &command);
                if matches!(command, Command::List | Command::Put { .. }) {
                    learn(session, &names);
                }
                outcome
            }
            Err(mistake) => Err(mistake.into()),
        };
        if let Err(error) = outcome {
            writeln!(io::stdout(), "{error}")?;
        }
    }
    session.quit();
    Ok(())
}

/// The names that Tab offers: those that can be typed.
fn learn(session: &mut Session, names: &Names) {
    let Ok(list) = session.list() else { return };
    let typed = |name: Vec<u8>| {
        let name = std::ffi::OsString::from_vec(name).into_string().ok()?;
        (harmless(name.as_bytes()) == name).then_some(name)
    };
    names.replace(list.into_iter().filter_map(|entry| typed(entry.name)).collect());
}
