//! What is not compiled: an exercise's description, its README and its hints.

use std::fs;
use std::path::Path;

use super::Knowledge;
use super::command;
use crate::exercise::Exercise;
use crate::help::tiers;

/// What is wrong with them.
pub(super) fn complaints(exercise: &Exercise, known: &Knowledge) -> Vec<String> {
    let mut found = Vec::new();
    let folder = &exercise.folder;
    if !folder.ends_with(exercise.place()) {
        let place = exercise.place();
        found.push(format!("it belongs into exercises/{}, by its Cargo.toml", place.display()));
    }
    for (day, number) in &exercise.items {
        let item = format!("{day}.{number:02}");
        if !known.syllabus.contains(&format!("| {item} |")) {
            found.push(format!("item {item} in Cargo.toml is none of docs/syllabus.md"));
        }
    }
    let is_twin = |other: &&Exercise| {
        (other.day, other.order) == (exercise.day, exercise.order) && other.name != exercise.name
    };
    if let Some(twin) = known.exercises.iter().find(is_twin) {
        found.push(format!("{} has the same order in Cargo.toml", twin.name));
    }
    for file in ["README.md", "hints.md"] {
        match fs::read_to_string(folder.join(file)) {
            Err(error) => found.push(format!("{file} cannot be read: {error}")),
            Ok(text) => {
                found.extend(links(folder, file, &text));
                found.extend(command::complaints(file, &text, known));
                if file == "README.md" {
                    found.extend(readme(exercise, &text));
                } else {
                    found.extend(hints(&text));
                }
            }
        }
    }
    found
}

fn readme(exercise: &Exercise, text: &str) -> Vec<String> {
    let minutes = format!("{} minutes", exercise.minutes);
    let mut wanted = Vec::new();
    if !text.starts_with("# ") {
        wanted.push("README.md does not begin with a heading".into());
    }
    if !text.contains(&minutes) {
        wanted.push(format!("README.md does not say '{minutes}', as Cargo.toml does"));
    }
    wanted
}

fn hints(text: &str) -> Option<String> {
    let tiers = tiers(text);
    if tiers.len() != 3 {
        return Some(format!("hints.md has {} hints ('## 1' and so on), not 3", tiers.len()));
    }
    let empty = tiers.iter().position(|tier| tier.is_empty())?;
    Some(format!("hint {} in hints.md is empty", empty + 1))
}

/// The README is copied to a folder at the same depth, so that its paths lead to the same places;
/// but what is not copied must not be pointed to.
fn links(folder: &Path, file: &str, text: &str) -> Vec<String> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let inside = targets.filter(|target| !target.contains("://") && !target.starts_with('#'));
    let wrong = inside.filter_map(|target| {
        let path = target.split('#').next().unwrap_or_default();
        let hidden = ["solution", "traps", "hints.md"].iter().any(|part| path.starts_with(part));
        match (hidden, folder.join(path).exists()) {
            (true, _) => Some(format!("{file} links to {target}, which a learner does not have")),
            (false, false) => Some(format!("{file} links to {target}, which is not there")),
            (false, true) => None,
        }
    });
    wrong.collect()
}
