//! What the kernel says about processes (proc(5), ps(1)).
//!
//! Each answer is a picture of one moment. Between two of them processes end, get other parents
//! and hand their numbers on, so every reader here copes with one that is gone: its errno is ESRCH.

mod stat;
mod state;
mod tree;

use std::fs;

use nix::unistd::Pid;
use syscall::{Context as _, Result};

pub use stat::{Stat, letters};
pub use state::State;
pub use tree::Tree;

/// The numbers of all processes that this one may see, in ascending order.
///
/// # Errors
/// ENOENT (no /proc), EMFILE, ENFILE.
pub fn pids() -> Result<Vec<Pid>> {
    numbers("/proc")
}

/// The tasks (threads) of a process, in ascending order. A task that has just ended may still be
/// among them ([`Stat::is_exiting`]).
///
/// # Errors
/// ESRCH (no such process), ENOENT (no /proc), EMFILE, ENFILE.
pub fn tasks(pid: Pid) -> Result<Vec<Pid>> {
    numbers(&format!("/proc/{pid}/task")).map_err(|error| stat::gone(&error, pid))
}

fn numbers(folder: &str) -> Result<Vec<Pid>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).call_on("open", folder)? {
        let entry = entry.call_on("getdents64", folder)?;
        let number = entry.file_name().to_str().and_then(|name| name.parse().ok());
        found.extend(number.map(Pid::from_raw));
    }
    found.sort_unstable();
    Ok(found)
}
