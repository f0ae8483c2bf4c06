//! The source around the line, and what its comments say.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use trace::{Event, Task};

use super::Palette;
use super::scene::Scene;
use super::words::{self, clip};
use crate::lens;
use crate::source::{Origin, comment_at};
use crate::tui::model::RunState;

/// What the comments say to this line.
pub(super) fn narration(scene: &Scene<'_>, area: Rect, buffer: &mut Buffer) {
    let Some(location) = &scene.location else { return };
    let Some(narration) = scene.model.sources.narration(location) else { return };
    let name = lens::short(&location.function);
    let about = match narration.origin {
        Origin::Line => String::new(),
        Origin::Function => format!("{}: ", name.rsplit("::").next().unwrap_or(&name)),
        Origin::File => format!("{}: ", lens::file(location)),
    };
    let text = format!("{about}{}", narration.text());
    let width = area.width.saturating_sub(2);
    let lines = words::wrap_in(&text, width, area.height).into_iter().map(|line| {
        Line::from(vec![
            Span::styled("▌ ", scene.palette.heading()),
            Span::styled(line, scene.palette.comment()),
        ])
    });
    words::lines(lines, area, buffer);
}

/// The source; or, when nobody can move, where everybody sleeps.
pub(super) fn draw(scene: &Scene<'_>, area: Rect, buffer: &mut Buffer) {
    if let Some(Event::Stuck(asleep)) = scene.row.map(|row| &scene.model.story.last(row).event) {
        let asleep_all = lens::everybody_sleeps(asleep);
        return stuck(scene, asleep_all, &lens::report(asleep), area, buffer);
    }
    let Some(location) = &scene.location else {
        let model = scene.model;
        if matches!(model.run, RunState::Over(_)) && model.story.is_opaque() {
            let text = words::wrap(&model.sources.missing(), area.width).into_iter();
            words::lines(text.map(|line| Line::styled(line, scene.palette.wrong())), area, buffer);
        }
        return;
    };
    let place = lens::place(location);
    let title = format!("{place} in {}", lens::short(&location.function));
    let area = words::heading(&title, scene.palette.heading(), area, buffer);
    let Some(lines) = scene.model.sources.lines(&location.file) else {
        let text = format!("the source of {} is not here", location.file);
        return words::lines([Line::raw(text)], area, buffer);
    };
    let current = usize::try_from(location.line).unwrap_or(0).saturating_sub(1);
    let room = usize::from(area.width).saturating_sub(GUTTER);
    let whole = lines.get(current).map(|line| whole(line, room)).unwrap_or_default();
    let height = usize::from(area.height).saturating_sub(whole.len().saturating_sub(1));
    let from = words::window(current, lines.len(), height);
    let others = others(scene, &location.file);
    let shown = lines.iter().enumerate().skip(from).take(height);
    let shown = shown.flat_map(|(index, text)| {
        let other = others.get(&index).map_or(String::new(), ToString::to_string);
        let number = |mark| format!("{other:<4}{:>4} {mark} ", index + 1);
        if index == current {
            here(scene, &number(if scene.is_there() { "▶" } else { "▷" }), &whole, room)
        } else {
            vec![line(scene, number(" "), &clip(text, room))]
        }
    });
    words::lines(shown, area, buffer);
}

/// The other tasks that live, by the line of this file that each was seen at last.
fn others(scene: &Scene<'_>, file: &str) -> BTreeMap<usize, Task> {
    let lanes = scene.after.lanes.iter().rev();
    let others = lanes.filter(|(task, lane)| Some(**task) != scene.task && lane.is_alive());
    let lines = others.filter_map(|(&task, lane)| {
        let location = lane.place.location().filter(|location| location.file == file)?;
        Some((usize::try_from(location.line).ok()?.checked_sub(1)?, task))
    });
    lines.collect()
}

/// The columns before a line: another task, the number, the mark.
const GUTTER: usize = 11;

/// A line as a whole, in at most three rows: it is what everybody looks at.
fn whole(text: &str, room: usize) -> Vec<String> {
    let mut rows = words::fold(text, room);
    if rows.len() > 1 {
        let indent = " ".repeat(text.len() - text.trim_start().len() + 4);
        let rest = rows.split_off(1).concat();
        let rest = words::fold(rest.trim_start(), room.saturating_sub(indent.len()).max(20));
        let last = rest.iter().skip(1).map(String::as_str).collect::<String>();
        let rest = rest.into_iter().take(1).chain((!last.is_empty()).then_some(last));
        rows.extend(rest.map(|row| clip(&format!("{indent}{row}"), room)));
    }
    rows
}

/// The line that is being executed.
fn here(scene: &Scene<'_>, number: &str, rows: &[String], room: usize) -> Vec<Line<'static>> {
    let row = |(index, text): (usize, &String)| {
        let number = if index == 0 { number.to_owned() } else { " ".repeat(GUTTER) };
        if scene.is_there() {
            let rest = " ".repeat(room.saturating_sub(words::width(text)));
            Line::styled(format!("{number}{text}{rest}"), Palette::bar())
        } else {
            line(scene, number, text)
        }
    };
    rows.iter().enumerate().map(row).collect()
}

fn line(scene: &Scene<'_>, number: String, text: &str) -> Line<'static> {
    let (code, comment) = text.split_at(comment_at(text));
    Line::from(vec![
        Span::styled(number, scene.palette.heading()),
        Span::raw(code.to_owned()),
        Span::styled(comment.to_owned(), scene.palette.comment()),
    ])
}

fn stuck(scene: &Scene<'_>, dead: bool, report: &[String], area: Rect, buffer: &mut Buffer) {
    let (title, text) = if dead {
        (
            "nobody can move",
            if scene.model.run == RunState::Live {
                "Everybody sleeps, and no time limit will wake anybody: only what comes from \
                 outside, such as a client, or a line that you type (i)."
            } else {
                "Everybody sleeps, and no time limit will wake anybody. Who waits for whom?"
            },
        )
    } else {
        ("nothing happens", "Somebody computes, and makes no call.")
    };
    let area = words::heading(title, scene.palette.wrong(), area, buffer);
    let text = words::wrap(text, area.width).into_iter();
    let mut lines: Vec<_> = text.map(|text| Line::styled(text, Palette::bold())).collect();
    for task in report {
        lines.extend(words::wrap(task, area.width).into_iter().map(Line::raw));
    }
    words::lines(lines, area, buffer);
}
