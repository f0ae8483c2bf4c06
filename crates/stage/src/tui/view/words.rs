//! Text that fits: columns are counted as the terminal does, where 一 takes two.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// The columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    Span::raw(text).width()
}

/// As much of a text as fits; an ellipsis at its end says that something is missing.
pub(super) fn clip(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.into();
    }
    let (mut line, mut used) = (String::new(), 0);
    for letter in text.chars() {
        used += width(letter.encode_utf8(&mut [0; 4]));
        if used + 1 > columns {
            break;
        }
        line.push(letter);
    }
    if columns > 0 {
        line.push('…');
    }
    line
}

/// In lines of at most so many columns, broken between words. A word that takes more than a line is
/// broken behind a comma or a bar, as flags have them, and where that does not do, as in a sentence
/// in Chinese, anywhere.
pub(super) fn wrap(text: &str, columns: u16) -> Vec<String> {
    let columns = usize::from(columns.max(2));
    let mut lines = vec![String::new()];
    let mut used = 0;
    let whole = move |word: &str| width(word) <= columns;
    let words = text.split_whitespace().flat_map(move |word| {
        let parts = word.split_inclusive(move |c| !whole(word) && matches!(c, ',' | '|'));
        parts.enumerate().map(|(index, part)| (index == 0, part))
    });
    for (begins, word) in words {
        let needed = width(word);
        let space = usize::from(begins && used > 0);
        let wide = needed > word.chars().count();
        if used > 0 && used + space + needed > columns && !(wide && used + 3 < columns) {
            lines.push(String::new());
            used = 0;
        }
        if used > 0 && begins {
            used += 1;
            push(&mut lines, ' ');
        }
        for letter in word.chars() {
            let needed = width(letter.encode_utf8(&mut [0; 4]));
            if used + needed > columns {
                lines.push(String::new());
                used = 0;
            }
            used += needed;
            push(&mut lines, letter);
        }
    }
    lines
}

fn push(lines: &mut [String], letter: char) {
    if let Some(line) = lines.last_mut() {
        line.push(letter);
    }
}

/// In pieces of at most so many columns that together are the text, blanks and all; broken behind
/// the last blank of a piece, where that does not leave most of it empty.
pub(super) fn fold(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for letter in text.chars() {
        let needed = width(letter.encode_utf8(&mut [0; 4]));
        if used + needed > columns {
            let last = lines.last_mut().map(|line| {
                let blank = line.rfind(' ').map(|at| at + 1).filter(|at| 2 * at > columns);
                line.split_off(blank.unwrap_or(line.len()))
            });
            lines.push(last.unwrap_or_default());
            used = lines.last().map_or(0, |line| width(line));
        }
        used += needed;
        push(&mut lines, letter);
    }
    lines
}

/// The same as [`wrap`], in no more than so many lines: what is missing is missing before `tail`,
/// which the text ends with.
pub(super) fn wrap_before(text: &str, tail: &str, columns: u16, rows: u16) -> Vec<String> {
    let fits = |lines: &[String]| lines.len() <= usize::from(rows);
    let whole = wrap(text, columns);
    if fits(&whole) {
        return whole;
    }
    let head: Vec<char> = text.strip_suffix(tail).unwrap_or(text).chars().collect();
    let cut =
        |count: usize| wrap(&(head[..count].iter().collect::<String>() + "…" + tail), columns);
    let counts: Vec<usize> = (0..=head.len()).collect();
    let most = counts.partition_point(|&count| fits(&cut(count))).saturating_sub(1);
    let mut lines = cut(most);
    lines.truncate(rows.into());
    lines
}

/// The same as [`wrap`], in no more than so many lines.
pub(super) fn wrap_in(text: &str, columns: u16, rows: u16) -> Vec<String> {
    let mut lines = wrap(text, columns);
    if lines.len() > usize::from(rows) {
        let rest = lines.split_off(usize::from(rows)).join(" ");
        if let Some(last) = lines.last_mut() {
            *last = clip(&format!("{last} {rest}"), columns.into());
        }
    }
    lines
}

/// A line across a pane that says what it is; what is below it is left.
pub(super) fn heading(text: &str, style: Style, area: Rect, buffer: &mut Buffer) -> Rect {
    let columns = usize::from(area.width);
    let text = clip(text, columns.saturating_sub(4));
    let rest = columns.saturating_sub(width(&text) + 4);
    let line = format!("─ {text} ─{}", "─".repeat(rest));
    buffer.set_stringn(area.x, area.y, line, columns, style);
    Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }
}

/// Lines from the top of a pane.
pub(super) fn lines<'a>(
    lines: impl IntoIterator<Item = Line<'a>>,
    area: Rect,
    buffer: &mut Buffer,
) {
    for (y, line) in (area.top()..area.bottom()).zip(lines) {
        buffer.set_line(area.x, y, &line, area.width);
    }
}

/// Which of `count` things are shown in so many rows: all, or those of the lowest rank, and a row
/// left over to say how many more there are.
pub(super) fn choose<R: Ord>(
    count: usize,
    rows: usize,
    rank: impl FnMut(&usize) -> R,
) -> Vec<usize> {
    let mut shown: Vec<usize> = (0..count).collect();
    if count > rows {
        shown.sort_by_key(rank);
        shown.truncate(rows.saturating_sub(1));
        shown.sort_unstable();
    }
    shown
}

/// Where a window over `length` things begins, so that `at` is in it, two thirds up at most.
pub(super) fn window(at: usize, length: usize, height: usize) -> usize {
    at.saturating_sub(height / 2).min(length.saturating_sub(height))
}

#[cfg(test)]
mod tests;
