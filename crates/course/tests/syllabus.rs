//! docs/syllabus.md and the crates say the same about what is taught where, and nothing of the
//! nine days is taught nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Items of each day, from the first to the last. What is left out or added shows.
const ITEMS: [u32; 9] = [19, 15, 12, 16, 18, 14, 14, 11, 5];

/// Crates that teach an item, or `chapter`.
type Places = BTreeSet<String>;

/// Item → its places, and those that are still to come.
type Syllabus = BTreeMap<String, (Places, Places)>;

fn syllabus() -> Syllabus {
    let text = std::fs::read_to_string(root().join("docs/syllabus.md")).expect("the syllabus");
    let rows = text.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let (item, _, places) = (cells.next()?, cells.next()?, cells.next()?);
        item.starts_with(|c: char| c.is_ascii_digit()).then_some(())?;
        let places = places.strip_suffix(" |")?;
        let (here, to_come) = places.split_once("to come: ").unwrap_or((places, ""));
        let list = |text: &str| {
            text.split(", ").filter(|place| !place.is_empty()).map(String::from).collect()
        };
        Some((item.to_owned(), (list(here), list(to_come))))
    });
    rows.collect()
}

/// Item → the crates whose metadata names it.
fn crates() -> BTreeMap<String, Places> {
    let cargo = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version=1", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    let metadata: Value = serde_json::from_slice(&cargo.stdout).expect("its JSON");
    let mut taught = BTreeMap::<String, Places>::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let tables = ["/metadata/course/items", "/metadata/capstone/items"];
        let items = tables.into_iter().filter_map(|table| package.pointer(table)?.as_array());
        for item in items.flatten() {
            let item = item.as_str().expect("an item").to_owned();
            let name = package["name"].as_str().expect("a name").to_owned();
            taught.entry(item).or_default().insert(name);
        }
    }
    taught
}

#[test]
fn it_has_every_item_once_and_no_other() {
    let items: Vec<String> = (1..=9)
        .zip(ITEMS)
        .flat_map(|(day, last)| (1..=last).map(move |item| format!("{day}.{item:02}")))
        .collect();
    assert_eq!(items.len(), 124);
    assert_eq!(syllabus().into_keys().collect::<Vec<_>>(), items);
    let text = std::fs::read_to_string(root().join("docs/syllabus.md")).expect("the syllabus");
    for item in items {
        assert_eq!(text.matches(&format!("| {item} |")).count(), 1, "{item}");
    }
}

#[test]
fn every_item_is_taught_where_the_syllabus_says() {
    let taught = crates();
    for (item, (mut places, to_come)) in syllabus() {
        let chapter = format!("docs/day0{}.md", &item[..1]);
        let text = std::fs::read_to_string(root().join(&chapter)).unwrap_or_default();
        let is_written = !text.starts_with("<!-- to come -->");
        for place in to_come {
            let has_come = match &*place {
                "chapter" => is_written,
                place => root().join("crates").join(place).exists(),
            };
            assert!(!has_come, "{item}: {place} has come, and shall name it");
        }
        if places.remove("chapter") {
            assert!(is_written, "{item}: {chapter} is not written");
        }
        let crates = taught.get(&item).cloned().unwrap_or_default();
        assert_eq!(crates, places, "{item}: what the crates say, and what the syllabus says");
    }
}

#[test]
fn no_crate_teaches_what_is_no_item() {
    let syllabus = syllabus();
    for (item, crates) in crates() {
        assert!(syllabus.contains_key(&item), "{crates:?} name {item}, which is no item");
    }
}
