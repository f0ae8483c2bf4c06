//! The idleness gate: nothing is measured before the machine has been left alone for a moment.
//!
//! Source: proc_stat(5), the line `cpu`, which sums up all processors in ticks of 10 ms. 60 ms on
//! two processors are 12 ticks, so one tick of other work passes and two do not.
//!
//! The gate is not a promise. What begins after it is caught by medians and by running in turns.

use std::time::Duration;
use std::{fs, thread};

/// How long one look takes.
const WINDOW: Duration = Duration::from_millis(60);
/// What must be idle of it.
const IDLE_PERCENT: u64 = 90;
/// Looks before one wait is given up.
const TRIES: u32 = 10;

/// Waits for an idle machine, with a limit over the whole run.
#[derive(Debug)]
pub struct Gate {
    patience: Duration,
    waits: u32,
    noisy: u32,
}

impl Gate {
    /// `patience` is the time that all waits together may take longer than on an idle machine.
    pub fn new(patience: Duration) -> Self {
        Self { patience, waits: 0, noisy: 0 }
    }

    /// Waits until the machine is idle, or goes on and counts that as noisy. Where /proc/stat
    /// cannot be read or stands still (some sandboxes), nobody knows, and that is noisy, too.
    pub fn wait(&mut self) {
        self.waits += 1;
        for _ in 0..TRIES {
            let before = Ticks::now();
            thread::sleep(WINDOW);
            if before.zip(Ticks::now()).is_some_and(|(before, after)| after.idle_since(before)) {
                return;
            }
            if self.patience < WINDOW {
                break;
            }
            self.patience -= WINDOW;
        }
        self.noisy += 1;
    }

    /// How often somebody waited here.
    pub fn waits(&self) -> u32 {
        self.waits
    }

    /// How often the machine did not become idle.
    pub fn noisy(&self) -> u32 {
        self.noisy
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ticks {
    idle: u64,
    all: u64,
}

impl Ticks {
    fn now() -> Option<Self> {
        Self::parse(&fs::read_to_string("/proc/stat").ok()?)
    }

    /// `cpu user nice system idle iowait irq softirq steal guest guest_nice`: the guests' time is
    /// in `user` and `nice` already. A processor that waits for a disk is free for us; one that
    /// the hypervisor has given to somebody else (steal) is not.
    fn parse(stat: &str) -> Option<Self> {
        let fields = stat.lines().next()?.strip_prefix("cpu ")?.split_whitespace().take(8);
        let ticks: Vec<u64> = fields.map(|field| field.parse().ok()).collect::<Option<_>>()?;
        Some(Self { idle: ticks.get(3)? + ticks.get(4)?, all: ticks.iter().sum() })
    }

    fn idle_since(self, before: Self) -> bool {
        let all = self.all.saturating_sub(before.all);
        let idle = self.idle.saturating_sub(before.idle);
        all > 0 && idle * 100 >= all * IDLE_PERCENT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steal_is_not_idle_and_guests_are_not_counted_twice() {
        let ticks = Ticks::parse("cpu  100 10 20 800 5 1 2 62 90 9\ncpu0 1 2 3 4\n");
        assert_eq!(ticks, Some(Ticks { idle: 805, all: 1000 }));
        assert_eq!(Ticks::parse("cpu  1 2 x 4 5 6 7 8"), None);
        assert_eq!(Ticks::parse(""), None);
    }

    #[test]
    fn one_tick_of_twelve_passes_two_do_not_and_a_clock_that_stands_is_not_idle() {
        let before = Ticks { idle: 100, all: 1000 };
        assert!(Ticks { idle: 111, all: 1012 }.idle_since(before));
        assert!(!Ticks { idle: 110, all: 1012 }.idle_since(before));
        assert!(!before.idle_since(before));
    }
}
