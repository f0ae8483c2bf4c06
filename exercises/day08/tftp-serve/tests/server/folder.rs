//! What is in a folder, before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path;

use super::shown;

pub type Folder = BTreeMap<Vec<u8>, Vec<u8>>;

/// All names below a folder, and what they stand for: the beginning of a content, or a kind.
pub fn everything(folder: &str) -> Folder {
    let mut found = Folder::new();
    let mut folders = vec![Path::new(folder).to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            // An unfinished upload may go at any time.
            let Ok(metadata) = fs::symlink_metadata(&path) else { continue };
            let kind = metadata.file_type();
            let words = if kind.is_dir() {
                folders.push(path.clone());
                b"a directory".to_vec()
            } else if kind.is_symlink() {
                fs::read_link(&path).unwrap().into_os_string().into_vec()
            } else if kind.is_file() {
                let mut beginning = Vec::new();
                let Ok(file) = File::open(&path) else { continue };
                file.take(24).read_to_end(&mut beginning).unwrap();
                beginning
            } else {
                b"no file".to_vec()
            };
            let path = path.strip_prefix(".").unwrap_or(&path).to_owned();
            found.insert(path.into_os_string().into_vec(), words);
        }
    }
    found
}

/// A name that stands for something else now.
pub struct Change {
    pub name: String,
    pub was: String,
    pub is: String,
}

/// What is not as it was.
pub fn changes(before: &Folder, now: &Folder) -> Vec<Change> {
    let names: BTreeSet<_> = before.keys().chain(now.keys()).collect();
    let changed = names.into_iter().filter(|name| before.get(*name) != now.get(*name));
    let words =
        |of: Option<&Vec<u8>>| of.map_or("not there".into(), |is| format!("{:?}", shown(is)));
    let change = |name: &Vec<u8>| Change {
        name: shown(name),
        was: words(before.get(name)),
        is: words(now.get(name)),
    };
    changed.map(change).collect()
}
