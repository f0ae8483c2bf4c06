//! An item of a source file by its name: `serve`, `Client::act`, `struct Client`, `impl Client`.
//!
//! The comments and attributes above it belong to it. No parser of Rust is needed, because the
//! files are formatted: an item begins at its keyword, with nothing but qualifiers in front, and
//! ends at the first line where all brackets are closed behind `;` or `}`.

/// Words that may stand in front of an item's keyword.
const QUALIFIERS: [&str; 5] = ["pub", "unsafe", "async", "const", "extern"];
const KEYWORDS: [&str; 9] =
    ["fn", "struct", "enum", "trait", "type", "const", "static", "mod", "macro_rules!"];

/// The lines of the item, moved to the left margin.
pub(crate) fn item(source: &str, name: &str) -> Result<String, String> {
    let lines: Vec<&str> = source.lines().collect();
    let found = match name.split_once("::") {
        Some((owner, method)) => {
            let blocks = all(&lines, 0, |line| implements(line, owner));
            let inside = blocks.into_iter().flat_map(|(start, end)| {
                let methods = all(&lines[start..=end], 4, |line| declares(line, method));
                methods.into_iter().map(move |(from, to)| (start + from, start + to))
            });
            inside.collect()
        }
        None if name.starts_with("impl") => all(&lines, 0, |line| line == format!("{name} {{")),
        None => all(&lines, 0, |line| match name.split_once(' ') {
            Some(_) => declares_as(line, name),
            None => declares(line, name),
        }),
    };
    match found[..] {
        [(start, end)] => Ok(shifted(&lines[above(&lines, start)..=end])),
        [] => Err(format!("no item is called '{name}'")),
        _ => Err(format!("{} items are called '{name}'", found.len())),
    }
}

/// The items at this depth whose first line is right: their first and last line.
fn all(lines: &[&str], indent: usize, is: impl Fn(&str) -> bool) -> Vec<(usize, usize)> {
    let here = |line: &str| line.len() - line.trim_start().len() == indent;
    let starts = lines.iter().enumerate().filter(|(_, line)| here(line) && is(line.trim_start()));
    starts.filter_map(|(start, _)| Some((start, start + end(&lines[start..])?))).collect()
}

/// `impl Client {`, `impl<T> Client<T> {`, `impl Drop for Client {`.
fn implements(line: &str, owner: &str) -> bool {
    let Some(rest) = line.strip_prefix("impl") else { return line == format!("trait {owner} {{") };
    let target = rest.rsplit(" for ").next().unwrap_or(rest);
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    target.split(|c| !is_word(c)).find(|word| !word.is_empty()) == Some(owner)
        || target.split(['<', '>', ' ']).any(|word| word == owner)
}

/// Any keyword and this name.
fn declares(line: &str, name: &str) -> bool {
    KEYWORDS.iter().any(|keyword| declares_as(line, &format!("{keyword} {name}")))
}

/// This keyword and this name, behind qualifiers: `pub(in crate::x) unsafe fn start<T>(`.
fn declares_as(line: &str, what: &str) -> bool {
    let mut rest = line;
    loop {
        let after = rest.strip_prefix(what).map(|after| after.chars().next());
        if after.is_some_and(|next| next.is_none_or(|c| !c.is_alphanumeric() && c != '_')) {
            return true;
        }
        let Some((word, more)) = rest.split_once(' ') else { return false };
        // The rest of `pub(in crate::x)`.
        let is_place = word.ends_with(')') && !word.contains('(');
        let word = word.split('(').next().unwrap_or(word);
        if !is_place && !QUALIFIERS.contains(&word) && !word.starts_with('"') {
            return false;
        }
        rest = more;
    }
}

/// The first line of the comments and attributes right above.
fn above(lines: &[&str], start: usize) -> usize {
    let belongs = |line: &&&str| {
        let line = line.trim_start();
        (line.starts_with("//") && !line.starts_with("//!")) || line.starts_with("#[")
    };
    start - lines[..start].iter().rev().take_while(belongs).count()
}

/// Where the item that begins in the first line ends.
fn end(lines: &[&str]) -> Option<usize> {
    let mut depth = 0;
    lines.iter().position(|line| {
        let code = code(line);
        depth += opened(&code);
        depth == 0 && code.trim_end().ends_with(['}', ';'])
    })
}

/// The last line of a piece that begins with the first one and is to have the line `wanted`: that
/// one, or the next at which all brackets are closed that the piece has opened.
pub(crate) fn closed(lines: &[&str], wanted: usize) -> usize {
    let mut depth = 0;
    let last = lines.iter().enumerate().position(|(at, line)| {
        depth += opened(&code(line));
        at >= wanted && depth <= 0
    });
    last.unwrap_or(wanted)
}

/// How many brackets are opened, less those that are closed.
fn opened(code: &str) -> i32 {
    let each = code.chars().map(|c| i32::from("([{".contains(c)) - i32::from(")]}".contains(c)));
    each.sum()
}

/// A line without its comment, and without what its texts and characters contain.
fn code(line: &str) -> String {
    let mut code = String::new();
    let mut rest = line.chars();
    while let Some(letter) = rest.next() {
        match letter {
            '/' if rest.as_str().starts_with('/') => break,
            '"' => {
                while let Some(inside) = rest.next() {
                    match inside {
                        '\\' => drop(rest.next()),
                        '"' => break,
                        _ => {}
                    }
                }
            }
            // A character, or else a lifetime.
            '\'' => {
                let text = rest.as_str();
                let quoted = match text.strip_prefix('\\') {
                    Some(escaped) => escaped.char_indices().skip(1).find(|(_, c)| *c == '\''),
                    None => text.char_indices().nth(1).filter(|(_, c)| *c == '\''),
                };
                let skip = quoted.map_or(0, |(at, _)| at + 1 + usize::from(text.starts_with('\\')));
                rest = text[skip..].chars();
            }
            letter => code.push(letter),
        }
    }
    code
}

/// Moved left by what the first line is indented.
pub(crate) fn shifted(lines: &[&str]) -> String {
    let full = lines.iter().filter(|line| !line.trim().is_empty());
    let margin = full.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
    let lines: Vec<&str> = lines.iter().map(|line| line.get(margin..).unwrap_or("")).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests;
