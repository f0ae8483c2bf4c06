//! A pool: a few threads, started once, each takes one client after the other.
//!
//! Nothing is created when a client comes, and nobody can make the server create more than it was
//! given: who comes too many waits in the backlog. A client that stays costs a whole worker.

use std::sync::{Arc, Barrier};
use std::thread;

use cli::Outcome;

use crate::iterative;
use crate::listener::Listener;
use crate::report::Report;

/// So few that the lesson can show what happens when all are taken.
const WORKERS: usize = 2;

pub(crate) const ACCEPTORS: usize = WORKERS;

pub(crate) fn serve(listener: Listener, report: &Report) -> Outcome {
    // All workers wait in accept(2) on the same listener, and the kernel wakes one of them for
    // each connection. So each worker is an iterative server; forked workers do it the same way
    // (prefork), and with SO_REUSEPORT each has a listener and a backlog of its own.
    let listener = Arc::new(listener);
    // Nobody begins before all are there: a pool that cannot start serves nobody.
    let all = Arc::new(Barrier::new(WORKERS));
    let mut workers = Vec::new();
    for number in 0..WORKERS {
        let (listener, all, report) = (Arc::clone(&listener), Arc::clone(&all), report.clone());
        let worker = thread::Builder::new().name(format!("worker-{number}"));
        workers.push(worker.spawn(move || {
            all.wait();
            iterative::work(&listener, &report)
        })?);
    }
    for worker in workers {
        worker.join().map_err(|_| "a worker panicked")??;
    }
    Ok(())
}
