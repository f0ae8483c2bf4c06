//! Whether a thread sleeps, and in which system call: the kernel's own answer (proc(5)).

use std::fs;
use std::path::{Path, PathBuf};

use cli::Outcome;

/// The calling thread's folder in /proc, to be handed to whoever wants to watch it.
pub(crate) fn me() -> Outcome<PathBuf> {
    Ok(PathBuf::from("/proc").join(fs::read_link("/proc/thread-self")?))
}

/// Looks until the thread sleeps in this call. Nothing announces that somebody has fallen asleep,
/// so this is the one place that looks again and again.
pub(crate) fn wait_until_in(thread: &Path, call: i64) -> Outcome<char> {
    loop {
        // "1234 (name) S …": the name may hold anything, the state stands behind the last ')'.
        let stat = fs::read_to_string(thread.join("stat"))?;
        let state = stat.rsplit_once(") ").and_then(|(_, rest)| rest.chars().next());
        // "45 0x4 …": the number of the call and its arguments, or the word "running".
        let current = fs::read_to_string(thread.join("syscall"))?;
        let number = current.split(' ').next().and_then(|number| number.parse().ok());
        match state {
            Some(state @ ('S' | 'D')) if number == Some(call) => return Ok(state),
            _ => std::thread::yield_now(),
        }
    }
}
