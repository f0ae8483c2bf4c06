//! What all panes of one picture are drawn from.

use trace::{Location, Task};

use super::Palette;
use crate::lens::{Row, World};
use crate::tui::model::Model;

/// A model, and what is asked of it more than once.
pub(super) struct Scene<'a> {
    pub(super) model: &'a Model,
    pub(super) palette: Palette,
    /// The row that is shown.
    pub(super) row: Option<&'a Row>,
    /// Who does it.
    pub(super) task: Option<Task>,
    /// The world before it, and after it.
    pub(super) before: World,
    pub(super) after: World,
    /// The line of source; that of the task's last call when the row has none.
    pub(super) location: Option<Location>,
}

impl<'a> Scene<'a> {
    pub(super) fn of(model: &'a Model, palette: Palette) -> Self {
        let story = &model.story;
        let row = model.row();
        let (mut before, mut after) = (World::default(), World::default());
        let (mut task, mut location) = (None, None);
        if let Some(row) = row {
            (before, after) = (story.world_before(row), story.world_after(row));
            task = crate::lens::whose(story.last(row));
            let last = || after.lanes.get(&task?)?.place.location();
            location = story.location(row).or_else(last).cloned();
        }
        Self { model, palette, row, task, before, after, location }
    }

    /// How many tasks have a lane.
    pub(super) fn tasks(&self) -> u16 {
        u16::try_from(self.after.lanes.len()).unwrap_or(u16::MAX)
    }

    /// Whether the row is at the line itself.
    pub(super) fn is_there(&self) -> bool {
        self.row.is_some_and(|row| self.model.story.location(row).is_some())
    }
}
