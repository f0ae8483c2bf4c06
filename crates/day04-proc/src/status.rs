//! /proc/PID/status: the same facts for people, one to a line.

use std::fs;

use cli::Outcome;
use nix::unistd::Pid;

/// What stands behind `name:`. A name with an end of line in it cannot lie here: it is escaped.
pub(crate) fn line(pid: Pid, name: &str) -> Outcome<String> {
    let text = fs::read(format!("/proc/{pid}/status"))?;
    let text = String::from_utf8_lossy(&text);
    let mut rows = text.lines().filter_map(|line| line.split_once(':'));
    let found = rows.find(|(key, _)| *key == name);
    let (_, value) = found.ok_or_else(|| format!("/proc/{pid}/status has no {name}"))?;
    Ok(value.split_whitespace().collect::<Vec<_>>().join(" "))
}
