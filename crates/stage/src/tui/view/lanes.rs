//! A lane for each task: a call that blocks is seen to block while others move.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use trace::Task;

use super::Palette;
use super::scene::Scene;
use super::words::{self, clip};
use crate::lens::Lane;

pub(super) fn draw(scene: &Scene<'_>, area: Rect, buffer: &mut Buffer) {
    let area = words::heading("who does what", scene.palette.heading(), area, buffer);
    let lanes: Vec<_> = scene.after.lanes.iter().collect();
    let rank = |index: &usize| {
        let (&task, lane) = lanes[*index];
        let gone = lane.word(task, &scene.after) == "ended";
        // Whoever moves, then those who live, then those who have ended, the last ones first.
        (Some(task) != scene.task, gone, if gone { lanes.len() - index } else { *index })
    };
    let shown = words::choose(lanes.len(), area.height.into(), rank);
    let more = lanes.len() - shown.len();
    let lines = shown.into_iter().map(|at| line(scene, *lanes[at].0, lanes[at].1, area.width));
    let more = (more > 0).then(|| Line::raw(format!("        and {more} more tasks")));
    words::lines(lines.chain(more), area, buffer);
}

fn line(scene: &Scene<'_>, task: Task, lane: &Lane, width: u16) -> Line<'static> {
    let palette = scene.palette;
    let moves = Some(task) == scene.task;
    let word = lane.word(task, &scene.after);
    let name = format!("{} {task:<6}", if moves { '▶' } else { ' ' });
    // Where a folder is too much for the column, the file alone says enough.
    let at = lane.at();
    let at = if words::width(&at) > 15 { at.rsplit('/').next().unwrap_or(&at) } else { &at };
    let place = format!("{at:<15} {}", lane.details(task, &scene.after));
    let room = usize::from(width).saturating_sub(words::width(&name) + 9);
    let style = if moves { Palette::bold() } else { Palette::plain() };
    Line::from(vec![
        Span::styled(name, style),
        Span::styled(format!("{word:<8} "), palette.doing(word)),
        Span::styled(clip(&place, room), style),
    ])
}
