//! /proc/PID/stat is one line: `4711 (name) S 4700 …`, the number, the name, the other fields.

/// The name, and the fields behind it: the state is the first, the parent the second.
pub(crate) fn split(line: &str) -> Option<(&str, Vec<&str>)> {
    // A process may call itself what it likes, `a) R (b` too. No other field can contain a
    // parenthesis, so the name ends at the LAST one.
    let (open, close) = (line.find('(')?, line.rfind(')')?);
    let name = line.get(open + 1..close)?;
    Some((name, line[close + 1..].split_whitespace().collect()))
}
