//! What must hold besides: nothing is lost at a rate that the receivers can take, and members that
//! do not read, or have gone, cost the others nothing.

use std::io::Write;
use std::time::Duration;

use bench::{Gate, median};
use cli::Outcome;

use crate::case::Case;
use crate::member::{Conduct, Tally};
use crate::peer::Peer;
use crate::report::verdict;
use crate::room::{Room, Sample};

/// Members of each of the two kinds.
const OF_A_KIND: usize = 10;

/// Half of what a server and its receivers do in turns, on processors of their own.
pub(crate) fn paced(
    out: &mut impl Write,
    case: Case,
    processor: usize,
    time: Duration,
    gate: &mut Gate,
) -> Outcome<usize> {
    writeln!(out, "\na steady rate, {case}, half of what server and receivers take")?;
    let mut failed = 0;
    for peer in Peer::ALL {
        let Some(mut room) = Room::open(peer, case, processor)? else { continue };
        gate.wait();
        let burst = room.bursts(3)?;
        let rate = burst.tally.deliveries() / burst.whole / 2.0;
        let Sample { tally, wall, .. } = room.paced(rate, time)?;
        let what = format!(
            "{peer}: {} deliveries, {:.0} thousand/s, {} lost, {} out of order or not said",
            tally.heard,
            tally.deliveries() / wall / 1e3,
            tally.lost(),
            tally.wrong
        );
        if peer == Peer::Ours {
            failed += verdict(out, tally.heard > 0 && tally.lost() + tally.wrong == 0, &what)?;
        } else {
            writeln!(out, "       {what}")?;
        }
    }
    Ok(failed)
}

/// The same room twice, the second time with dead and sleeping members in between.
pub(crate) fn bad_members(
    out: &mut impl Write,
    case: Case,
    processor: usize,
    repetitions: usize,
    gate: &mut Gate,
) -> Outcome<usize> {
    writeln!(out, "\n{case}, and the same with {OF_A_KIND} dead and {OF_A_KIND} that never read")?;
    let conducts = with_bad_ones(case.members);
    let mut failed = 0;
    for peer in [Peer::Ours, Peer::Relay] {
        let plain = Room::open(peer, case, processor)?;
        let mixed = Room::with(peer, case, &conducts, processor)?;
        let (Some(mut plain), Some(mut mixed)) = (plain, mixed) else { continue };
        let (mut without, mut with) = (Tally::default(), Tally::default());
        let (mut longer, mut dearer) = (Vec::new(), Vec::new());
        for repetition in 0..repetitions {
            gate.wait();
            let [first, second] = if repetition % 2 == 0 {
                [plain.bursts(1)?, mixed.bursts(1)?]
            } else {
                let second = mixed.bursts(1)?;
                [plain.bursts(1)?, second]
            };
            without.add(first.tally);
            with.add(second.tally);
            longer.push(second.wall / first.wall);
            dearer.push(second.cost() / first.cost());
        }
        let (heard, same) = (with.heard, with == without);
        let what = format!(
            "{peer}: {heard} deliveries to the others of {}, {} without; {:.2} times as long, {:.2} times the \
             processor time",
            with.due,
            without.heard,
            median(longer),
            median(dearer)
        );
        if peer == Peer::Ours {
            failed += verdict(out, same && heard == with.due, &what)?;
        } else {
            writeln!(out, "       {what}")?;
        }
    }
    Ok(failed)
}

/// `readers` who read, and the others spread among them; first and last reads.
fn with_bad_ones(readers: usize) -> Vec<Conduct> {
    let every = readers / (2 * OF_A_KIND);
    let mut conducts = Vec::new();
    for number in 0..readers {
        conducts.push(Conduct::Reads);
        if number % every == every / 2 {
            let is_even = (number / every).is_multiple_of(2);
            conducts.push(if is_even { Conduct::Dead } else { Conduct::Sleeps });
        }
    }
    conducts
}
