//! The bar above, the call, and the bar below.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Palette;
use super::scene::Scene;
use super::words::{self, clip, width};
use crate::tui::Prompt;
use crate::tui::model::{Goal, Mode, RunState};

/// What is on the stage, which step, and how the program does.
pub(super) fn title(scene: &Scene<'_>, area: Rect, buffer: &mut Buffer) {
    let model = scene.model;
    let number = |row| model.story.last(row).number;
    let last = model.story.rows().last().map(number);
    let step = match (scene.row.map(number), last) {
        (Some(step), Some(last)) => format!("step {step} of {last}"),
        _ => "no step yet".into(),
    };
    let how = match &model.run {
        RunState::Live if model.follows => "live, following".into(),
        RunState::Live => "live".into(),
        RunState::Over(how) => how.clone(),
    };
    let play = if model.play.is_on() {
        format!("▶ every {} s · ", model.play.pause().as_secs_f64())
    } else {
        String::new()
    };
    let more = if model.run == RunState::Live && last.is_some() { "+" } else { "" };
    let left = format!(" {} · {step}{more}", model.title);
    ends(&left, &format!("{play}{how} "), area, buffer);
}

/// A bar with a text at each end; the right one gives way.
fn ends(left: &str, right: &str, area: Rect, buffer: &mut Buffer) {
    let columns = usize::from(area.width);
    let left = clip(left, columns);
    let right = clip(right, columns.saturating_sub(width(&left) + 2));
    let gap = " ".repeat(columns.saturating_sub(width(&left) + width(&right)));
    let line = Line::styled(format!("{left}{gap}{right}"), Palette::bar());
    words::lines([line], area, buffer);
}

/// What happens: who, under which function, the call.
pub(super) fn call(scene: &Scene<'_>, area: Rect, buffer: &mut Buffer) {
    let (palette, story) = (scene.palette, &scene.model.story);
    let Some(row) = scene.row else {
        let text = match &scene.model.run {
            RunState::Live => "The program has begun; its first own call will appear here.",
            RunState::Over(_) => "The program has made no call of its own.",
        };
        return words::lines([Line::raw(text)], area, buffer);
    };
    let who = scene.task.map(|task| format!("{task} ")).unwrap_or_default();
    let heading = story.heading(row).map(|heading| format!("{heading} › ")).unwrap_or_default();
    let headline = story.headline(row);
    let text = format!("{who}{heading}{headline}");
    // What a call gives is what everybody waits for: arguments are left out before that is.
    let end = headline.rfind(") = ").or_else(|| headline.strip_suffix(" …").map(str::len));
    let tail = end.map_or("", |end| &headline[end..]);
    let lines = words::wrap_before(&text, tail, area.width, area.height);
    let lines = lines.into_iter().enumerate().map(|(index, line)| {
        if let (0, Some(rest)) = (index, line.strip_prefix(who.as_str())) {
            let rest = Span::styled(rest.to_owned(), Palette::bold());
            return Line::from(vec![Span::styled(who.clone(), palette.changed()), rest]);
        }
        Line::styled(line, Palette::bold())
    });
    words::lines(lines, area, buffer);
}

/// What is being typed, what is waited for, what the last key came to, or the keys.
pub(super) fn status(scene: &Scene<'_>, area: Rect, buffer: &mut Buffer) {
    let model = scene.model;
    let text = match (&model.mode, model.goal) {
        (Mode::Jump(text), _) => format!(" go to step {text}▁"),
        (Mode::Find(text), _) => format!(" find {text}▁"),
        (Mode::Type(text), _) => {
            let line = tail(text, usize::from(area.width).saturating_sub(4));
            format!(" < {line}▁")
        }
        (Mode::Help, _) => " any key goes on".into(),
        _ if !model.note.is_empty() => format!(" {}", model.note),
        (_, Some(Goal::Next)) => format!(" waiting for the next step: {}", everybody(scene)),
        (_, Some(Goal::Number(number))) => format!(" waiting for step {number}"),
        _ => {
            let live = model.run == RunState::Live;
            let follow = if live { " f follow" } else { "" };
            let input = if live && model.input == Prompt::Open { "i type" } else { "r again" };
            let keys = ["→ next ← back", "? help", "n task l line", "p play"].join("  ");
            format!(" {keys}{follow}  g go / find  {input}  q quit")
        }
    };
    ends(&text, "", area, buffer);
}

/// As much of the end of a text as fits.
fn tail(text: &str, columns: usize) -> &str {
    let from = text.char_indices().map(|(at, _)| at).find(|at| width(&text[*at..]) <= columns);
    from.map_or("", |from| &text[from..])
}

/// What everybody does, in a few words.
fn everybody(scene: &Scene<'_>) -> String {
    let alive = scene.after.lanes.iter().filter(|(_, lane)| lane.is_alive());
    let words = alive.map(|(&task, lane)| format!("{task} {}", lane.word(task, &scene.after)));
    words.collect::<Vec<_>>().join(", ")
}
