//! The table, and the verdicts at its end.

use std::io::{self, Write};

use bench::{Pair, Summary};

use crate::case::Row;

/// Microseconds for one operation.
pub(crate) fn table(out: &mut impl Write, rows: &[Row]) -> io::Result<()> {
    writeln!(
        out,
        "\n{:22}{:>8}  {:>12}{:>12}{:>12}{:>8}",
        "", "beside", "its us, p50", "ours, min", "ours, p50", "ratio"
    )?;
    for Row { case, raw, python } in rows {
        for (name, pairs) in [("calls", raw), ("Python", python)] {
            if pairs.is_empty() {
                continue;
            }
            let base = Summary::of(pairs.iter().map(|pair: &Pair| pair.raw));
            let ours = Summary::of(pairs.iter().map(|pair: &Pair| pair.ours));
            let (min, p50, ratio) = (ours.min, ours.p50, Row::ratio(pairs));
            writeln!(out, "{case:22}{name:>8}  {:12.3}{min:12.3}{p50:12.3}{ratio:8.3}", base.p50)?;
        }
    }
    Ok(())
}

/// One line for each requirement; gives the number of those that failed. What could not be
/// measured (no python3) is said, and is no failure.
pub(crate) fn verdicts(out: &mut impl Write, rows: &[Row]) -> io::Result<usize> {
    writeln!(out, "\nverdicts")?;
    let mut failed = 0;
    for Row { case, raw, python } in rows {
        let limits = case.limits();
        for (base, limit, pairs) in
            [("bare system calls", limits.raw, raw), ("Python", limits.python, python)]
        {
            let Some(limit) = limit else { continue };
            if pairs.is_empty() {
                writeln!(out, "??     {case}: nothing to compare with")?;
                continue;
            }
            let ratio = Row::ratio(pairs);
            // Written so that NaN is a failure.
            let kept = ratio <= limit;
            let word = if kept { "ok    " } else { "FAILED" };
            writeln!(out, "{word} {case}: {ratio:.3} of {base}, at most {limit}")?;
            failed += usize::from(!kept);
        }
    }
    Ok(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Case;

    fn row(case: Case, raw: f64, ours: f64) -> Row {
        Row { case, raw: vec![Pair { raw, ours }; 3], python: Vec::new() }
    }

    #[test]
    fn what_is_too_slow_fails() {
        let verdicts = |rows: &[Row]| verdicts(&mut Vec::new(), rows).unwrap();
        assert_eq!(verdicts(&[row(Case::Start, 1.0, 1.2), row(Case::Queue, 1.0, 0.09)]), 0);
        assert_eq!(verdicts(&[row(Case::Start, 1.0, 1.3), row(Case::Queue, 1.0, 0.2)]), 2);
        assert_eq!(verdicts(&[row(Case::Pipe, 0.0, 0.0)]), 1);
    }
}
