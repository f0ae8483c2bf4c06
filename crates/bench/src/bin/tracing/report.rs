//! The table, and the verdicts at its end.

use std::io::{self, Write};

use bench::{Summary, median};

use crate::way::Way;
use crate::work::Work;

/// What a call may cost under the stage, in microseconds: printed, and not checked, because it says
/// as much of the machine as of the tracer.
const WANTED: f64 = 30.0;

/// One kind of work, and what a call took in each way, in microseconds, repetition by repetition.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) work: Work,
    pub(crate) repetitions: Vec<Vec<(Way, f64)>>,
}

impl Row {
    pub(crate) fn new(work: Work) -> Self {
        Self { work, repetitions: Vec::new() }
    }

    /// What a way adds to a call, in each repetition that has it.
    fn costs(&self, way: Way) -> impl Iterator<Item = f64> {
        self.repetitions.iter().filter_map(move |took| cost(took, way))
    }

    /// The median of what a way adds when the bare tracer adds 1; NaN where nothing was measured.
    fn ratio(&self, way: Way) -> f64 {
        let ratio = |took: &Vec<_>| Some(cost(took, way)? / cost(took, Way::Bare)?);
        median(self.repetitions.iter().filter_map(ratio))
    }
}

fn cost(took: &[(Way, f64)], way: Way) -> Option<f64> {
    let of = |way| took.iter().find(|(other, _)| *other == way).map(|(_, time)| *time);
    Some(of(way)? - of(Way::Alone)?)
}

/// At most so much of what the bare tracer adds, which is two waits, two resumes and four switches.
///
/// For a call that does not sleep the tracer asks four times more (which call, with what result, the
/// registers, the stack), walks the stack and keeps a step: as much again. That makes 2; 3 leaves
/// room for a machine on which a system call costs more beside a switch.
///
/// Half of the calls of the round trip sleep, and the kernel tells nobody. Before the tracer believes
/// it, it has stood back three times, waited in vain as often, and read three files of /proc: one
/// bare call more. At full speed it reads none, and stands back until the next report. That makes 3;
/// 4.5 leaves as much room, and for a sleeper on another processor than its tracer.
fn limit(work: Work, way: Way) -> Option<f64> {
    match way {
        Way::Free | Way::Steps | Way::Stage if work.sleeps() => Some(4.5),
        Way::Free | Way::Steps | Way::Stage => Some(3.0),
        Way::Alone | Way::Bare | Way::Strace | Way::StraceStack => None,
    }
}

pub(crate) fn table(out: &mut impl Write, rows: &[Row]) -> io::Result<()> {
    writeln!(
        out,
        "\n{:28}{:>14}  {:>10}{:>10}{:>10}{:>9}",
        "us added to a call", "", "min", "p25", "p50", "ratio"
    )?;
    for row in rows {
        for way in Way::ALL.into_iter().skip(1).filter(|way| row.costs(*way).next().is_some()) {
            let Summary { min, p25, p50 } = Summary::of(row.costs(way));
            let ratio = row.ratio(way);
            let over = if way == Way::Stage && p50 > WANTED { "  above 30 us" } else { "" };
            writeln!(
                out,
                "{:28}{way:>14}  {min:10.1}{p25:10.1}{p50:10.1}{ratio:9.2}{over}",
                row.work
            )?;
        }
    }
    writeln!(out, "The ratio is to the bare tracer. Wanted of the stage: at most {WANTED} us.")
}

/// One line for each requirement; gives the number of those that failed.
pub(crate) fn verdicts(out: &mut impl Write, rows: &[Row]) -> io::Result<usize> {
    writeln!(out, "\nverdicts")?;
    let mut failed = 0;
    for row in rows {
        for way in Way::ALL {
            let Some(limit) = limit(row.work, way) else { continue };
            let ratio = row.ratio(way);
            // Written so that NaN is a failure.
            let kept = ratio <= limit;
            let word = if kept { "ok    " } else { "FAILED" };
            writeln!(out, "{word} {}, {way}: {ratio:.2} of bare, at most {limit}", row.work)?;
            failed += usize::from(!kept);
        }
    }
    Ok(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(stage: f64) -> Row {
        let ways = [(Way::Alone, 1.0), (Way::Bare, 11.0), (Way::Free, 11.0), (Way::Steps, 11.0)];
        let took = ways.into_iter().chain([(Way::Stage, stage)]).collect();
        Row { work: Work::Read, repetitions: vec![took] }
    }

    #[test]
    fn what_is_too_slow_fails_and_what_the_program_takes_alone_is_not_counted() {
        let verdicts = |rows: &[Row]| verdicts(&mut Vec::new(), rows).unwrap();
        assert_eq!(verdicts(&[row(31.0)]), 0);
        assert_eq!(verdicts(&[row(31.1)]), 1);
        assert_eq!(verdicts(&[row(f64::NAN)]), 1);
        assert_eq!(verdicts(&[Row { work: Work::RoundTrip, ..row(46.0) }]), 0);
        assert_eq!(verdicts(&[Row { work: Work::RoundTrip, ..row(46.1) }]), 1);
    }
}
