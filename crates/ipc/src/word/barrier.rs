//! A barrier in one word.
//!
//! | bits 0 to 31 | 32 to 46 | 47 | 48 to 63 |
//! |---|---|---|---|
//! | turn: how often it opened or broke | how the last 15 turns ended, 1 for broken | is broken | those who wait |
//!
//! Everybody sleeps on the turn, which changes once for all of them. Whoever wakes up late, after
//! others have broken the barrier, mended it and gone through, still finds how its own turn ended
//! in the history; after more than 15 of them it says "broken" to be on the safe side.

use super::platform::{Ordering, Word};
use syscall::Deadline;

const HISTORY: u64 = 0x7fff << 32;
const LATEST: u64 = 1 << 32;
const BROKEN: u64 = 1 << 47;
const PARTY: u64 = 1 << 48;
/// As many as the highest 16 bits can count.
pub(crate) const MOST: u32 = 0xffff;

#[derive(Debug)]
#[repr(C)]
pub(crate) struct Turns {
    state: Word,
    parties: u32,
}

/// Why nobody goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Somebody else broke it.
    Broken,
    /// This one's time was over, so it broke it.
    TimedOut,
}

#[allow(clippy::cast_possible_truncation, reason = "one half is what is asked for")]
fn turn(state: u64) -> u32 {
    state as u32
}

/// The next turn: nobody waits; `broke` is how the last one ended.
fn next(state: u64, broke: bool) -> u64 {
    let history = (state & HISTORY) << 1 & HISTORY;
    let latest = if broke { LATEST } else { 0 };
    u64::from(turn(state).wrapping_add(1)) | history | latest
}

impl Turns {
    pub(crate) fn new(parties: u32) -> Self {
        Self { state: Word::new(0), parties }
    }

    pub(crate) fn parties(&self) -> u32 {
        self.parties
    }

    pub(crate) fn waiting(&self) -> u32 {
        let waiting = self.state.load(Ordering::Relaxed) / PARTY;
        u32::try_from(waiting).unwrap_or(MOST)
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.state.load(Ordering::Acquire) & BROKEN != 0
    }

    /// Waits for the others. True for the one that came last.
    pub(crate) fn wait(&self, deadline: Deadline) -> Result<bool, Failure> {
        let mut now = self.state.load(Ordering::Acquire);
        loop {
            if now & BROKEN != 0 {
                return Err(Failure::Broken);
            }
            let last = now / PARTY + 1 >= u64::from(self.parties);
            let then = if last { next(now, false) } else { now + PARTY };
            match self.exchange(now, then) {
                Ok(_) if last => {
                    self.state.wake(u32::MAX);
                    return Ok(true);
                }
                Ok(_) => return self.sleep(turn(now), deadline),
                Err(other) => now = other,
            }
        }
    }

    fn sleep(&self, mine: u32, deadline: Deadline) -> Result<bool, Failure> {
        loop {
            let now = self.state.load(Ordering::Acquire);
            if turn(now) != mine {
                let ago = turn(now).wrapping_sub(mine) - 1;
                let open = ago < 15 && now & LATEST << ago == 0;
                return if open { Ok(false) } else { Err(Failure::Broken) };
            }
            if !deadline.has_passed() {
                self.state.sleep(mine, deadline);
            } else if self.exchange(now, next(now, true) | BROKEN).is_ok() {
                self.state.wake(u32::MAX);
                return Err(Failure::TimedOut);
            }
        }
    }

    /// Breaks it, for those who wait and those who come.
    pub(crate) fn abort(&self) {
        self.change(|now| (now & BROKEN == 0).then(|| next(now, true) | BROKEN));
    }

    /// Mends it. For those who still wait it is as good as broken.
    pub(crate) fn reset(&self) {
        self.change(|now| match now {
            _ if now & BROKEN != 0 => Some(now & !BROKEN),
            _ if now >= PARTY => Some(next(now, true)),
            _ => None,
        });
    }

    fn change(&self, to: impl Fn(u64) -> Option<u64>) {
        let mut now = self.state.load(Ordering::Acquire);
        while let Some(then) = to(now) {
            match self.exchange(now, then) {
                Ok(_) => return self.state.wake(u32::MAX),
                Err(other) => now = other,
            }
        }
    }

    fn exchange(&self, now: u64, then: u64) -> Result<u64, u64> {
        self.state.compare_exchange(now, then, Ordering::AcqRel, Ordering::Acquire)
    }
}
