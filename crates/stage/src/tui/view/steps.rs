//! The steps around this one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::Palette;
use super::scene::Scene;
use super::words::{self, clip};

pub(super) fn draw(scene: &Scene<'_>, area: Rect, buffer: &mut Buffer) {
    let area = words::heading("steps", scene.palette.heading(), area, buffer);
    let (model, height) = (scene.model, usize::from(area.height));
    let rows = model.story.rows();
    let from = words::window(model.at, rows.len(), height);
    let lines = rows.iter().enumerate().skip(from).take(height).map(|(index, row)| {
        let last = model.story.last(row);
        let mark = if index == model.at { '▶' } else { ' ' };
        let who = crate::lens::whose(last).map(|task| task.to_string()).unwrap_or_default();
        let indent = if model.story.begins_group(index) { "" } else { "  " };
        let text =
            format!("{mark}{:>4} {who:<6} {indent}{}", last.number, model.story.headline(row));
        let text = clip(&text, area.width.into());
        if index == model.at {
            let rest = usize::from(area.width).saturating_sub(words::width(&text));
            Line::styled(format!("{text}{}", " ".repeat(rest)), Palette::bar())
        } else {
            Line::raw(text)
        }
    });
    words::lines(lines, area, buffer);
}
