//! An exercise, as its own Cargo.toml describes it:
//!
//! ```toml
//! [package.metadata.course]
//! day = 4
//! order = 1
//! minutes = 40
//! title = "an echo server that poll tells when to read"
//! items = ["4.01"]
//! ```

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::table::{self, Item, Table};

/// What the course knows of an exercise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Exercise {
    pub(crate) name: String,
    pub(crate) day: u64,
    /// Its place among the exercises of the day.
    pub(crate) order: u64,
    pub(crate) minutes: u64,
    pub(crate) title: String,
    /// The items of the syllabus that it exercises.
    pub(crate) items: Vec<Item>,
    /// Where the course keeps it: the starter, the tests, the solution.
    pub(crate) folder: PathBuf,
}

impl Exercise {
    fn read(name: &str, package: &Value, table: &Table<'_>) -> Result<Self, String> {
        let manifest = package["manifest_path"].as_str().map(Path::new);
        let folder = manifest.and_then(Path::parent).ok_or("cargo does not say where it is")?;
        Ok(Self {
            name: name.into(),
            day: table.day()?,
            order: table.order()?,
            minutes: table.minutes()?,
            title: table.title()?,
            items: table.items()?,
            folder: folder.into(),
        })
    }

    /// Where it lies below `exercises/`, and below `work/` once it was started.
    pub(crate) fn place(&self) -> PathBuf {
        Path::new(&format!("day{:02}", self.day)).join(&self.name)
    }
}

/// The exercises in what `cargo metadata` said, in course order.
pub(crate) fn all(metadata: &Value) -> Result<Vec<Exercise>, String> {
    let mut exercises = table::all(metadata, Exercise::read)?;
    exercises.sort_by(|a, b| (a.day, a.order, &a.name).cmp(&(b.day, b.order, &b.name)));
    Ok(exercises)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn package(name: &str, day: u64, order: &Value) -> Value {
        let course =
            json!({ "day": day, "order": order, "minutes": 40, "title": "T", "items": ["4.01"] });
        json!({
            "name": name, "manifest_path": format!("/e/day04/{name}/Cargo.toml"),
            "metadata": { "course": course },
        })
    }

    #[test]
    fn the_order_is_the_day_and_then_the_order() {
        let packages =
            [package("c", 4, &json!(10)), package("a", 5, &json!(1)), package("b", 4, &json!(2))];
        let exercises = all(&json!({ "packages": packages })).unwrap();
        let names: Vec<_> = exercises.iter().map(|exercise| exercise.name.as_str()).collect();
        assert_eq!(names, ["b", "c", "a"]);
        assert_eq!(exercises[0].folder, Path::new("/e/day04/b"));
        assert_eq!(exercises[0].place(), Path::new("day04/b"));
    }

    #[test]
    fn an_order_that_is_none_is_named() {
        let said = all(&json!({ "packages": [package("b", 4, &json!(0))] })).unwrap_err();
        let sentence = "b: 'order' in [package.metadata.course] must be a number from 1 to 99";
        assert!(said.starts_with(sentence), "{said}");
    }
}
