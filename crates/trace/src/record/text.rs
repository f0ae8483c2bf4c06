//! Numbers and names inside texts: what a program prints, sends and calls its files.
//!
//! A number is renamed when it stands alone: no letter beside it, no decimal point in it. One below
//! 1000, which in a small container may well be a process, is only taken for one behind a word
//! that says so, because it may as well be an amount or an index.

use super::names::Names;

/// From here on a number that happens to be a process's is taken for it wherever it stands.
const TELLING: u64 = 1000;
/// The same for inodes.
const TELLING_INODE: u64 = 100_000;
/// Behind these, a number is a process or a thread.
const PROCESS: [&[u8]; 6] = [b"pid", b"ppid", b"pgid", b"sid", b"tid", b"proc"];

/// The text with other names; `None` when it has none of them. `cut`: it goes on where this ends,
/// so that nothing that touches the end can be told.
pub(super) fn rename(
    text: &[u8],
    cut: bool,
    names: &mut Names,
    folders: &[(String, String)],
) -> Option<Vec<u8>> {
    let mut renamed = Vec::new();
    let mut done = 0;
    let mut at = 0;
    while at < text.len() {
        let found = folder(text, at, folders)
            .or_else(|| random(text, at, names))
            .or_else(|| terminal(text, at, names))
            .or_else(|| number(text, at, names))
            .filter(|(length, _)| !cut || at + length < text.len());
        let Some((length, name)) = found else {
            // A number that stays stays whole.
            at += digits(&text[at..]).max(1);
            continue;
        };
        renamed.extend_from_slice(&text[done..at]);
        renamed.extend_from_slice(name.as_bytes());
        at += length;
        done = at;
    }
    renamed.extend_from_slice(&text[done..]);
    (done > 0 && renamed != text).then_some(renamed)
}

/// Takes from the end of a text that was cut off what may be the beginning of a number or of a
/// random name: how much of it is there depends on the length of the numbers before it. Tells
/// whether there was any.
pub(super) fn trim(text: &mut Vec<u8>) -> bool {
    let whole = text.len();
    loop {
        let before = text.len();
        let number = text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        // Longer than any number that is renamed: it is somebody's data.
        if number <= TIME {
            text.truncate(before - number);
        }
        let tail = text.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        // A dot, `tmp`, and the beginning of what is random.
        if (4..=3 + RANDOM).contains(&tail)
            && text.len() > tail
            && text[text.len() - tail - 1..].starts_with(b".tmp")
        {
            text.truncate(text.len() - tail - 1);
        }
        if text.len() == before {
            return before < whole;
        }
    }
}

/// A folder that has another name in every place, as a whole or as the beginning of a path.
fn folder(text: &[u8], at: usize, folders: &[(String, String)]) -> Option<(usize, String)> {
    let of_path = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte);
    if at > 0 && (of_path(&text[at - 1]) || text[at - 1] == b'/') {
        return None;
    }
    let matches = |(folder, _): &&(String, String)| {
        let rest = text[at..].strip_prefix(folder.as_bytes());
        !folder.is_empty() && rest.is_some_and(|rest| !rest.first().is_some_and(of_path))
    };
    let (folder, name) = folders.iter().filter(matches).max_by_key(|(folder, _)| folder.len())?;
    Some((folder.len(), name.clone()))
}

/// Letters and digits in a name by the tempfile crate.
const RANDOM: usize = 6;

/// `.tmpk3mRwd`, as tempfile names what it makes.
fn random(text: &[u8], at: usize, names: &mut Names) -> Option<(usize, String)> {
    let rest = text[at..].strip_prefix(b".tmp")?;
    let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    if length != RANDOM || at > 0 && text[at - 1] != b'/' {
        return None;
    }
    Some((4 + RANDOM, format!(".tmp#{}", names.word(&rest[..RANDOM]))))
}

/// `/dev/pts/7`: whatever number is free (pts(4)).
fn terminal(text: &[u8], at: usize, names: &mut Names) -> Option<(usize, String)> {
    const FOLDER: &[u8] = b"/dev/pts/";
    let rest = text[at..].strip_prefix(FOLDER)?;
    let length = digits(rest);
    let name = (length > 0).then(|| names.terminal(&rest[..length]))?;
    Some((FOLDER.len() + length, format!("/dev/pts/#{name}")))
}

/// Digits in the nanoseconds since 1970, until 2286 if they begin with 1.
const TIME: usize = 19;

fn number(text: &[u8], at: usize, names: &mut Names) -> Option<(usize, String)> {
    let length = digits(&text[at..]);
    let (before, rest) = (&text[..at], &text[at + length..]);
    let run = &text[at..at + length];
    let fraction =
        matches!(before, [.., b'0'..=b'9', b'.']) || matches!(rest, [b'.', b'0'..=b'9', ..]);
    let touches = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
    if length == 0 || touches(before.last()) || touches(rest.first()) || fraction {
        return None;
    }
    if length == TIME && run[0] == b'1' && matches!(before, [.., b'-' | b'_' | b'.']) {
        return Some((length, format!("time#{}", names.word(run))));
    }
    if run[0] == b'0' || length > TIME {
        return None;
    }
    let value: u64 = std::str::from_utf8(run).ok()?.parse().ok()?;
    let of_inode = before.ends_with(b"pipe:[") || before.ends_with(b"socket:[");
    if of_inode && rest.first() == Some(&b']') {
        return Some((length, format!("#{}", names.inode_name(value))));
    }
    let word = word_before(before);
    let port = u16::try_from(value).ok().and_then(|port| names.ports.get(&port));
    let port = port.map(|port| format!("port#{port}"));
    let task = i32::try_from(value).ok().and_then(|pid| names.tasks.get(&pid));
    let telling = value >= TELLING || PROCESS.iter().any(|known| word.eq_ignore_ascii_case(known));
    let task = task.filter(|_| telling).map(ToString::to_string);
    let known = names.inodes.get(&value).filter(|_| value >= TELLING_INODE);
    let inode = known.filter(|&&name| name != value).map(|name| format!("#{name}"));
    let is_port = before.last() == Some(&b':') || word.eq_ignore_ascii_case(b"port");
    let name = if is_port { port.or(task) } else { task.or(port) };
    name.or(inode).map(|name| (length, name))
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The word that a number belongs to: `pid` in `pid = 7`, `proc` in `/proc/7`.
fn word_before(text: &[u8]) -> &[u8] {
    let between = |byte: &&u8| b" =:#('\"/".contains(byte);
    let text = &text[..text.len() - text.iter().rev().take_while(between).count()];
    let letters = text.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    &text[text.len() - letters..]
}
