//! The program's source: its lines, and what the comments say to a line.

mod comment;
mod narration;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::rc::Rc;

use trace::Location;

pub(crate) use narration::{Narration, Origin};

/// The lines of a file.
type Lines = Rc<[String]>;

/// All files of source that were asked for.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    /// Where the program's own files are.
    roots: Vec<PathBuf>,
    /// Those that are known, `None` those that cannot be read.
    files: RefCell<BTreeMap<String, Option<Lines>>>,
}

impl Sources {
    /// Files are looked for below these folders.
    pub(crate) fn below(roots: Vec<PathBuf>) -> Self {
        Self { roots, ..Self::default() }
    }

    /// From a recording: names and texts.
    pub(crate) fn recorded(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let file = |(name, text): (String, String)| (name, Some(lines(&text)));
        Self { roots: Vec::new(), files: RefCell::new(files.into_iter().map(file).collect()) }
    }

    /// The lines of a file; `None` when it cannot be read.
    pub(crate) fn lines(&self, file: &str) -> Option<Lines> {
        if let Some(known) = self.files.borrow().get(file) {
            return known.clone();
        }
        let read = |root: &PathBuf| std::fs::read_to_string(root.join(file)).ok();
        let found = self.roots.iter().find_map(read).map(|text| lines(&text));
        self.files.borrow_mut().insert(file.into(), found.clone());
        found
    }

    /// Why nothing of the program's own was seen.
    pub(crate) fn missing(&self) -> String {
        crate::program::no_source(&self.roots)
    }

    /// The code of a line, without what it is indented by and what a comment says to it.
    pub(crate) fn line(&self, location: &Location) -> Option<String> {
        let lines = self.lines(&location.file)?;
        Some(comment::split(lines.get(index(location)?)?).0.trim().to_owned())
    }

    /// What the comments say to a line.
    pub(crate) fn narration(&self, location: &Location) -> Option<Narration> {
        narration::of(&self.lines(&location.file)?, index(location)?, &location.function)
    }
}

fn index(location: &Location) -> Option<usize> {
    usize::try_from(location.line).ok()?.checked_sub(1)
}

fn lines(text: &str) -> Lines {
    text.lines().map(crate::lens::clean).collect()
}

/// Where in a line its comment begins; its end when there is none.
pub(crate) fn comment_at(line: &str) -> usize {
    comment::split(line).0.len()
}
