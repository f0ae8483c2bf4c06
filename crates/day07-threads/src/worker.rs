//! A thread type of one's own. Python inherits from Thread and overrides run; Rust has a struct
//! that owns the thread's handle and the way to talk to it.

use std::io::{self, Write as _};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use cli::Outcome;
use crossbeam::channel;

/// The owner's side of a thread that adds numbers up.
struct Adder {
    numbers: mpsc::Sender<u64>,
    thread: JoinHandle<u64>,
}

impl Adder {
    /// `__init__` and `start` in one: there is no Adder that has not been started.
    fn start(name: &str) -> io::Result<Self> {
        let (numbers, inbox) = mpsc::channel();
        let thread = thread::Builder::new().name(name.into()).spawn(move || Self::run(inbox))?;
        Ok(Self { numbers, thread })
    }

    /// What the thread does. It takes only what is the thread's: no `self`, no lock.
    fn run(inbox: mpsc::Receiver<u64>) -> u64 {
        inbox.into_iter().sum()
    }

    fn add(&self, number: u64) -> Outcome {
        Ok(self.numbers.send(number)?)
    }

    /// Consumes the Adder: to join twice, or to add after the join, does not compile.
    fn join(self) -> Outcome<u64> {
        // The end of the channel is what ends the loop in `run`.
        drop(self.numbers);
        self.thread.join().map_err(|_| "the adder panicked".into())
    }
}

pub(crate) fn show() -> Outcome {
    let adder = Adder::start("adder")?;
    for number in 1..=100 {
        adder.add(number)?;
    }
    let name = adder.thread.thread().name().unwrap_or("no name").to_owned();
    writeln!(io::stdout(), "a worker type: {name} has added up {}", adder.join()?)?;
    Ok(())
}

/// What the notes call threadpool, in its smallest form: a channel that several workers read.
/// (std's channel has one reader, crossbeam's any number.) The crate `threads` has one that is
/// fit for use: results, panics and the end of the pool are thought of there.
pub(crate) fn pool() -> Outcome {
    let (submit, tasks) = channel::unbounded::<u32>();
    let (done, results) = channel::unbounded();
    let mut workers = Vec::new();
    for number in 0..4 {
        let (tasks, done) = (tasks.clone(), done.clone());
        let builder = thread::Builder::new().name(format!("worker-{number}"));
        workers.push(builder.spawn(move || {
            // Whoever is free takes the next; each task is taken by exactly one.
            tasks.into_iter().try_for_each(|task| done.send((task, task * task)))
        })?);
    }
    for task in 0..10 {
        submit.send(task)?;
    }
    drop(submit);
    drop(done);
    // Until the last worker has dropped its end. They come in the order in which they are done.
    let mut results: Vec<(u32, u32)> = results.into_iter().collect();
    results.sort_unstable();
    let squares: Vec<u32> = results.into_iter().map(|(_, square)| square).collect();
    for worker in workers {
        worker.join().map_err(|_| "a worker panicked")??;
    }
    writeln!(io::stdout(), "4 workers, {} tasks: {squares:?}", squares.len())?;
    Ok(())
}
