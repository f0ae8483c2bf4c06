//! What may differ from run to run is marked in a transcript: `this is process ‹2122›`.
//!
//! Everything else has to be the same, letter by letter, but for the number of blanks: columns
//! move when a process id gets longer. The marks are found by running the program several times,
//! and can be set by hand where that does not show them.

pub(crate) const OPEN: char = '‹';
pub(crate) const CLOSE: char = '›';

/// As readers see it.
pub(crate) fn plain(text: &str) -> String {
    text.replace([OPEN, CLOSE], "")
}

/// Whether a line is what the marked one says.
pub(crate) fn fits(marked: &str, line: &str) -> bool {
    let fixed = fixed_parts(&squeezed(marked));
    let line = squeezed(line);
    let [first, middle @ .., last] = &fixed[..] else { return fixed.first() == Some(&line) };
    let Some(mut rest) =
        line.strip_prefix(first.as_str()).and_then(|r| r.strip_suffix(last.as_str()))
    else {
        return false;
    };
    for part in middle {
        let Some(at) = rest.find(part.as_str()) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

/// What stands around the marks, one part more than there are marks.
fn fixed_parts(marked: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut inside = false;
    for letter in marked.chars() {
        match letter {
            OPEN => inside = true,
            CLOSE => {
                inside = false;
                parts.push(String::new());
            }
            letter if !inside => parts.last_mut().into_iter().for_each(|part| part.push(letter)),
            _ => {}
        }
    }
    parts
}

fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first line that does not fit, and what stands in both places.
pub(crate) fn difference(marked: &str, text: &str) -> Option<String> {
    let (mut wanted, mut got) = (marked.lines(), text.lines());
    for number in 1.. {
        let pair = (wanted.next(), got.next());
        let show = |line: Option<&str>| line.map_or("nothing".into(), |line| format!("\"{line}\""));
        match pair {
            (None, None) => return None,
            (Some(marked), Some(line)) if fits(marked, line) => {}
            (wanted, got) => {
                let (wanted, got) = (show(wanted), show(got));
                return Some(format!(
                    "line {number}: the book has {wanted}, the program says {got}"
                ));
            }
        }
    }
    None
}

/// The new transcript, with the old one's line where that still fits and has other marks: marks
/// set by hand stay. All else is of one run, so that a port is the same number in all its lines.
pub(crate) fn keep(before: &str, learned: &str) -> String {
    let mut before = before.lines();
    let mut text = String::new();
    for line in learned.lines() {
        let mut rest = before.clone();
        let old = rest.find(|old| fits(old, &plain(line)));
        if old.is_some() {
            before = rest;
        }
        let by_hand = |old: &&str| fixed_parts(&squeezed(old)) != fixed_parts(&squeezed(line));
        text.push_str(old.filter(by_hand).unwrap_or(line));
        text.push('\n');
    }
    text
}

/// The first run, with marks where another run differs. None when they have different lines.
pub(crate) fn learn(runs: &[String]) -> Option<String> {
    let (first, others) = runs.split_first()?;
    let others: Vec<Vec<&str>> = others.iter().map(|run| run.lines().collect()).collect();
    let mut text = String::new();
    for (at, line) in first.lines().enumerate() {
        let theirs = others.iter().map(|run| run.get(at).copied()).collect::<Option<Vec<_>>>()?;
        text.push_str(&learn_line(line, &theirs));
        text.push('\n');
    }
    let count = first.lines().count();
    others.iter().all(|run| run.len() == count).then_some(text)
}

fn learn_line(line: &str, others: &[&str]) -> String {
    // Whoever runs the programs stays the same meanwhile, and is their parent.
    let us = std::process::id().to_string();
    let ours = tokens(line);
    let theirs: Vec<Vec<&str>> = others.iter().map(|other| tokens(other)).collect();
    let same_words = theirs.iter().all(|theirs| {
        let equal = |(a, b): (&&str, &&str)| squeezed(a) == squeezed(b) || (number(a) && number(b));
        theirs.len() == ours.len() && ours.iter().zip(theirs).all(equal)
    });
    if !same_words {
        return span(line, others);
    }
    let each = ours.iter().enumerate().map(|(at, token)| {
        let unit = ours.get(at + 1).unwrap_or(&"").trim_start();
        let timed = ["ms", "µs", "us", "ns"].iter().any(|time| unit.starts_with(time));
        let varies = theirs.iter().any(|theirs| theirs[at] != *token);
        if number(token) && (varies || timed || **token == us) {
            format!("{OPEN}{token}{CLOSE}")
        } else {
            (*token).into()
        }
    });
    each.collect()
}

/// Digits, and what is between them. A fraction is one number, an address is four.
fn tokens(line: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let digit = first.is_ascii_digit();
        let end = |text: &str| text.find(|c: char| c.is_ascii_digit() != digit);
        let mut length = end(rest).unwrap_or(rest.len());
        if digit && !tokens.last().is_some_and(|before: &&str| before.ends_with('.')) {
            length = fraction(rest).unwrap_or(length);
        }
        tokens.push(&rest[..length]);
        rest = &rest[length..];
    }
    tokens
}

/// How long a fraction is, if the text begins with one: two numbers, and not more.
fn fraction(text: &str) -> Option<usize> {
    let end = text.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(text.len());
    let number = text[..end].trim_end_matches('.');
    let (whole, part) = number.split_once('.')?;
    (!whole.is_empty() && !part.contains('.')).then_some(number.len())
}

fn number(token: &str) -> bool {
    token.starts_with(|c: char| c.is_ascii_digit())
}

/// From the first word that differs to the last one.
fn span(line: &str, others: &[&str]) -> String {
    let words: Vec<&str> = line.split_inclusive(' ').collect();
    let alike = |reverse: bool| {
        let each = others.iter().map(|other| {
            let theirs: Vec<&str> = other.split_inclusive(' ').collect();
            let same = |(a, b): &(&&str, &&str)| a.trim() == b.trim();
            if reverse {
                words.iter().rev().zip(theirs.iter().rev()).take_while(same).count()
            } else {
                words.iter().zip(&theirs).take_while(same).count()
            }
        });
        each.min().unwrap_or(0)
    };
    let front = alike(false);
    let back = alike(true).min(words.len() - front);
    let (head, tail) = (words[..front].concat(), words[words.len() - back..].concat());
    let middle = words[front..words.len() - back].concat();
    let (middle, blank) = (middle.trim_end(), &middle[middle.trim_end().len()..]);
    format!("{head}{OPEN}{middle}{CLOSE}{blank}{tail}")
}

#[cfg(test)]
mod tests;
