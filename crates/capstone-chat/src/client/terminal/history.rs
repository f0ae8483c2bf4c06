//! What was said before, for the arrow keys. In memory: what people say in a room is nothing that a
//! program leaves on a disk.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustyline::Result;
use rustyline::history::{SearchDirection, SearchResult};

/// How many lines are kept.
const MOST: usize = 200;

/// Lines, and where in them one is.
#[derive(Debug, Default)]
pub(super) struct History {
    lines: VecDeque<String>,
    /// How many lines back; 0 is the line that is being typed.
    back: usize,
}

impl History {
    /// A line was said. The same one twice in a row is kept once.
    pub(super) fn add(&mut self, line: &str) {
        self.back = 0;
        if line.is_empty() || self.lines.front().is_some_and(|last| last == line) {
            return;
        }
        self.lines.push_front(line.to_owned());
        self.lines.truncate(MOST);
    }

    /// Goes one further back; false at the first.
    pub(super) fn older(&mut self) -> bool {
        let is_one = self.back < self.lines.len();
        self.back += usize::from(is_one);
        is_one
    }

    /// Goes one forward; false at the line that is being typed.
    pub(super) fn newer(&mut self) -> bool {
        let is_one = self.back > 0;
        self.back -= usize::from(is_one);
        is_one
    }

    /// The line where one is: empty where one types.
    pub(super) fn line(&self) -> &str {
        self.back.checked_sub(1).map_or("", |at| &self.lines[at])
    }
}

/// The same for the editor, which learns of lines only when its call comes back: ours does not. So
/// for it there is one line, whatever it asks for, and that is the line where one is.
#[derive(Debug, Default, Clone)]
pub(super) struct Shared(Arc<Mutex<History>>);

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, History> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl rustyline::history::History for Shared {
    fn get(&self, _: usize, _: SearchDirection) -> Result<Option<SearchResult<'_>>> {
        let entry = Cow::Owned(self.lock().line().to_owned());
        Ok(Some(SearchResult { entry, idx: self.len(), pos: 0 }))
    }

    fn len(&self) -> usize {
        1
    }

    fn is_empty(&self) -> bool {
        false
    }

    fn add(&mut self, _: &str) -> Result<bool> {
        Ok(false)
    }

    fn add_owned(&mut self, _: String) -> Result<bool> {
        Ok(false)
    }

    fn set_max_len(&mut self, _: usize) -> Result<()> {
        Ok(())
    }

    fn ignore_dups(&mut self, _: bool) -> Result<()> {
        Ok(())
    }

    fn ignore_space(&mut self, _: bool) {}

    fn save(&mut self, _: &Path) -> Result<()> {
        Ok(())
    }

    fn append(&mut self, _: &Path) -> Result<()> {
        Ok(())
    }

    fn load(&mut self, _: &Path) -> Result<()> {
        Ok(())
    }

    fn clear(&mut self) -> Result<()> {
        Ok(())
    }

    fn search(&self, _: &str, _: usize, _: SearchDirection) -> Result<Option<SearchResult<'_>>> {
        Ok(None)
    }

    fn starts_with(
        &self,
        _: &str,
        _: usize,
        _: SearchDirection,
    ) -> Result<Option<SearchResult<'_>>> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_and_forward() {
        let mut history = History::default();
        assert!(!history.older() && !history.newer());
        for line in ["one", "two", "two", "", "three"] {
            history.add(line);
        }
        for line in ["three", "two", "one"] {
            assert!(history.older());
            assert_eq!(history.line(), line);
        }
        assert!(!history.older());
        for line in ["two", "three", ""] {
            assert!(history.newer());
            assert_eq!(history.line(), line);
        }
        assert!(!history.newer());
        history.older();
        history.add("four");
        assert_eq!(history.line(), "");
    }

    #[test]
    fn it_does_not_grow_for_ever() {
        let mut history = History::default();
        (0..MOST * 2).for_each(|n| history.add(&n.to_string()));
        assert_eq!(history.lines.len(), MOST);
    }
}
