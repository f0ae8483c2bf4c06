//! What is measured, and what must come out.

use std::fmt;

use bench::median;

use crate::inbox::Take;
use crate::peer::Peer;
use crate::room::Sample;
use crate::script::Lengths;

/// A room and what is said in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) members: usize,
    pub(crate) senders: usize,
    /// Messages that are said one right after the other.
    pub(crate) burst: usize,
    pub(crate) lengths: Lengths,
    pub(crate) take: Take,
}

/// As many as a server's receive buffer holds for certain (rmem_default, 208 KiB), so that no
/// request is lost.
const BURST: usize = 64;

impl Case {
    pub(crate) const ALL: [Self; 9] = [
        Self::new(50, 1),
        Self::new(50, 20),
        Self::new(200, 1),
        Self::new(200, 20),
        Self::new(1_000, 1),
        Self::new(1_000, 20),
        Self { take: Take::Whole, ..Self::new(1_000, 1) },
        Self { lengths: Lengths::Mixed, ..Self::new(1_000, 1) },
        Self { burst: 1, ..Self::new(1_000, 1) },
    ];

    pub(crate) const fn new(members: usize, senders: usize) -> Self {
        Self { members, senders, burst: BURST, lengths: Lengths::Equal, take: Take::Cut }
    }

    /// So many times the deliveries per second of that server; `None`: it is only told.
    ///
    /// - Beside sendto, the gain is one way through the kernel for many messages. So there must be
    ///   several for the same member, of one size (the last may be shorter: of mixed ones, every
    ///   other is); a single message to many members goes that way once for each, by sendmmsg, too.
    /// - Beside Python, whose own share of a delivery is small: where receivers want messages one by
    ///   one, five sixths of what a delivery costs the server is the loopback cutting them apart and
    ///   queueing each, which no sender can save.
    pub(crate) fn wanted(self, than: Peer) -> Option<f64> {
        let is_large = self.members == 1_000 && self.burst == BURST;
        match than {
            _ if !is_large || self.lengths == Lengths::Mixed => None,
            Peer::Relay => Some(1.5),
            Peer::Python if self.take == Take::Whole => Some(10.0),
            _ => None,
        }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { members, senders, burst, lengths, take } = self;
        let mut text = format!("{members} members, {senders} sender");
        if *senders > 1 {
            text.push('s');
        }
        text.push_str(match (*burst, lengths) {
            (1, _) => ", single",
            (_, Lengths::Equal) => ", equal",
            (_, Lengths::Mixed) => ", mixed",
        });
        if *take == Take::Whole {
            text.push_str(", UDP_GRO");
        }
        f.pad(&text)
    }
}

/// A case and its repetitions: in each, one sample of every server.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) case: Case,
    pub(crate) samples: Vec<Vec<(Peer, Sample)>>,
}

impl Row {
    pub(crate) fn of(&self, peer: Peer) -> impl Iterator<Item = &Sample> {
        self.samples.iter().flatten().filter(move |(by, _)| *by == peer).map(|(_, sample)| sample)
    }

    /// How many times as much ours delivers per second: the median of the ratios within each
    /// repetition. NaN where there is nothing to compare with.
    pub(crate) fn times(&self, than: Peer) -> f64 {
        median(self.of(Peer::Ours).zip(self.of(than)).map(|(ours, its)| ours.rate() / its.rate()))
    }

    /// The same, measured by the server's processor time.
    pub(crate) fn thrift(&self, than: Peer) -> f64 {
        median(self.of(Peer::Ours).zip(self.of(than)).map(|(ours, its)| its.cost() / ours.cost()))
    }

    pub(crate) fn lost(&self, peer: Peer) -> usize {
        self.of(peer).map(|sample| sample.tally.lost()).sum()
    }

    pub(crate) fn wrong(&self, peer: Peer) -> usize {
        self.of(peer).map(|sample| sample.tally.wrong).sum()
    }
}
