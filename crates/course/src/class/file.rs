//! One file that `progress --export` wrote, or that claims to be one.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use crate::report::HEAD;

const LIMIT: u64 = 64 * 1024;

/// What one file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pupil {
    pub(super) passed: usize,
    pub(super) gave_up: usize,
    pub(super) demos: u64,
    /// The exercise he is at, with tries and hints.
    pub(super) now: Option<(String, u64, u64)>,
}

/// Its text, if it can be one of ours.
pub(super) fn read(path: &Path) -> Result<String, String> {
    // A fifo would have us wait for somebody who writes.
    let file = File::options().read(true).custom_flags(libc::O_NONBLOCK).open(path);
    let file = file.map_err(|error| format!("cannot be read: {error}"))?;
    if !file.metadata().is_ok_and(|file| file.is_file()) {
        return Err("is no file".into());
    }
    let mut bytes = Vec::new();
    let read = file.take(LIMIT + 1).read_to_end(&mut bytes);
    read.map_err(|error| format!("cannot be read: {error}"))?;
    if bytes.len() as u64 > LIMIT {
        return Err("is too large for a progress".into());
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What it says. Lines and exercises of other versions of the course say nothing.
pub(super) fn pupil(text: &str, names: &[&str]) -> Result<Pupil, String> {
    let mut lines = text.lines();
    if !lines.next().is_some_and(|line| line.starts_with(HEAD)) {
        return Err("is no progress".into());
    }
    let number = |text: &str| text.parse().unwrap_or_default();
    let mut counts = BTreeMap::new();
    let mut pupil = Pupil::default();
    let mut states = BTreeMap::new();
    for line in lines {
        match *line.split_whitespace().collect::<Vec<_>>() {
            ["demos", run, "of", _] => pupil.demos = number(run),
            ["exercise", name, state, "tries", tries, "hints", hints] if names.contains(&name) => {
                states.insert(name, state);
                counts.insert(name, (number(tries), number(hints)));
            }
            ["now", name] if names.contains(&name) => {
                let (tries, hints) = counts.get(name).copied().unwrap_or_default();
                pupil.now = Some((name.into(), tries, hints));
            }
            _ => {}
        }
    }
    pupil.passed = states.values().filter(|state| **state == "pass").count();
    pupil.gave_up = states.values().filter(|state| **state == "gave-up").count();
    Ok(pupil)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_counted_and_what_is_unknown_is_not() {
        let text = "nine-days progress 2\ndemos 3 of 9\nexercise a pass tries 1 hints 0\n\
            exercise b started tries 7 hints 2\nexercise \x1b[2J pass tries 1 hints 1\nnew line\n\
            exercise c gave-up tries 99999999999999999999999 hints -1\nnow b\n";
        let now = Some(("b".into(), 7, 2));
        let expected = Pupil { passed: 1, gave_up: 1, demos: 3, now };
        assert_eq!(pupil(text, &["a", "b", "c"]), Ok(expected));
        assert_eq!(pupil("", &[]), Err("is no progress".into()));
    }
}
