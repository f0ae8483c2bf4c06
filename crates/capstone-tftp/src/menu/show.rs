//! A command is done, and says so. What a server calls its files is shown harmlessly.

use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt as _;

use cli::Outcome;
use service::harmless;

use super::command::{Command, MENU};
use crate::command::{Session, show_list};

pub(super) fn run(session: &mut Session, command: &Command) -> Outcome {
    let said = match command {
        Command::List => return show_list(&session.list()?),
        Command::Get { name, local } => {
            let target = session.get(name.as_bytes(), local.as_deref())?;
            let target = harmless(target.as_os_str().as_bytes()).into_owned();
            format!("got '{}': it is {target} here", harmless(name.as_bytes()))
        }
        Command::Put { local, name } => {
            let name = session.put(local, name.as_ref().map(|name| name.as_bytes()))?;
            format!("sent: it is '{}' there", harmless(&name))
        }
        Command::Help => MENU.to_owned(),
        Command::Quit => return Ok(()),
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{said}")?;
    Ok(out.flush()?)
}
