//! What the program has said so far.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use trace::Stream;

use super::Palette;
use super::scene::Scene;
use super::words;
use crate::lens::{self, Voice};

pub(super) fn draw(scene: &Scene<'_>, area: Rect, buffer: &mut Buffer) {
    let area = words::heading("output", scene.palette.heading(), area, buffer);
    let Some(row) = scene.row else { return };
    let story = &scene.model.story;
    let height = usize::from(area.height);
    let said = story.said(row).voices(height);
    // At least the last of them is from this step, when it says anything.
    let fresh = story.says(row).voices(height).len();
    let old = said.len() - fresh.min(said.len());
    let mut lines = Vec::new();
    let columns = usize::from(area.width).saturating_sub(2);
    for (index, (voice, text)) in said.into_iter().enumerate() {
        let (mark, style) = match (voice, index >= old) {
            (Voice::Program(Stream::Err), _) => ('!', scene.palette.wrong()),
            (Voice::Keys, _) => ('<', scene.palette.changed()),
            (Voice::Program(Stream::Out), true) => ('>', Palette::bold()),
            (Voice::Program(Stream::Out), false) => (' ', Palette::plain()),
        };
        // Of a line without an end, no more than fits is looked at.
        let text = end(text, height * columns);
        let parts = words::fold(&lens::clean(text), columns);
        lines.extend(parts.into_iter().enumerate().map(|(part, text)| {
            let mark = if part == 0 { mark } else { ' ' };
            Line::styled(format!("{mark} {text}"), style)
        }));
    }
    // The last of them, when there are too many.
    let hidden = lines.len().saturating_sub(height);
    words::lines(lines.into_iter().skip(hidden), area, buffer);
}

/// The last so many letters.
fn end(text: &str, letters: usize) -> &str {
    let from = text.char_indices().rev().nth(letters.max(1) - 1);
    from.map_or(text, |(from, _)| &text[from..])
}
