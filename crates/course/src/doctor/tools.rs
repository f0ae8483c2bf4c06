//! What a learner looks through: the terminal, the right to trace, and programs to talk to a
//! demo with. All of it optional.

use std::fs;
use std::io::{IsTerminal as _, stdin, stdout};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::sys::ptrace::{self, Options};
use nix::unistd::Pid;

use super::{Check, Need};
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
        optional(
            "ptrace",
            trace(),
            "strace and debuggers",
            "sysctl kernel.yama.ptrace_scope=1, or docker run --cap-add SYS_PTRACE",
        ),
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

/// Seizes a child that waits for its input. A sandbox may forbid the call, and Yama
/// (Documentation/admin-guide/LSM/Yama.rst) forbids even this at ptrace_scope 3.
fn trace() -> Result<String, String> {
    let mut cat = Command::new("cat");
    cat.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = cat.spawn().map_err(|e| format!("cat cannot be started: {e}"))?;
    let seized = ptrace::seize(Pid::from_raw(child.id().cast_signed()), Options::empty());
    // A child that is traced dies of SIGKILL as any other. When it has died already there is
    // nothing to kill, and wait(2) cannot fail for a child that nobody else waits for.
    let _ = child.kill();
    let _ = child.wait();
    let scope = fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope").unwrap_or_default();
    let scope = match scope.trim() {
        "" | "0" => String::new(),
        scope => format!(" (yama ptrace_scope {scope}: strace -p needs root)"),
    };
    match seized {
        Ok(()) => Ok(format!("a child can be traced{scope}")),
        Err(errno) => Err(format!("PTRACE_SEIZE: {}{scope}", errno.desc())),
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
