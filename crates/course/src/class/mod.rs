//! `cargo course class FILE…`: a table of what `progress --export` wrote, one line for each file.
//!
//! The files come from others: each is a regular file of at most 64 KiB or is not read, and nothing
//! of it reaches the terminal but names of exercises of this course, and numbers.

mod file;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::Path;

use cli::Outcome;

use self::file::Pupil;
use crate::course::Course;
use crate::days;
use crate::style::Style;

/// So often can a check fail, and nobody needs help yet.
const PATIENCE: u64 = 5;

/// What is to be shown.
pub(crate) fn class(files: &[OsString], style: &Style) -> Outcome<String> {
    let course = Course::read()?;
    let names: Vec<_> = course.exercises.iter().map(|exercise| exercise.name.as_str()).collect();
    let rows: Vec<_> = files
        .iter()
        .map(|file| {
            let path = Path::new(file);
            let text = file::read(path).and_then(|text| file::pupil(&text, &names));
            (harmless(&path.file_stem().unwrap_or_default().to_string_lossy()), text)
        })
        .collect();
    Ok(table(&rows, names.len(), style))
}

/// A name as it can be shown: nothing that moves the cursor or turns the line around, and not long.
fn harmless(name: &str) -> String {
    let invisible = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let shown = name.chars().map(|c| if c.is_control() || invisible(c) { '\u{fffd}' } else { c });
    shown.take(24).collect()
}

fn table(rows: &[(String, Result<Pupil, String>)], all: usize, style: &Style) -> String {
    let Style { bold, dim, reset } = *style;
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default().max(4);
    let mut text = format!("{dim}{:width$}  demos  passed  given up  now at{reset}\n", "name");
    let mut places = BTreeMap::<&str, (usize, usize)>::new();
    for (name, pupil) in rows {
        // Writing to a String cannot fail, here and below.
        let Pupil { passed, gave_up, demos, now } = match pupil {
            Ok(pupil) => pupil,
            Err(why) => {
                let _ = writeln!(text, "{name:width$}  {why}");
                continue;
            }
        };
        let passed = format!("{passed}/{all}");
        let _ = write!(text, "{name:width$}  {demos:>5}  {passed:>6}  {gave_up:>8}  ");
        let Some((place, tries, hints)) = now else {
            let _ = writeln!(text, "-");
            continue;
        };
        let (here, stuck) = places.entry(place).or_default();
        *here += 1;
        let tries_shown = if *tries == 1 { "1 try".into() } else { format!("{tries} tries") };
        let hints = days::count(usize::try_from(*hints).unwrap_or(usize::MAX), "hint");
        let mark =
            if *tries >= PATIENCE { format!("  {bold}stuck?{reset}") } else { String::new() };
        *stuck += usize::from(*tries >= PATIENCE);
        let _ = writeln!(text, "{place}, {tries_shown}, {hints}{mark}");
    }
    for (place, (here, stuck)) in places {
        let _ =
            write!(text, "\n{place}: {here} at it, {stuck} of them after {PATIENCE} tries or more");
    }
    text.trim_end().to_owned() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_move_the_cursor() {
        assert_eq!(harmless("a\x1b[2J\u{202e}b\u{9b}"), "a\u{fffd}[2J\u{fffd}b\u{fffd}");
        assert_eq!(harmless(&"x".repeat(99)).len(), 24);
        assert_eq!(harmless("\u{738b}\u{5c0f}\u{660e}"), "\u{738b}\u{5c0f}\u{660e}");
    }

    #[test]
    fn who_tries_often_may_be_stuck() {
        let at = |tries| Ok(Pupil { now: Some(("b".into(), tries, 1)), ..Pupil::default() });
        let rows =
            [("ada".into(), at(7)), ("bo".into(), at(1)), ("x".into(), Err("is no file".into()))];
        let expected = "\
name  demos  passed  given up  now at
ada       0     0/3         0  b, 7 tries, 1 hint  stuck?
bo        0     0/3         0  b, 1 try, 1 hint
x     is no file

b: 2 at it, 1 of them after 5 tries or more
";
        assert_eq!(table(&rows, 3, &Style::default()), expected);
    }
}
