//! /proc/PID/stat is one line: `4711 (name) S 4700 …`, the number, the name, the other fields.

/// The name, and the fields behind it: the state is the first, the parent the second.
pub(crate) fn split(line: &str) -> Option<(&str, Vec<&str>)> {
    // WRONG: a process may call itself what it likes, and its name may contain blanks.
    let mut words = line.split_whitespace().skip(1);
    let name = words.next()?.trim_matches(['(', ')']);
    Some((name, words.collect()))
}
