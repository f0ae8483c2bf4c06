//! `[package.metadata.course]`, as `cargo metadata` hands it over: what a demo or an exercise says
//! about itself. A table that is not complete is an error that names the package and the key:
//! nobody is to wonder why something is missing.

use serde_json::{Map, Value};

use crate::days::DAYS;

const TABLE: &str = "[package.metadata.course]";

/// An item of the syllabus, `4.01` as (4, 1).
pub(crate) type Item = (u64, u64);

/// One package's table.
#[derive(Debug)]
pub(crate) struct Table<'a>(&'a Map<String, Value>);

impl<'a> Table<'a> {
    /// `None` when the package has none, and so has nothing to do with the course.
    pub(crate) fn of(package: &'a Value) -> Option<Result<Self, String>> {
        let table = package.pointer("/metadata/course")?;
        let wrong = || format!("{TABLE} must be a table, not {table}");
        Some(table.as_object().map(Self).ok_or_else(wrong))
    }

    pub(crate) fn day(&self) -> Result<u64, String> {
        let days = format!("a number from {} to {}", DAYS.start(), DAYS.end());
        self.key("day", &days, |v| v.as_u64().filter(|day| DAYS.contains(day)))
    }

    pub(crate) fn minutes(&self) -> Result<u64, String> {
        self.number("minutes", "a number from 1 to 480", 480)
    }

    /// The place within a day.
    pub(crate) fn order(&self) -> Result<u64, String> {
        self.number("order", "a number from 1 to 99", 99)
    }

    pub(crate) fn title(&self) -> Result<String, String> {
        self.key("title", "a line of text", line)
    }

    /// At least one.
    pub(crate) fn items(&self) -> Result<Vec<Item>, String> {
        let items = |value: &Value| {
            let items = value.as_array()?.iter().map(item).collect::<Option<Vec<_>>>()?;
            (!items.is_empty()).then_some(items)
        };
        self.key("items", r#"a list such as ["4.01", "4.03"]"#, items)
    }

    fn number(&self, key: &str, what: &str, most: u64) -> Result<u64, String> {
        self.key(key, what, |v| v.as_u64().filter(|number| (1..=most).contains(number)))
    }

    fn key<T>(
        &self,
        key: &str,
        what: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<T, String> {
        let value = self.0.get(key).ok_or_else(|| format!("{TABLE} has no '{key}', {what}"))?;
        read(value).ok_or_else(|| format!("'{key}' in {TABLE} must be {what}, not {value}"))
    }
}

/// A text of one line that is not empty.
pub(crate) fn line(value: &Value) -> Option<String> {
    value.as_str().map(str::trim).filter(|text| text.lines().count() == 1).map(String::from)
}

fn item(value: &Value) -> Option<Item> {
    let (day, number) = value.as_str()?.split_once('.')?;
    Some((day.parse().ok()?, number.parse().ok()?))
}

/// What every package with a table is, in what `cargo metadata` said.
pub(crate) fn all<T>(
    metadata: &Value,
    read: impl Fn(&str, &Value, &Table<'_>) -> Result<T, String>,
) -> Result<Vec<T>, String> {
    let packages = metadata["packages"].as_array().ok_or("cargo metadata names no packages")?;
    let one = |package: &Value| {
        let table = Table::of(package)?;
        let name = package["name"].as_str()?;
        let read = table.and_then(|table| read(name, package, &table));
        Some(read.map_err(|error| format!("{name}: {error}")))
    };
    packages.iter().filter_map(one).collect()
}
