//! What becomes of a datagram on its way.

use std::time::Duration;

use fastrand::Rng;

/// Which way a datagram goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From a client.
    ToServer,
    /// From the server.
    ToClient,
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It arrives.
    Arrives,
    /// It does not.
    Lost,
    /// It arrives two times.
    Twice,
    /// The next one between the two overtakes it. When none comes for a while, it arrives alone.
    Overtaken,
    /// It arrives after so long a time, however many have overtaken it by then.
    Late(Duration),
}

/// Fates by chance: of a hundred datagrams, so many meet each. What is left arrives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chances {
    /// Of a hundred, so many are lost.
    pub lost: u8,
    /// Arrive two times.
    pub twice: u8,
    /// Are overtaken by the next one.
    pub overtaken: u8,
    /// Are late.
    pub late: u8,
    /// By this at most.
    pub by: Duration,
}

impl Chances {
    /// So many of a hundred for each of the four.
    pub fn all(percent: u8, by: Duration) -> Self {
        Self { lost: percent, twice: percent, overtaken: percent, late: percent, by }
    }

    /// The fates in the order of the datagrams, for [`Lossy::before`](super::Lossy::before). Each
    /// way has a row of its own: what comes back does not change the fate of what goes there.
    pub fn seeded(self, seed: u64) -> impl FnMut(Way, &[u8]) -> Fate + Send + 'static {
        let [mut there, mut back] = [Rng::with_seed(seed), Rng::with_seed(!seed)];
        move |way, _| match way {
            Way::ToServer => self.next(&mut there),
            Way::ToClient => self.next(&mut back),
        }
    }

    fn next(&self, random: &mut Rng) -> Fate {
        let Self { lost, twice, overtaken, late, by } = *self;
        let mut left = random.u8(..100);
        // Drawn in any case, so that a row does not depend on what it is used for.
        let late_by = by.mul_f64(random.f64());
        let fates = [
            (lost, Fate::Lost),
            (twice, Fate::Twice),
            (overtaken, Fate::Overtaken),
            (late, Fate::Late(late_by)),
        ];
        for (percent, fate) in fates {
            match left.checked_sub(percent) {
                Some(rest) => left = rest,
                None => return fate,
            }
        }
        Fate::Arrives
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_fates_in_the_shares_that_were_asked_for() {
        let chances = Chances::all(10, Duration::from_millis(5));
        let row = |seed| -> Vec<Fate> {
            let mut fates = chances.seeded(seed);
            (0..10_000).map(|_| fates(Way::ToServer, &[])).collect()
        };
        let fates = row(1);
        assert_eq!(fates, row(1));
        assert_ne!(fates, row(2));
        let share = |what: fn(&Fate) -> bool| fates.iter().filter(|fate| what(fate)).count();
        for count in [
            share(|fate| *fate == Fate::Lost),
            share(|fate| *fate == Fate::Twice),
            share(|fate| *fate == Fate::Overtaken),
            share(|fate| matches!(fate, Fate::Late(by) if *by <= Duration::from_millis(5))),
        ] {
            assert!((900..1100).contains(&count), "{count} of 10,000");
        }
        assert_eq!(Chances::default().seeded(1)(Way::ToClient, &[]), Fate::Arrives);
    }

    #[test]
    fn the_ways_do_not_disturb_each_other() {
        let chances = Chances::all(10, Duration::ZERO);
        let (mut one, mut both) = (chances.seeded(7), chances.seeded(7));
        for _ in 0..100 {
            both(Way::ToClient, &[]);
            assert_eq!(one(Way::ToServer, &[]), both(Way::ToServer, &[]));
        }
    }
}
