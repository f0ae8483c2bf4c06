//! A car park with two places, and four cars.

use std::io::{self, Write as _};
use std::sync::atomic::{AtomicU32, Ordering};

use cli::Outcome;

use crate::leave::leave;
use crate::map::Map;
use crate::semaphore::Semaphore;
use crate::waiting::asleep;
use crate::worker::Worker;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let places = Semaphore::new(2)?;
    let counters = Map::<[AtomicU32; 2]>::anonymous()?;
    let [inside, highest] = &*counters;
    let car = || {
        Worker::start(|line| {
            line.hear()?;
            places.acquire()?;
            let now = inside.fetch_add(1, Ordering::SeqCst) + 1;
            highest.fetch_max(now, Ordering::SeqCst);
            line.tell()?;
            line.hear()?;
            Ok(leave(inside, &places)?)
        })
    };
    let (first, second, third, fourth) = (car()?, car()?, car()?, car()?);

    for car in [&first, &second] {
        car.tell()?;
        car.hear()?;
    }
    let (value, now) = (places.value()?, inside.load(Ordering::SeqCst));
    let free = places.try_acquire()?;
    writeln!(out, "2 places, 4 cars; two drive in: {now} inside, value {value}")?;
    writeln!(out, "  a place without waiting: {free}")?;

    // At 0 nobody spins: those who come now are asleep in the kernel until somebody leaves.
    for car in [&third, &fourth] {
        car.tell()?;
        writeln!(out, "  one more comes, and waits: {}", asleep(car.pid())?)?;
    }

    // Which of the two gets the place is not defined. When everybody sleeps again it is done.
    first.tell()?;
    first.finish()?;
    for car in [&third, &fourth] {
        asleep(car.pid())?;
    }
    let (value, now) = (places.value()?, inside.load(Ordering::SeqCst));
    writeln!(out, "one leaves: {now} inside, value {value}")?;

    for car in [second, third, fourth] {
        car.tell()?;
        car.finish()?;
    }
    let (value, most) = (places.value()?, highest.load(Ordering::SeqCst));
    writeln!(out, "all have left: value {value}; at once there were at most {most}")?;
    Ok(())
}
