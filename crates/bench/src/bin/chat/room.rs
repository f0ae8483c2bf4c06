//! A server, its members, and how they are measured.

use std::time::{Duration, Instant};

use cli::Outcome;

use crate::case::Case;
use crate::crowd::Crowd;
use crate::member::{Conduct, Tally};
use crate::peer::{Peer, Server};
use crate::script::Script;

/// What was measured.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sample {
    pub(crate) tally: Tally,
    /// Seconds until the last member had the last message.
    pub(crate) wall: f64,
    /// Seconds of processor time that the server took for it.
    pub(crate) busy: f64,
    /// Seconds until everybody had read everything.
    pub(crate) whole: f64,
}

impl Sample {
    /// Deliveries per second, where every receiver's buffer takes what comes.
    pub(crate) fn rate(&self) -> f64 {
        self.tally.deliveries() / self.wall
    }

    /// Microseconds of the server's processor for one delivery.
    pub(crate) fn cost(&self) -> f64 {
        self.busy * 1e6 / self.tally.deliveries()
    }
}

#[derive(Debug)]
pub(crate) struct Room {
    server: Server,
    crowd: Crowd,
    case: Case,
}

impl Room {
    /// `None` where this server cannot be had.
    pub(crate) fn open(peer: Peer, case: Case, processor: usize) -> Outcome<Option<Self>> {
        Self::with(peer, case, &vec![Conduct::Reads; case.members], processor)
    }

    pub(crate) fn with(
        peer: Peer,
        case: Case,
        conducts: &[Conduct],
        processor: usize,
    ) -> Outcome<Option<Self>> {
        let Some(server) = peer.start(processor)? else { return Ok(None) };
        let script = Script::new(case.senders, case.lengths);
        let crowd = Crowd::enter(server.address, conducts, case.take, script)?;
        Ok(Some(Self { server, crowd, case }))
    }

    /// Bursts, each as fast as it can be said, and then nothing until everybody has read it: the
    /// buffers of the receivers take a burst, so that the server alone is measured.
    pub(crate) fn bursts(&mut self, count: usize) -> Outcome<Sample> {
        let mut sample = Sample::default();
        for _ in 0..count {
            self.crowd.begin();
            let busy = self.server.busy()?;
            let start = Instant::now();
            for _ in 0..self.case.burst {
                self.crowd.say()?;
            }
            self.crowd.wait_for_last()?;
            sample.wall += start.elapsed().as_secs_f64();
            sample.busy += self.server.busy()? - busy;
            sample.tally.add(self.crowd.count()?);
            sample.whole += start.elapsed().as_secs_f64();
        }
        Ok(sample)
    }

    /// Message by message at a steady rate, in deliveries per second, while the receivers read.
    pub(crate) fn paced(&mut self, rate: f64, time: Duration) -> Outcome<Sample> {
        self.crowd.begin();
        let busy = self.server.busy()?;
        let gap = Duration::from_secs_f64(1.0 / rate) * u32::try_from(self.crowd.others())?;
        let start = Instant::now();
        let mut due = Duration::ZERO;
        while due < time {
            self.crowd.read()?;
            // What the receivers came too late for is not caught up with: that would be a burst.
            if start.elapsed() >= due {
                self.crowd.say()?;
                due = start.elapsed() + gap;
            }
        }
        let tally = self.crowd.count()?;
        let wall = start.elapsed().as_secs_f64();
        let busy = self.server.busy()? - busy;
        Ok(Sample { tally, wall, busy, whole: wall })
    }
}
