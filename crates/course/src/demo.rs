//! A demo, as its own Cargo.toml describes it:
//!
//! ```toml
//! description = "What it shows, in one sentence."
//!
//! [package.metadata.course]
//! day = 4
//! minutes = 20
//! title = "poll: one loop, many sockets"
//! items = ["4.01", "4.03"]
//! ```
//!
//! A package with that table (`table`) is a demo, every other one is not.

use serde_json::Value;

use crate::table::{self, Item, Table};

/// What the course knows of a demo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Demo {
    pub(crate) name: String,
    pub(crate) day: u64,
    pub(crate) minutes: u64,
    pub(crate) title: String,
    pub(crate) about: String,
    /// The items of the syllabus that it teaches; the first one gives the order.
    pub(crate) items: Vec<Item>,
    /// Its example targets: the lesson with one thing wrong.
    pub(crate) twins: Vec<String>,
}

impl Demo {
    /// The name without the day: `poll` of `day04-poll`.
    pub(crate) fn topic(&self) -> &str {
        self.name.split_once('-').map_or(&self.name, |(_, topic)| topic)
    }

    fn read(name: &str, package: &Value, table: &Table<'_>) -> Result<Self, String> {
        let about = table::line(&package["description"]);
        Ok(Self {
            name: name.into(),
            day: table.day()?,
            minutes: table.minutes()?,
            title: table.title()?,
            about: about.ok_or("[package] has no 'description', one line about it")?,
            items: table.items()?,
            twins: examples(package),
        })
    }
}

/// The demos in what `cargo metadata` said, in course order.
pub(crate) fn all(metadata: &Value) -> Result<Vec<Demo>, String> {
    let mut demos = table::all(metadata, Demo::read)?;
    let place = |demo: &Demo| (demo.day, demo.items.first().copied(), demo.name.clone());
    demos.sort_by_key(place);
    Ok(demos)
}

fn examples(package: &Value) -> Vec<String> {
    let targets = package["targets"].as_array().into_iter().flatten();
    let is_example = |target: &&Value| {
        target["kind"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "example"))
    };
    let mut names: Vec<_> =
        targets.filter(is_example).filter_map(|t| table::line(&t["name"])).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TABLE: &str = "[package.metadata.course]";

    fn package(name: &str, course: &Value) -> Value {
        json!({
            "name": name, "description": "About it.", "metadata": { "course": course },
            "targets": [
                { "name": name, "kind": ["bin"] },
                { "name": "b_twin", "kind": ["example"] },
                { "name": "a_twin", "kind": ["example"] },
            ],
        })
    }

    fn course(day: u64, first: &str) -> Value {
        json!({ "day": day, "minutes": 20, "title": "T", "items": [first, "9.99"] })
    }

    #[test]
    fn a_package_with_the_table_is_a_demo_and_no_other() {
        let others = [json!({ "name": "cli", "metadata": null }), json!({ "name": "docs" })];
        let mut packages = vec![package("day04-poll", &course(4, "4.01"))];
        packages.extend(others);
        let demo = Demo {
            name: "day04-poll".into(),
            day: 4,
            minutes: 20,
            title: "T".into(),
            about: "About it.".into(),
            items: vec![(4, 1), (9, 99)],
            twins: vec!["a_twin".into(), "b_twin".into()],
        };
        assert_eq!(demo.topic(), "poll");
        assert_eq!(all(&json!({ "packages": packages })), Ok(vec![demo]));
    }

    #[test]
    fn the_order_is_the_day_then_the_first_item_then_the_name() {
        let packages = [
            package("day05-y", &course(5, "4.01")),
            package("day04-a", &course(4, "4.10")),
            package("day04-c", &course(4, "4.9")),
            package("day04-b", &course(4, "4.9")),
            package("day03-z", &course(3, "2.14")),
        ];
        let demos = all(&json!({ "packages": packages })).unwrap();
        let names: Vec<_> = demos.iter().map(|demo| demo.name.as_str()).collect();
        assert_eq!(names, ["day03-z", "day04-b", "day04-c", "day04-a", "day05-y"]);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_package_and_key() {
        let days = "a number from 1 to 9";
        for (key, value, sentence) in [
            ("day", json!(null), format!("has no 'day', {days}")),
            ("day", json!("4"), format!(r#"'day' in {TABLE} must be {days}, not "4""#)),
            ("day", json!(10), format!("'day' in {TABLE} must be {days}, not 10")),
            ("minutes", json!(-1), "must be a number from 1 to 480, not -1".into()),
            ("minutes", json!(481), "must be a number from 1 to 480, not 481".into()),
            (
                "title",
                json!(" "),
                "'title' in [package.metadata.course] must be a line of text".into(),
            ),
            ("items", json!([]), "'items' in [package.metadata.course] must be a list".into()),
            ("items", json!(["4.01", 4.03]), r#"must be a list such as ["4.01", "4.03"]"#.into()),
            ("items", json!(["four"]), r#"not ["four"]"#.into()),
        ] {
            let mut table = course(4, "4.01");
            table[key] = value;
            if let Some(table) = table.as_object_mut() {
                table.retain(|_, value| !value.is_null());
            }
            let said = all(&json!({ "packages": [package("day04-x", &table)] })).unwrap_err();
            assert!(said.starts_with("day04-x: ") && said.contains(&sentence), "{said}");
        }
    }

    #[test]
    fn no_table_and_no_description_are_named_too() {
        let said = all(&json!({ "packages": [package("day04-x", &json!(3))] })).unwrap_err();
        assert_eq!(said, "day04-x: [package.metadata.course] must be a table, not 3");
        let mut silent = package("day04-x", &course(4, "4.01"));
        silent["description"] = json!(null);
        let said = all(&json!({ "packages": [silent] })).unwrap_err();
        assert!(said.starts_with("day04-x: ") && said.contains("'description'"), "{said}");
    }
}
