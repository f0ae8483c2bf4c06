//! Two sides in turns: A B, B A, A B, …
//!
//! A batch is as many runs as take a fifth of a millisecond: long against the clock's 50 ns, short
//! against the time between two interruptions, so that most batches see none. The median over
//! the batches leaves the others out.

use std::time::{Duration, Instant};

/// How long a batch should take.
const BATCH: Duration = Duration::from_micros(200);

/// One of two things to compare.
pub trait Side {
    /// What can go wrong.
    type Error;

    /// Does the thing `times` times.
    ///
    /// # Errors
    /// When it could not be done.
    fn run(&mut self, times: u32) -> Result<(), Self::Error>;
}

/// One repetition: microseconds for one run, medians over the batches.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The baseline.
    pub raw: f64,
    /// The candidate.
    pub ours: f64,
}

impl Pair {
    /// What the candidate takes when the baseline takes 1.
    pub fn ratio(&self) -> f64 {
        self.ours / self.raw
    }
}

/// Measures `batches` batches of each side. Warms both up first, which also finds the number of
/// runs in a batch; it is the same for both.
///
/// # Errors
/// The first error of a side.
pub fn pair<S: Side + ?Sized>(raw: &mut S, ours: &mut S, batches: u32) -> Result<Pair, S::Error> {
    let mut times = 1;
    while timed(raw, times)? < BATCH / 2 && times < 1 << 16 {
        timed(ours, times)?;
        times *= 2;
    }
    timed(ours, times)?;
    let (mut raws, mut ourses) = (Vec::new(), Vec::new());
    for batch in 0..batches {
        if batch % 2 == 0 {
            raws.push(timed(raw, times)?);
            ourses.push(timed(ours, times)?);
        } else {
            ourses.push(timed(ours, times)?);
            raws.push(timed(raw, times)?);
        }
    }
    let one = |all: Vec<Duration>| {
        crate::median(all.iter().map(Duration::as_secs_f64)) * 1e6 / f64::from(times)
    };
    Ok(Pair { raw: one(raws), ours: one(ourses) })
}

fn timed<S: Side + ?Sized>(side: &mut S, times: u32) -> Result<Duration, S::Error> {
    let start = Instant::now();
    side.run(times)?;
    Ok(start.elapsed())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails after so many calls.
    struct Calls(u32);

    impl Side for Calls {
        type Error = &'static str;

        fn run(&mut self, times: u32) -> Result<(), &'static str> {
            assert!(times > 0);
            for n in 0..times {
                std::hint::black_box(n);
            }
            self.0 = self.0.checked_sub(1).ok_or("enough")?;
            Ok(())
        }
    }

    #[test]
    fn both_sides_are_run_equally_often_and_an_error_ends_it() {
        let (mut raw, mut ours) = (Calls(1000), Calls(1000));
        let pair = pair(&mut raw, &mut ours, 5).unwrap();
        assert_eq!(raw.0, ours.0);
        assert!(pair.raw > 0.0 && pair.ours > 0.0);
        assert_eq!(super::pair(&mut Calls(1000), &mut Calls(3), 5).unwrap_err(), "enough");
    }
}
