//! All variants, built and tried: cargo builds, twice as many programs of tests as there are
//! processors run meanwhile, because most of their time they wait for a wrong answer to be late, and
//! this thread hears of everything and starts what comes next.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use cli::Outcome;

use super::book::Book;
use super::cargo;
use super::load::processors;
use super::report::Report;
use super::run;
use super::scratch::Scratch;
use super::variant::{Kind, Variant};
use super::{Event, How};
use crate::job::Job;
use crate::stops::{Stopped, Stops};

/// What is to be tried.
pub(super) struct Tries<'a> {
    pub(super) scratch: &'a Scratch,
    pub(super) target: &'a Path,
    pub(super) variants: &'a [Variant],
    pub(super) how: How,
}

/// A variant's place, and its tests.
pub(super) type Task = (usize, PathBuf);

/// Which cargo runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cargo {
    Build,
    Clippy,
}

impl Tries<'_> {
    /// Tries everything and reports what is wrong; the signal, if one came in between.
    pub(super) fn run(&self, report: &mut Report<'_>) -> Outcome<Option<Stopped>> {
        let stops = Stops::new()?;
        let stop = AtomicBool::new(false);
        let (tasks, queue) = channel::<Task>();
        let queue = Mutex::new(queue);
        let (events, heard) = channel();
        thread::scope(|scope| {
            for _ in 0..2 * processors() {
                let (events, queue, stop) = (events.clone(), &queue, &stop);
                let worker = move || self.worker(queue, &events, stop);
                thread::Builder::new().spawn_scoped(scope, worker)?;
            }
            // It takes the only sender of tasks along: when it is gone, the workers go home.
            let book = Book::new(self, report, tasks);
            let done = self.conduct(book, &stops, &events, &heard);
            stop.store(true, Ordering::Relaxed);
            done
        })
    }

    fn worker(&self, queue: &Mutex<Receiver<Task>>, events: &Sender<Event>, stop: &AtomicBool) {
        loop {
            let task = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok((at, tests)) = task else { return };
            if stop.load(Ordering::Relaxed) {
                return;
            }
            let judged = run::judge(&self.variants[at], &tests, stop);
            // Nobody listens any more: it was stopped.
            let _ = events.send(Event::Judged(at, judged));
        }
    }

    fn conduct(
        &self,
        mut book: Book<'_, '_>,
        stops: &Stops,
        events: &Sender<Event>,
        heard: &Receiver<Event>,
    ) -> Outcome<Option<Stopped>> {
        let solutions = |variant: &&Variant| variant.kind == Kind::Solution;
        let solutions = names(self.variants.iter().filter(solutions));
        let all = names(self.variants);
        let build = cargo::build(self.scratch, self.target, &all, events.clone())?;
        let mut now = Some((Cargo::Build, build));
        while now.is_some() || book.is_waiting() {
            if let Some(stopped) = stops.stopped()? {
                // On the way out the job that is still there is stopped.
                return Ok(Some(stopped));
            }
            book.progress()?;
            match heard.recv_timeout(Duration::from_millis(100)) {
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err("all workers have gone".into()),
                Ok(Event::Said(package, said)) => {
                    let cargo = now.as_ref().map_or(Cargo::Build, |(cargo, _)| *cargo);
                    book.hear(&package, said, cargo)?;
                }
                Ok(Event::Judged(at, judged)) => book.judged(at, judged),
                Ok(Event::Built { finished }) => {
                    let Some((cargo, job)) = now.take() else { continue };
                    self.must_have_begun(finished, job)?;
                    if cargo == Cargo::Build {
                        book.built()?;
                        let scratch = self.scratch;
                        let clippy =
                            cargo::clippy(scratch, self.target, &solutions, events.clone())?;
                        now = Some((Cargo::Clippy, clippy));
                    }
                }
            }
        }
        book.save();
        Ok(None)
    }

    /// Cargo that has not even begun to build has said why, and not as a message.
    fn must_have_begun(&self, finished: bool, mut job: Job) -> Outcome {
        if finished && job.wait(Duration::from_secs(10)) && job.ended()?.is_some() {
            return Ok(());
        }
        let log = std::fs::read_to_string(cargo::log(self.scratch)).unwrap_or_default();
        Err(format!("cargo cannot build the exercises:\n{}", log.trim_end()).into())
    }
}

fn names<'a>(variants: impl IntoIterator<Item = &'a Variant>) -> Vec<&'a str> {
    variants.into_iter().map(|variant| variant.package.as_str()).collect()
}
