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

/// Item → the crates that teach it, or `chapter`; and whether they are still to come.
type Places = BTreeMap<String, (BTreeSet<String>, bool)>;

fn syllabus() -> Places {
    let text = std::fs::read_to_string(root().join("docs/syllabus.md")).expect("the syllabus");
    let rows = text.lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let (item, _, places) = (cells.next()?, cells.next()?, cells.next()?);
        item.starts_with(|c: char| c.is_ascii_digit()).then_some(())?;
        let places = places.strip_suffix(" |")?;
        let (places, to_come) =
            places.strip_suffix(", to come").map_or((places, false), |places| (places, true));
        Some((item.to_owned(), (places.split(", ").map(String::from).collect(), to_come)))
    });
    rows.collect()
}

/// Item → the crates whose metadata names it.
fn crates() -> BTreeMap<String, BTreeSet<String>> {
    let cargo = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version=1", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    let metadata: Value = serde_json::from_slice(&cargo.stdout).expect("its JSON");
    let mut taught = BTreeMap::<String, BTreeSet<String>>::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let items = package.pointer("/metadata/course/items").and_then(Value::as_array);
        for item in items.into_iter().flatten() {
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
    for (item, (places, to_come)) in syllabus() {
        let crates = taught.get(&item).cloned().unwrap_or_default();
        if to_come {
            assert!(crates.is_empty(), "{item} is taught in {crates:?}: it is no longer to come");
            for place in places.iter().filter(|place| *place != "chapter") {
                let folder = root().join("crates").join(place);
                assert!(!folder.exists(), "{place} has come: its Cargo.toml shall name {item}");
            }
        } else {
            assert_eq!(crates, places, "{item}: what the crates say, and what the syllabus says");
        }
    }
}

#[test]
fn no_crate_teaches_what_is_no_item() {
    let syllabus = syllabus();
    for (item, crates) in crates() {
        assert!(syllabus.contains_key(&item), "{crates:?} name {item}, which is no item");
    }
}
