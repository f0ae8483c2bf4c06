//! Concurrent: one processor, in turns. Parallel: several processors at the same time.

use std::io::{self, Write as _};

use cli::Outcome;
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

use crate::being::{Being, until};
use crate::stat::Stat;

pub(crate) fn run() -> Outcome {
    let allowed = sched_getaffinity(Pid::from_raw(0))?;
    let allowed = (0..CpuSet::count()).filter(|&cpu| allowed.is_set(cpu) == Ok(true));
    let allowed: Vec<usize> = allowed.collect();
    let &one = allowed.first().ok_or("this program may use no processor")?;

    let mut pair = [Being::start("plain", "first")?, Being::start("plain", "second")?];
    for being in &mut pair {
        only_on(being, one)?;
        being.turn()?;
    }
    // One of them runs, the other one is ready, and every few milliseconds the kernel changes
    // them over: a time slice. Linux has one letter for "running" and "ready".
    let in_turns = both_get_on(&pair)?;

    // With a second processor they need no turns.
    let apart = match allowed.get(1) {
        Some(&other) => {
            only_on(&pair[1], other)?;
            Some(both_get_on(&pair)?)
        }
        None => None,
    };
    drop(pair);

    let mut out = io::stdout();
    writeln!(out, "processors that this program may use: {}", allowed.len())?;
    writeln!(out, "  two processes compute on one, concurrently: {}", tell(&in_turns))?;
    let apart = apart.map_or("this machine has no second processor".into(), |pair| tell(&pair));
    writeln!(out, "  the two on two, in parallel: {apart}")?;
    Ok(())
}

fn only_on(being: &Being, processor: usize) -> Outcome {
    let mut set = CpuSet::new();
    set.set(processor)?;
    Ok(sched_setaffinity(being.pid(), &set)?)
}

/// Waits until each has computed for two ticks more, and is in state R at that moment.
fn both_get_on([a, b]: &[Being; 2]) -> Outcome<[Stat; 2]> {
    let before = [Stat::until(a.pid(), 'R')?, Stat::until(b.pid(), 'R')?];
    until("two processes that get on", || {
        let (Some(a), Some(b)) = (Stat::of(a.pid())?, Stat::of(b.pid())?) else { return Ok(None) };
        let now = [a, b];
        let on = |(now, then): (&Stat, &Stat)| now.state == 'R' && now.ticks >= then.ticks + 2;
        Ok(now.iter().zip(&before).all(on).then_some(now))
    })
}

fn tell([a, b]: &[Stat; 2]) -> String {
    let (states, places) = ((a.state, b.state), (a.processor, b.processor));
    format!("states {} and {}, processors {} and {}", states.0, states.1, places.0, places.1)
}
