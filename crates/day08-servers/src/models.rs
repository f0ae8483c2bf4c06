//! The five, side by side.

use cli::Outcome;

use crate::listener::Listener;
use crate::report::Report;
use crate::{fork, iterative, poll, pool, thread};

pub(crate) struct Model {
    pub(crate) name: &'static str,
    pub(crate) help: &'static str,
    /// How many of its threads accept.
    pub(crate) acceptors: usize,
    /// Serves until a signal ends it.
    pub(crate) serve: fn(Listener, &Report) -> Outcome,
}

pub(crate) const ITERATIVE: Model = Model {
    name: "iterative",
    help: "echo, one client after the other",
    acceptors: iterative::ACCEPTORS,
    serve: iterative::serve,
};

pub(crate) const FORK: Model = Model {
    name: "fork",
    help: "echo, a process for each client",
    acceptors: fork::ACCEPTORS,
    serve: fork::serve,
};

pub(crate) const THREAD: Model = Model {
    name: "thread",
    help: "echo, a thread for each client",
    acceptors: thread::ACCEPTORS,
    serve: thread::serve,
};

pub(crate) const POOL: Model = Model {
    name: "pool",
    help: "echo, a few threads that take one client after the other",
    acceptors: pool::ACCEPTORS,
    serve: pool::serve,
};

pub(crate) const POLL: Model = Model {
    name: "poll",
    help: "echo, one loop for all clients",
    acceptors: poll::ACCEPTORS,
    serve: poll::serve,
};

pub(crate) const ALL: [&Model; 5] = [&ITERATIVE, &FORK, &THREAD, &POOL, &POLL];
