//! The keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Palette;
use super::words;
use crate::tui::keys::KEYS;

pub(super) fn draw(area: Rect, buffer: &mut Buffer) {
    let key = |(key, what): &(&'static str, &'static str)| {
        let gap = " ".repeat(14_usize.saturating_sub(words::width(key)));
        Line::from(vec![Span::styled(format!("  {key}{gap}"), Palette::bold()), Span::raw(*what)])
    };
    words::lines(KEYS.iter().map(key), area, buffer);
}
