//! The table, and the verdicts at its end.

use std::io::{self, Write};

use bench::{Pair, Summary, median};
use multiplex::Backend;

use crate::plan::{Case, Kind};

/// What the Poller may cost: the whole wake-up, where the raw loop takes 1.
const OVERHEAD: f64 = 1.15;
/// What epoll may cost with the most idle descriptors, where it takes 1 with the fewest.
const FLAT: f64 = 1.2;

/// A case and its repetitions, in the order in which they were made.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) case: Case,
    pub(crate) pairs: Vec<Pair>,
}

impl Row {
    /// The median of the ratios, pair by pair.
    fn ratio(&self) -> f64 {
        median(self.pairs.iter().map(Pair::ratio))
    }

    /// The median of the differences, in nanoseconds.
    fn extra(&self) -> f64 {
        median(self.pairs.iter().map(|pair| (pair.ours - pair.raw) * 1e3))
    }
}

/// The table: microseconds for one wake-up.
pub(crate) fn table(out: &mut impl Write, rows: &[Row]) -> io::Result<()> {
    writeln!(
        out,
        "\n{:33}raw loop, us{:17}Poller, us{:11}Poller / raw\n\
         back end  active    idle {sides}{sides}{:>10}{:>9}",
        "",
        "",
        "",
        "ratio",
        "more ns",
        sides = format_args!("{:>10}{:>9}{:>9}", "min", "p25", "p50"),
    )?;
    for row in rows {
        let Case { kind, place, idle } = row.case;
        write!(out, "{kind:10}{place:8}{:>6} ", grouped(idle))?;
        for side in [|pair: &Pair| pair.raw, |pair: &Pair| pair.ours] {
            let Summary { min, p25, p50 } = Summary::of(row.pairs.iter().map(side));
            write!(out, "{min:10.3}{p25:9.3}{p50:9.3}")?;
        }
        // Plus zero, because -0.3 would be printed as -0.
        writeln!(out, "{:10.3}{:9.0}", row.ratio(), row.extra().round() + 0.0)?;
    }
    Ok(())
}

/// One line for each requirement; gives the number of those that failed.
pub(crate) fn verdicts(out: &mut impl Write, rows: &[Row]) -> io::Result<usize> {
    writeln!(out, "\nverdicts")?;
    let mut failed = 0;
    for row in rows {
        let Case { kind, place, idle } = row.case;
        if matches!(kind, Kind::Level(_) | Kind::MioEdge) {
            let what = format!("{kind}, {} idle, active: {place}", grouped(idle));
            failed += verdict(out, &what, "of the raw loop", row.ratio(), OVERHEAD)?;
        }
    }
    let mut epoll = rows.iter().filter(|row| row.case.kind == Kind::Level(Backend::Epoll));
    if let (Some(few), Some(many)) = (epoll.next(), epoll.next_back()) {
        // Repetition by repetition: these two were measured within the same second.
        let pairs = few.pairs.iter().zip(&many.pairs);
        let ratio = median(pairs.map(|(few, many)| many.ours / few.ours));
        let what = format!("epoll is flat: {} idle", grouped(many.case.idle));
        let base = format!("of {} idle", grouped(few.case.idle));
        failed += verdict(out, &what, &base, ratio, FLAT)?;
    }
    Ok(failed)
}

fn verdict(
    out: &mut impl Write,
    what: &str,
    base: &str,
    ratio: f64,
    limit: f64,
) -> io::Result<usize> {
    // Written so that NaN is a failure.
    let kept = ratio <= limit;
    let word = if kept { "ok    " } else { "FAILED" };
    writeln!(out, "{word} {what}: {ratio:.3} {base}, at most {limit}")?;
    Ok(usize::from(!kept))
}

/// 10000 as 10,000.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Place;

    fn row(kind: Kind, idle: usize, raw: f64, ours: f64) -> Row {
        Row { case: Case { kind, place: Place::Middle, idle }, pairs: vec![Pair { raw, ours }; 3] }
    }

    #[test]
    fn what_is_too_slow_fails_and_what_is_not_judged_cannot() {
        let epoll = Kind::Level(Backend::Epoll);
        let rows = [
            row(Kind::MioLevel, 10, 1.0, 9.0),
            row(epoll, 10, 1.0, 1.1),
            row(epoll, 10_000, 1.2, 1.3),
        ];
        let mut out = Vec::new();
        assert_eq!(verdicts(&mut out, &rows).unwrap(), 0);
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("ok     epoll is flat: 10,000 idle: 1.182 of 10 idle"), "{text}");

        let rows = [row(epoll, 10, 1.0, 1.2), row(epoll, 10_000, 2.0, 2.0)];
        assert_eq!(verdicts(&mut Vec::new(), &rows).unwrap(), 2);
        assert_eq!(verdicts(&mut Vec::new(), &[row(epoll, 10, 0.0, 0.0)]).unwrap(), 1);
    }

    #[test]
    fn thousands_have_commas() {
        assert_eq!([0, 10, 1000, 10_000].map(grouped), ["0", "10", "1,000", "10,000"]);
    }
}
