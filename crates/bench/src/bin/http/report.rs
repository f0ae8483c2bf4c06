//! The table, and the verdicts at its end.

use std::io::{self, Write};

use crate::case::{Case, Figure, Wanted};
use crate::peer::Peer;
use crate::turns::Row;

/// A generator that works longer than this is what was measured.
const BUSY: f64 = 95.0;

pub(crate) fn table(out: &mut impl Write, rows: &[Row]) -> io::Result<()> {
    for row in rows {
        write!(out, "\n{:20}", row.case)?;
        for (figure, is_compared) in row.case.figures() {
            write!(out, "{:>14}", figure.title())?;
            if *is_compared {
                write!(out, "{:>9}", "x nginx")?;
            }
        }
        writeln!(out)?;
        for peer in Peer::ALL.into_iter().filter(|&peer| has(row, peer)) {
            write!(out, "  {:18}", peer.title())?;
            for &(figure, is_compared) in row.case.figures() {
                number(out, row.median(peer, figure), 14, figure.digits())?;
                if is_compared {
                    number(out, row.times(peer, figure), 9, 2)?;
                }
            }
            writeln!(out)?;
        }
        for (peer, why) in &row.failed {
            writeln!(out, "  SKIPPED {}: {why}", peer.name())?;
        }
    }
    Ok(())
}

pub(crate) fn has(row: &Row, peer: Peer) -> bool {
    row.samples.iter().any(|(by, _)| *by == peer)
}

/// What was not measured is a dash.
fn number(out: &mut impl Write, number: f64, width: usize, digits: usize) -> io::Result<()> {
    if number.is_nan() {
        write!(out, "{:>width$}", "-")
    } else {
        write!(out, "{number:width$.digits$}")
    }
}

/// One line for each requirement; gives the number of those that failed. What could not be measured
/// is said, and is no failure.
pub(crate) fn verdicts(out: &mut impl Write, rows: &[Row]) -> io::Result<usize> {
    let mut failed = 0;
    writeln!(out)?;
    for row in rows {
        for &(figure, wanted) in row.case.wanted() {
            let (median, times) = (row.median(Peer::EPOLL, figure), row.times(Peer::EPOLL, figure));
            let (kept, what) = match wanted {
                Wanted::AtLeast(least) => {
                    (times >= least, format!("{times:.2} x nginx, at least {least}"))
                }
                Wanted::AtMost(most) => {
                    (times <= most, format!("{times:.2} x nginx, at most {most}"))
                }
                Wanted::Bytes(most) => (median <= most, format!("{median:.0}, at most {most}")),
            };
            let figures = if matches!(wanted, Wanted::Bytes(_)) { median } else { times };
            let word = match kept {
                _ if figures.is_nan() => "??    ",
                true => "ok    ",
                false => "FAILED",
            };
            failed += usize::from(word == "FAILED");
            let note = if is_limited(row, figure) { " (the generator was the limit)" } else { "" };
            writeln!(out, "{word} {}, {}: {what}{note}", row.case, figure.title())?;
        }
    }
    Ok(failed)
}

/// Ours was as fast as it was asked.
fn is_limited(row: &Row, figure: Figure) -> bool {
    figure == Figure::Rate && row.median(Peer::EPOLL, Figure::Busy) > BUSY
}

/// Columns that have room on a page.
const COLUMNS: usize = 4;

/// The same as tables in Markdown: a row for each server, a column for each case, with what matters
/// most of it. Two figures stand one below the other.
pub(crate) fn markdown(out: &mut impl Write, rows: &[Row]) -> io::Result<()> {
    rows.chunks(COLUMNS).try_for_each(|rows| one_in_markdown(out, rows))
}

fn one_in_markdown(out: &mut impl Write, rows: &[Row]) -> io::Result<()> {
    let titles = rows.iter().map(|row| {
        let titles: Vec<_> = chosen(row.case).iter().map(|figure| figure.title()).collect();
        format!("{}<br>{}", row.case, titles.join("<br>"))
    });
    writeln!(out, "\n| server | {} |", titles.collect::<Vec<_>>().join(" | "))?;
    writeln!(out, "|---|{}", "---:|".repeat(rows.len()))?;
    for peer in Peer::ALL.into_iter().filter(|&peer| rows.iter().any(|row| has(row, peer))) {
        let cell = |row: &Row| match chosen(row.case) {
            _ if !has(row, peer) => "-".to_owned(),
            figures => figures
                .iter()
                .map(|&of| of.text(row.median(peer, of)))
                .collect::<Vec<_>>()
                .join("<br>"),
        };
        let cells: Vec<_> = rows.iter().map(cell).collect();
        writeln!(out, "| {} | {} |", peer.title(), cells.join(" | "))?;
    }
    Ok(())
}

fn chosen(case: Case) -> Vec<Figure> {
    let all = case.figures().iter();
    all.filter(|(_, is_compared)| *is_compared).map(|(figure, _)| *figure).collect()
}

impl Figure {
    /// With commas between thousands.
    pub(crate) fn text(self, number: f64) -> String {
        let text = format!("{number:.*}", self.digits());
        let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
        whole.parse().map_or_else(|_| text.clone(), |whole| grouped(whole) + rest)
    }
}

/// With commas between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let (thousands, rest) = (number / 1000, number % 1000);
    if thousands == 0 { rest.to_string() } else { format!("{},{rest:03}", grouped(thousands)) }
}
