//! Tiny tasks for two workers, one at a time (`chunksize=1`).

use bench::Side;
use cli::Outcome;
use process::Pool;

use crate::case::Failure;

/// In one run.
pub(crate) const TASKS: u32 = 1_000;
/// Workers on both sides.
pub(crate) const WORKERS: usize = 2;

/// [`Pool::map`].
pub(crate) struct Ours(Pool<u32, u32>);

impl Ours {
    pub(crate) fn new() -> Outcome<Self> {
        Ok(Self(Pool::new(WORKERS, |n: u32| n.wrapping_add(1))?))
    }
}

impl Side for Ours {
    type Error = Failure;

    fn run(&mut self, times: u32) -> Outcome {
        for _ in 0..times {
            let sum: u32 = self.0.map(0..TASKS, 1).into_iter().sum::<Result<_, _>>()?;
            if sum != TASKS * (TASKS + 1) / 2 {
                return Err("the pool has miscounted".into());
            }
        }
        Ok(())
    }
}
