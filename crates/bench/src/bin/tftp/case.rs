//! What is measured by UDP, and what must come out.

use std::fmt;

use bench::median;
use capstone_tftp::tftp::options::{Agreed, Ask as Options};
use cli::Outcome;

use crate::crowd::Sample;
use crate::files::Name;
use crate::peer::Peer;

/// What a client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ask {
    pub(crate) blksize: u16,
    pub(crate) window: u16,
}

impl Ask {
    /// What RFC 1350 has without a word.
    pub(crate) const PLAIN: Self = Self { blksize: 512, window: 1 };

    pub(crate) fn options(self) -> Options {
        let blksize = (self.blksize != Self::PLAIN.blksize).then_some(self.blksize);
        let windowsize = (self.window != Self::PLAIN.window).then_some(self.window);
        Options { blksize, windowsize, ..Options::default() }
    }

    /// Whether the server has agreed; if it has not, something else was measured.
    pub(crate) fn granted(self, agreed: &Agreed) -> Outcome {
        if self.window > 1 && agreed.windowsize == 1 {
            return Err("it has no windowsize".into());
        }
        if (self.blksize, self.window) != (agreed.blksize, agreed.windowsize) {
            let Agreed { blksize, windowsize, .. } = agreed;
            return Err(format!("it agreed to blksize {blksize}, windowsize {windowsize}").into());
        }
        Ok(())
    }
}

/// Clients at once, and what each of them asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) ask: Ask,
    pub(crate) clients: usize,
}

impl Case {
    /// Those of a row are measured together, so that they may be compared with each other.
    pub(crate) const ALL: [&[Self]; 4] = [
        &[Self::of(512, 1), Self::of(512, 16), Self::of(512, 64)],
        &[Self::of(1428, 1), Self::of(1428, 16), Self::of(1428, 64)],
        &[Self::of(65_464, 1), Self::of(65_464, 16), Self::of(65_464, 64)],
        &[Self { clients: 64, ..Self::of(1428, 1) }],
    ];

    const fn of(blksize: u16, window: u16) -> Self {
        Self { ask: Ask { blksize, window }, clients: 1 }
    }

    /// So many times the bytes per second of any peer in that case; `None`: it is only told.
    pub(crate) fn wanted(self) -> Option<(f64, Self)> {
        match (self.ask, self.clients) {
            (Ask { window: 1, .. }, 1) => Some((1.0, self)),
            (Ask { blksize: 1428, window: 64 }, 1) => Some((3.0, Self::of(1428, 1))),
            _ => None,
        }
    }

    /// Which file each client reads, and how often one after the other: a sample has to be long
    /// against an interruption.
    pub(crate) fn reads(self) -> (Name, usize) {
        let under_way = u32::from(self.ask.window) * u32::from(self.ask.blksize);
        let is_fast = under_way > 20_000;
        match self.clients {
            1 => (Name::Whole, if is_fast { 4 } else { 1 }),
            _ => (Name::Part, 1),
        }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ask: Ask { blksize, window }, clients } = self;
        let window = if *window == 1 { String::new() } else { format!(", windowsize {window}") };
        let clients = if *clients == 1 { String::new() } else { format!(", {clients} clients") };
        f.pad(&format!("blksize {blksize}{window}{clients}"))
    }
}

/// A case and its repetitions: in each, one sample of every server that can do it.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) case: Case,
    pub(crate) samples: Vec<(Peer, Sample)>,
    /// Who cannot, and why.
    pub(crate) skipped: Vec<(Peer, String)>,
}

impl Row {
    pub(crate) fn new(case: Case) -> Self {
        Self { case, samples: Vec::new(), skipped: Vec::new() }
    }

    /// A peer that fails is noted and left out; ours must not.
    pub(crate) fn had<T>(&mut self, peer: Peer, outcome: Outcome<T>) -> Outcome<Option<T>> {
        match outcome {
            Err(why) if peer != Peer::OURS => {
                self.skipped.push((peer, why.to_string()));
                Ok(None)
            }
            outcome => outcome.map(Some),
        }
    }

    pub(crate) fn of(&self, peer: Peer) -> impl Iterator<Item = &Sample> {
        self.samples.iter().filter(move |(by, _)| *by == peer).map(|(_, sample)| sample)
    }

    /// How many times as fast ours is in this row as that server in the other: the median of the
    /// ratios within each repetition. NaN where there is nothing to compare with.
    pub(crate) fn times(&self, than: Peer, there: &Self) -> f64 {
        let pairs = self.of(Peer::OURS).zip(there.of(than));
        median(pairs.map(|(ours, its)| ours.rate() / its.rate()))
    }

    /// The peer that is hardest to beat, and the ratio to it.
    pub(crate) fn fastest(&self, there: &Self) -> Option<(Peer, f64)> {
        let peers = Peer::UDP.into_iter().filter(|&peer| peer != Peer::OURS);
        let had = peers.filter(|&peer| there.of(peer).next().is_some());
        had.map(|peer| (peer, self.times(peer, there))).min_by(|(_, a), (_, b)| a.total_cmp(b))
    }
}
