//! What a program reads about those who are held.
//!
//! A task in a tracer's stop has the state `t` in /proc, and one that a signal has stopped has it
//! too. A program that looks at the states of its children, to show them or to wait for one, is
//! given what it would see without a tracer: `R`, or `T`. No byte moves, so that it does not
//! matter in how many pieces it reads.

use std::collections::HashSet;

use super::current::Current;
use super::tracee::Motion;
use super::{Error, Tracer};
use crate::sys::{Memory as _, OfProcess, Tid};

const ROOT: &[u8] = b"/proc/";

impl Tracer {
    /// A file has been opened: remembers whether it is one that the kernel makes up.
    pub(super) fn opened(&mut self, pid: Tid, path: u64, fd: i64) {
        if OfProcess(pid).text(path, ROOT.len()) == ROOT {
            self.watched.insert((pid, fd));
        } else {
            self.closed(pid, fd);
        }
    }

    /// A descriptor is no more what it was.
    pub(super) fn closed(&mut self, pid: Tid, fd: i64) {
        if !self.watched.is_empty() {
            self.watched.remove(&(pid, fd));
        }
    }

    /// At the exit of a read from `start` on, or from where the file was: changes what was read.
    pub(super) fn disguise(
        &self,
        pid: Tid,
        args: &[u64; 6],
        result: i64,
        start: Option<u64>,
    ) -> Result<(), Error> {
        let fd = descriptor(args[0]);
        let Ok(length) = usize::try_from(result) else { return Ok(()) };
        if length == 0 || !self.watched.contains(&(pid, fd)) {
            return Ok(());
        }
        let changed = || {
            let path = std::fs::read_link(format!("/proc/{pid}/fd/{fd}")).ok()?;
            let letter = self.letter(path.to_str()?)?;
            let all = std::fs::read_to_string(&path).ok()?;
            let told = told(&all, letter)?;
            let start = start.or_else(|| Some(position(pid, fd)? - u64::try_from(result).ok()?));
            let start = usize::try_from(start?).ok()?;
            let part = start..start.checked_add(length)?;
            let was_read = OfProcess(pid).bytes(args[1], length);
            let same = all.as_bytes().get(part.clone())? == was_read;
            same.then(|| told.as_bytes()[part].to_vec())
        };
        let Some(changed) = changed() else { return Ok(()) };
        Ok(OfProcess(pid).overwrite(args[1], &changed)?)
    }

    /// The state that a task has for its own sake, whom this file tells of, if it is one of ours.
    fn letter(&self, path: &str) -> Option<char> {
        let mut path = path.strip_prefix("/proc/")?.split('/');
        let (pid, rest) = (path.next()?, path.collect::<Vec<_>>());
        let about = match rest[..] {
            ["stat" | "status"] => pid,
            ["task", tid, "stat" | "status"] => tid,
            _ => return None,
        };
        let about = self.tasks.of_tid(about.parse().ok()?)?;
        let stopped = self.tasks.get(about)?.motion == Motion::Listening;
        Some(if stopped { 'T' } else { 'R' })
    }
}

/// Whether a call is one with an open file that the kernel makes up. What it reads there may be
/// different each time, as may be in how many pieces.
pub(super) fn is_of_watched(watched: &HashSet<(Tid, i64)>, pid: Tid, current: &Current) -> bool {
    let of_file = matches!(
        libc::c_long::try_from(current.number),
        Ok(libc::SYS_read
            | libc::SYS_pread64
            | libc::SYS_fstat
            | libc::SYS_statx
            | libc::SYS_lseek
            | libc::SYS_close)
    );
    of_file && watched.contains(&(pid, descriptor(current.args[0])))
}

/// An int: the upper half of the argument is not looked at.
pub(super) fn descriptor(argument: u64) -> i64 {
    i64::try_from(argument & 0xffff_ffff).unwrap_or(-1)
}

/// Where the next read from a file begins.
fn position(pid: Tid, fd: i64) -> Option<u64> {
    let info = std::fs::read_to_string(format!("/proc/{pid}/fdinfo/{fd}")).ok()?;
    info.lines().find_map(|line| line.strip_prefix("pos:"))?.trim().parse().ok()
}

/// The same text with another state instead of `t`, and without a tracer; of the same length.
fn told(text: &str, letter: char) -> Option<String> {
    if !text.starts_with("Name:") {
        // The name in parentheses may hold anything, parentheses too.
        let (name, rest) = text.rsplit_once(") t ")?;
        return Some(format!("{name}) {letter} {rest}"));
    }
    let state = if letter == 'T' { "T (stopped)" } else { "R (running)" };
    let lines = text.split_inclusive('\n').map(|line| {
        let new = match line.split_once(":\t") {
            Some(("State", "t (tracing stop)\n")) => format!("State:\t{state}"),
            Some(("TracerPid", _)) => "TracerPid:\t0".into(),
            _ => return line.to_string(),
        };
        // A line that is cut off at the end of the text loses nothing.
        let width = line.len().saturating_sub(1);
        format!("{new:<width$}\n")
    });
    Some(lines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_changed_and_nothing_else() {
        assert_eq!(told("7 (a) t 1 7", 'R').as_deref(), Some("7 (a) R 1 7"));
        assert_eq!(told("7 (a) t b) t 1 7", 'T').as_deref(), Some("7 (a) t b) T 1 7"));
        assert_eq!(told("7 (a) S 1 7", 'R'), None);
        let status = "Name:\ta\nState:\tt (tracing stop)\nTgid:\t7\nTracerPid:\t99\nUid:\t0\n";
        let plain = "Name:\ta\nState:\tR (running)     \nTgid:\t7\nTracerPid:\t0 \nUid:\t0\n";
        assert_eq!(told(status, 'R').as_deref(), Some(plain));
        assert_eq!(told(plain, 'R').as_deref(), Some(plain));
    }
}
