//! Finding a text, in a story of any length.

use super::model::Model;
use crate::lens::{Row, Story};
use crate::source::Sources;

/// What can be found in each row, in small letters. The last row may still change and is not here.
#[derive(Debug, Default)]
pub(crate) struct Index(Vec<String>);

impl Index {
    /// Takes in the rows that are complete.
    pub(super) fn extend(&mut self, story: &Story, sources: &Sources) {
        let complete = story.rows().len().saturating_sub(1);
        let new = story.rows()[..complete].iter().skip(self.0.len());
        self.0.extend(new.map(|row| words(story, sources, row)));
    }
}

/// Its call, its line, what the program says in it.
fn words(story: &Story, sources: &Sources, row: &Row) -> String {
    let mut words = story.headline(row);
    let line = story.location(row).and_then(|location| sources.line(location));
    for part in story.heading(row).into_iter().chain(line) {
        words.push('\n');
        words.push_str(&part);
    }
    for (_, text) in story.says(row).lines(usize::MAX) {
        words.push('\n');
        words.push_str(text);
    }
    words.to_lowercase()
}

impl Model {
    /// In calls, lines and output, from here on and around.
    pub(super) fn find(&mut self) {
        if self.sought.is_empty() {
            return;
        }
        let wanted = self.sought.to_lowercase();
        let rows = self.story.rows().len();
        let mentions = |at: &usize| match self.index.0.get(*at) {
            Some(words) => words.contains(&wanted),
            None => words(&self.story, &self.sources, &self.story.rows()[*at]).contains(&wanted),
        };
        let found = (self.at + 1..rows).chain(0..rows.min(self.at + 1)).find(mentions);
        match found {
            Some(row) if row <= self.at => {
                self.note = format!("{:?}: from the beginning again", self.sought);
                self.at = row;
            }
            Some(row) => self.at = row,
            None => self.note = format!("{:?} is nowhere in these steps", self.sought),
        }
    }
}
