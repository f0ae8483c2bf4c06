//! The tables, and the verdicts at their ends.

use std::io::{self, Write};

use bench::median;

use crate::case::Row;
use crate::crowd::Sample;
use crate::peer::Peer;
use crate::stream::{self, Source};

/// What TCP must reach of nginx.
const OF_NGINX: f64 = 0.95;

/// Millions of bytes per second, server by server.
pub(crate) fn udp(out: &mut impl Write, rows: &[Row]) -> io::Result<()> {
    writeln!(out, "\n{:30}{:>40}{:>30}", "UDP", "MB/s", "ours is x times")?;
    write!(out, "{:30}{:>10}", "", "ours")?;
    for peer in [&Peer::UDP[1..], &Peer::UDP[1..]].concat() {
        write!(out, "{:>10}", peer.name())?;
    }
    writeln!(out)?;
    for row in rows {
        write!(out, "{:30}", row.case)?;
        for peer in Peer::UDP {
            figure(out, median(row.of(peer).map(Sample::rate)), 1)?;
        }
        for peer in &Peer::UDP[1..] {
            figure(out, row.times(*peer, row), 2)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// What was not measured is a dash.
fn figure(out: &mut impl Write, figure: f64, digits: usize) -> io::Result<()> {
    if figure.is_nan() { write!(out, "{:>10}", "-") } else { write!(out, "{figure:10.digits$}") }
}

/// One line for each requirement; gives the number of those that failed. What could not be
/// measured (a server that is not installed) is said, and is no failure.
pub(crate) fn udp_verdicts(out: &mut impl Write, rows: &[Row]) -> io::Result<usize> {
    writeln!(out)?;
    let mut skipped: Vec<&(Peer, String)> = Vec::new();
    for one in rows.iter().flat_map(|row| &row.skipped) {
        if !skipped.contains(&one) {
            writeln!(out, "SKIPPED {} in some cases: {}", one.0.name(), one.1)?;
            skipped.push(one);
        }
    }
    let mut failed = 0;
    for row in rows {
        for peer in Peer::UDP {
            let repeats: usize = row.of(peer).map(|sample| sample.repeats).sum();
            if repeats > 0 {
                writeln!(
                    out,
                    "       {}: {} was asked again {repeats} times",
                    row.case,
                    peer.name()
                )?;
            }
        }
        let Some((wanted, there)) = row.case.wanted() else { continue };
        let fastest =
            rows.iter().find(|row| row.case == there).and_then(|there| row.fastest(there));
        let Some((peer, times)) = fastest else {
            writeln!(out, "??     {}: nothing to compare with", row.case)?;
            continue;
        };
        let case = row.case;
        let without = if there == case { String::new() } else { format!(" at {there}") };
        let what = format!("{case}: {times:.2} x {}{without}, at least {wanted}", peer.name());
        failed += verdict(out, times >= wanted, &what)?;
    }
    Ok(failed)
}

/// The same for TCP.
pub(crate) fn tcp(out: &mut impl Write, rows: &[stream::Row], huge: u64) -> io::Result<usize> {
    let size = huge >> 20;
    writeln!(out, "\n{:30}{:>10}{:>10}", format!("TCP, {size} MiB"), "MB/s", "x nginx")?;
    let find = |source: Source| rows.iter().find(|row| row.source == source);
    let nginx = find(Source { peer: Peer::Nginx, checksum: false });
    for row in rows {
        write!(out, "{:30}", row.source.text())?;
        figure(out, median(row.rates.iter().copied()), 0)?;
        figure(out, nginx.map_or(f64::NAN, |nginx| row.times(nginx)), 2)?;
        writeln!(out)?;
    }
    writeln!(out)?;
    let ours = find(Source { peer: Peer::OURS, checksum: false });
    let Some((ours, nginx)) = ours.zip(nginx) else {
        writeln!(out, "??     TCP: nothing to compare with")?;
        return Ok(0);
    };
    let times = ours.times(nginx);
    verdict(out, times >= OF_NGINX, &format!("TCP: {times:.2} x nginx, at least {OF_NGINX}"))
}

/// NaN is a failure.
fn verdict(out: &mut impl Write, kept: bool, what: &str) -> io::Result<usize> {
    writeln!(out, "{} {what}", if kept { "ok    " } else { "FAILED" })?;
    Ok(usize::from(!kept))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Case;

    /// One repetition: 1 MB in so many seconds by each server.
    fn row(case: Case, ours: f64, its: f64) -> Row {
        let sample = |wall| Sample { bytes: 1_000_000, wall, repeats: 0 };
        let samples = vec![(Peer::OURS, sample(ours)), (Peer::Atftpd, sample(its))];
        Row { samples, ..Row::new(case) }
    }

    #[test]
    fn what_is_too_slow_fails_and_what_cannot_be_compared_does_not() {
        let (plain, wide) = (Case::ALL[1][0], Case::ALL[1][2]);
        let verdicts = |rows: &[Row]| udp_verdicts(&mut Vec::new(), rows).unwrap();
        assert_eq!(verdicts(&[row(plain, 1.0, 1.01), row(wide, 0.3, 0.1)]), 0);
        assert_eq!(verdicts(&[row(plain, 1.0, 0.99), row(wide, 0.3, 0.1)]), 1);
        assert_eq!(verdicts(&[row(plain, 1.0, 1.01), row(wide, 0.4, 0.1)]), 1);
        assert_eq!(verdicts(&[row(wide, 9.0, 0.1)]), 0);
        assert_eq!(verdicts(&[Row::new(plain)]), 0);
    }

    #[test]
    fn the_fastest_peer_counts() {
        let mut row = row(Case::ALL[0][0], 1.0, 2.0);
        row.samples.push((Peer::Hpa, Sample { bytes: 1_000_000, wall: 0.5, repeats: 0 }));
        let (peer, times) = row.fastest(&row).unwrap();
        assert_eq!(peer, Peer::Hpa);
        assert!((times - 0.5).abs() < 1e-9, "{times}");
    }
}
