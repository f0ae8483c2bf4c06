//! The table, and the verdicts at its end.

use std::io::{self, Write};

use bench::median;

use crate::case::Row;
use crate::peer::Peer;
use crate::room::Sample;

/// Deliveries per second, and what one of them costs the server's processor.
pub(crate) fn table(out: &mut impl Write, rows: &[Row]) -> io::Result<()> {
    writeln!(
        out,
        "\n{:34}{:>27}{:>27}{:>20}\n{:34}{sides}{sides}{:>10}{:>10}",
        "",
        "thousand deliveries/s",
        "us of processor for one",
        "ours is x times",
        "",
        "sendto",
        "Python",
        sides = format_args!("{:>9}{:>9}{:>9}", "ours", "sendto", "Python"),
    )?;
    for row in rows {
        write!(out, "{:34}", row.case)?;
        for peer in Peer::ALL {
            write!(out, "{:9.0}", median(row.of(peer).map(|sample| sample.rate() / 1e3)))?;
        }
        for peer in Peer::ALL {
            write!(out, "{:9.3}", median(row.of(peer).map(Sample::cost)))?;
        }
        writeln!(out, "{:10.2}{:10.1}", row.times(Peer::Relay), row.times(Peer::Python))?;
    }
    Ok(())
}

/// One line for each requirement; gives the number of those that failed. What could not be
/// measured (no python3) is said, and is no failure.
pub(crate) fn verdicts(out: &mut impl Write, rows: &[Row]) -> io::Result<usize> {
    writeln!(out, "\nverdicts")?;
    let mut failed = 0;
    for row in rows {
        let case = row.case;
        for than in [Peer::Relay, Peer::Python] {
            let Some(wanted) = case.wanted(than) else { continue };
            if row.of(than).next().is_none() {
                writeln!(out, "??     {case}: there is no {than} to compare with")?;
                continue;
            }
            let times = row.times(than);
            // NaN is a failure.
            let what = format!(
                "{case}: {times:.2} x {than} (by processor time {:.2}), at least {wanted}",
                row.thrift(than)
            );
            failed += verdict(out, times >= wanted, &what)?;
        }
        let (lost, wrong) = (row.lost(Peer::Ours), row.wrong(Peer::Ours));
        let what = format!("{case}: ours has lost {lost}, out of order or not said {wrong}");
        failed += verdict(out, lost + wrong == 0, &what)?;
    }
    Ok(failed)
}

pub(crate) fn verdict(out: &mut impl Write, kept: bool, what: &str) -> io::Result<usize> {
    writeln!(out, "{} {what}", if kept { "ok    " } else { "FAILED" })?;
    Ok(usize::from(!kept))
}
