//! What the kernel holds; what this step has changed in it is marked.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Palette;
use super::scene::Scene;
use super::words::{self, clip};
use crate::lens::{self, Fact, Mark};

pub(super) fn draw(scene: &Scene<'_>, area: Rect, buffer: &mut Buffer) {
    let area =
        words::heading("kernel  + new  * changed  - gone", scene.palette.heading(), area, buffer);
    let facts = lens::facts(&scene.before, &scene.after, scene.task);
    if facts.is_empty() && scene.row.is_some() {
        return words::lines([Line::raw("nothing was recorded of it")], area, buffer);
    }
    let own = facts.first().map(|fact| fact.process);
    let rank = |fact: &Fact| match fact.mark {
        Mark::Same if fact.heads => 1,
        Mark::Same if Some(fact.process) == own => 2,
        Mark::Same => 3,
        _ => 0,
    };
    // What is new comes first, then this process, then the others.
    let shown = words::choose(facts.len(), area.height.into(), |at| rank(&facts[*at]));
    let more = facts.len() - shown.len();
    let facts: Vec<_> = shown.iter().map(|&index| &facts[index]).collect();
    let free = usize::from(area.height).saturating_sub(facts.len() + usize::from(more > 0));
    let rooms = rooms(&facts, area.width, free, rank);
    let lines =
        facts.iter().zip(rooms).flat_map(|(fact, rows)| lines(scene, fact, area.width, rows));
    let more = (more > 0).then(|| Line::raw(format!("    … and {more} more")));
    words::lines(lines.chain(more), area, buffer);
}

/// How many rows each fact gets: one, and those that are free go to the ones that need them, the
/// most important first.
fn rooms(facts: &[&Fact], width: u16, mut free: usize, rank: impl Fn(&Fact) -> u8) -> Vec<u16> {
    let mut rooms = vec![1; facts.len()];
    let mut order: Vec<_> = (0..facts.len()).collect();
    order.sort_by_key(|&at| rank(facts[at]));
    for at in order {
        let needed = words::wrap(&facts[at].text, width.saturating_sub(INDENT)).len();
        let more = needed.saturating_sub(1).min(free);
        free -= more;
        rooms[at] += u16::try_from(more).unwrap_or(0);
    }
    rooms
}

/// Where the text of a fact begins, in the rows behind its first one.
const INDENT: u16 = 8;

fn lines(scene: &Scene<'_>, fact: &Fact, width: u16, rows: u16) -> Vec<Line<'static>> {
    let style = match (fact.mark, fact.heads) {
        (Mark::Same, false) => Palette::plain(),
        (Mark::Same, true) => Palette::bold(),
        _ => scene.palette.changed(),
    };
    let indent = if fact.heads { "" } else { "  " };
    let begin = format!("{} {indent}", fact.mark.letter());
    let styled = |text: String| Line::from(Span::styled(text, style));
    if rows == 1 {
        return vec![styled(clip(&(begin + &fact.text), width.into()))];
    }
    let parts = words::wrap_in(&fact.text, width.saturating_sub(INDENT), rows);
    let line = |(index, part): (usize, String)| {
        let begin = if index == 0 { &*begin } else { "        " };
        styled(format!("{begin}{part}"))
    };
    parts.into_iter().enumerate().map(line).collect()
}
