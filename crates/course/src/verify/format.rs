//! Is everything formatted? rustfmt says the names of the files that are not.

use std::path::PathBuf;
use std::process::Command;

use cli::Outcome;

use crate::exercise::Exercise;

/// The exercises' places, with a sentence for each file.
pub(super) fn complaints(
    exercises: &[Exercise],
    places: &[usize],
) -> Outcome<Vec<(usize, String)>> {
    let files: Vec<_> = places.iter().flat_map(|&at| sources(&exercises[at])).collect();
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let program = std::env::var_os("RUSTFMT").unwrap_or_else(|| "rustfmt".into());
    let rustfmt =
        Command::new(program).args(["--check", "-l", "--edition", "2024"]).args(files).output();
    let said = rustfmt.map_err(|error| format!("rustfmt cannot be started: {error}"))?;
    let names = String::from_utf8_lossy(&said.stdout);
    let mut found = Vec::new();
    for name in names.lines().map(PathBuf::from) {
        for &at in places {
            if let Ok(file) = name.strip_prefix(&exercises[at].folder) {
                found.push((at, format!("{} is not formatted (rustfmt)", file.display())));
            }
        }
    }
    Ok(found)
}

/// Those that lie there: what is missing is somebody else's complaint.
fn sources(exercise: &Exercise) -> Vec<PathBuf> {
    let folder = |name: &str| std::fs::read_dir(exercise.folder.join(name));
    let entries = ["src", "solution", "tests", "traps"].into_iter().flat_map(folder).flatten();
    let paths = entries.flatten().map(|entry| entry.path());
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}
