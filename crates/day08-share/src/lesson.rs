//! The whole lesson, one step after the other.

use std::io::{self, Write as _};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Instant;

use cli::Outcome;

use crate::bank::Bank;
use crate::queue::Queue;
use crate::{channel, counter, event, fetch, poison};

pub(crate) fn run() -> Outcome {
    bank()?;
    counter::show()?;
    event::show()?;
    queue()?;
    channel::show()?;
    poison::show()?;
    poison::lock_twice()?;
    slow_servers()
}

/// Four threads move money between three accounts, in all directions at once.
fn bank() -> Outcome {
    let bank = Arc::new(Bank::new(&[1000, 1000, 1000]));
    let before = bank.sum();
    let routes = [(0, 1), (1, 0), (1, 2), (2, 0)];
    // Nobody begins before all are there; otherwise the first is done when the last comes.
    let opening = Arc::new(Barrier::new(routes.len()));
    let tellers = routes.map(|(from, to)| {
        // Arc, a counter of owners: a thread may outlive the function that has started it, so it
        // owns a share of the bank.
        let (bank, opening) = (Arc::clone(&bank), Arc::clone(&opening));
        thread::spawn(move || {
            opening.wait();
            (0..5000).filter(|_| bank.transfer(from, to, 1)).count()
        })
    });
    let mut moved = 0;
    for teller in tellers {
        moved += teller.join().map_err(|_| "a teller panicked")?;
    }
    let mut out = io::stdout();
    writeln!(out, "the bank: 4 threads tried 20000 transfers, {moved} had the money")?;
    writeln!(out, "  {before} in all before, {} after", bank.sum())?;
    let free = (0..3).all(|account| bank.peek(account).is_some());
    writeln!(out, "  all three locks are free: {free}")?;
    Ok(())
}

/// notify_all wakes both consumers for one item: one takes it, the other has to wait again.
fn queue() -> Outcome {
    let (taken, in_vain, left) = Queue::default().two_consumers();
    let mut out = io::stdout();
    writeln!(out, "a queue: two consumers got {taken:?}, left in it: {left:?}")?;
    writeln!(out, "  woken in vain and waited again: {in_vain}")?;
    Ok(())
}

fn slow_servers() -> Outcome {
    let start = Instant::now();
    let prices = fetch::all()?;
    let took = start.elapsed().as_millis();
    let sum: u32 = prices.values().sum();
    writeln!(
        io::stdout(),
        "{} slow servers, 100 ms each, asked without the lock: {took} ms, prices add up to {sum}",
        prices.len()
    )?;
    Ok(())
}
