//! What a learner looks through: the terminal, the right to trace, and programs to talk to a
//! demo with. All of it optional.

use std::fs;
use std::io::{IsTerminal as _, stdin, stdout};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::{Check, Need, stepping};
use crate::sys;

/// Name, what it is for, and where it comes from.
const PEERS: [(&str, &str, &str); 4] = [
    ("nc", "talking to a server by hand", "install the package netcat-openbsd (or nmap-ncat)"),
    ("curl", "asking an HTTP server from outside", "install the package curl"),
    ("python3", "comparing a lesson with its Python", "install the package python3"),
    ("strace", "watching system calls", "install the package strace"),
];

pub(super) fn checks() -> Vec<Check> {
    let optional =
        |name, found, cost, remedy| Check { name, found, need: Need::Optional, cost, remedy };
    let mut checks = vec![
        optional(
            "terminal",
            terminal(),
            "colour, and the lessons that read keys",
            "run it in a terminal, without a pipe",
        ),
        stepping::check(),
    ];
    checks.extend(PEERS.map(|(name, cost, remedy)| optional(name, peer(name), cost, remedy)));
    checks
}

fn terminal() -> Result<String, String> {
    match (stdin().is_terminal(), stdout().is_terminal()) {
        (true, true) => Ok(match sys::window_size(stdout()) {
            Some((columns, rows)) => format!("{columns} columns, {rows} rows"),
            None => "of unknown size".into(),
        }),
        (true, false) => Err("standard output is no terminal".into()),
        (false, true) => Err("standard input is no terminal".into()),
        (false, false) => Err("standard input and output are no terminals".into()),
    }
}

fn peer(name: &str) -> Result<String, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let file =
        std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| is_program(file));
    file.map(|file| file.display().to_string()).ok_or_else(|| "it is not in PATH".into())
}

/// A file that somebody may execute; links are followed.
fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}
