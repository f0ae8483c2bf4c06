//! Draws a [`Model`]: the same model, size and colours always give the same picture.
//!
//! From 60×16 on there is the source with its narration, a lane for each task, the kernel and the
//! output; from 110×32 on the steps around this one too.

mod bars;
mod help;
mod kernel;
mod lanes;
mod output;
mod palette;
mod scene;
mod source;
mod steps;
#[cfg(test)]
mod tests;
mod words;

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};

pub(crate) use palette::Palette;
use scene::Scene;

use super::model::{Mode, Model};

/// Nothing smaller can be used.
const SMALLEST: (u16, u16) = (60, 16);
/// From here on there is room for more.
const LARGE: (u16, u16) = (110, 32);

/// Draws it.
pub(crate) fn draw(model: &Model, palette: Palette, area: Rect, buffer: &mut Buffer) {
    if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        return too_small(area, buffer);
    }
    let [title, body, status] =
        Layout::vertical([Constraint::Length(1), Constraint::Fill(1), Constraint::Length(1)])
            .areas(area);
    let scene = Scene::of(model, palette);
    bars::title(&scene, title, buffer);
    bars::status(&scene, status, buffer);
    if model.mode == Mode::Help {
        help::draw(body, buffer);
    } else if area.width >= LARGE.0 && area.height >= LARGE.1 {
        large(&scene, body, buffer);
    } else {
        small(&scene, body, buffer);
    }
}

fn small(scene: &Scene<'_>, area: Rect, buffer: &mut Buffer) {
    let height = area.height;
    let narration = if height < 20 { 2 } else { 3 };
    let lanes = scene.tasks().clamp(2, (height / 5).max(2));
    let kernel = (height / 4).max(3);
    let [call, narrator, source, who, below] = Layout::vertical([
        Constraint::Length(2),
        Constraint::Length(narration),
        Constraint::Fill(1),
        Constraint::Length(1 + lanes),
        Constraint::Length(1 + kernel),
    ])
    .areas(area);
    let [kernel, output] =
        Layout::horizontal([Constraint::Fill(5), Constraint::Fill(3)]).spacing(1).areas(below);
    bars::call(scene, call, buffer);
    source::narration(scene, narrator, buffer);
    source::draw(scene, source, buffer);
    lanes::draw(scene, who, buffer);
    kernel::draw(scene, kernel, buffer);
    output::draw(scene, output, buffer);
}

fn large(scene: &Scene<'_>, area: Rect, buffer: &mut Buffer) {
    let [left, right] =
        Layout::horizontal([Constraint::Fill(11), Constraint::Fill(10)]).spacing(1).areas(area);
    let lanes = scene.tasks().clamp(3, area.height / 4);
    let [call, narrator, source, output] = Layout::vertical([
        Constraint::Length(3),
        Constraint::Length(5),
        Constraint::Fill(3),
        Constraint::Fill(1),
    ])
    .areas(left);
    let [who, kernel, steps] =
        Layout::vertical([Constraint::Length(1 + lanes), Constraint::Fill(1), Constraint::Fill(1)])
            .areas(right);
    bars::call(scene, call, buffer);
    source::narration(scene, narrator, buffer);
    source::draw(scene, source, buffer);
    output::draw(scene, output, buffer);
    lanes::draw(scene, who, buffer);
    kernel::draw(scene, kernel, buffer);
    steps::draw(scene, steps, buffer);
}

fn too_small(area: Rect, buffer: &mut Buffer) {
    let (columns, rows) = SMALLEST;
    let text = format!(
        "stage needs {columns}×{rows} characters and has {}×{}: make the window larger, the letters \
         smaller, or leave with q and use --text",
        area.width, area.height
    );
    for (y, line) in (area.top()..area.bottom()).zip(words::wrap(&text, area.width)) {
        buffer.set_stringn(area.x, y, line, area.width.into(), Palette::plain());
    }
}
