//! A thread for each client.
//!
//! Less costly than a process, and all share one memory, for better and for worse: data need a
//! lock, and a crash takes all of them along. A limit and a clean end are day 9's subject.

use std::io::{self, Write as _};
use std::thread;

use cli::Outcome;

use crate::echo;
use crate::listener::Listener;
use crate::report::{Report, Word};

pub(crate) const ACCEPTORS: usize = 1;

pub(crate) fn serve(listener: Listener, report: &Report) -> Outcome {
    loop {
        report.say(Word::Waits, None)?;
        let Some(stream) = listener.next()? else { continue };
        let report = report.clone();
        // The stream moves into its thread. There is one descriptor table for all threads, so
        // unlike after a fork, nothing has to be closed here.
        let started = thread::Builder::new().spawn(move || {
            let _ended = echo::talk(&stream, &report);
        });
        match started {
            // WRONG: a thread for each client, and nobody is accepted before it has ended.
            Ok(thread) => thread.join().map_err(|_| "a thread panicked")?,
            Err(error) => {
                writeln!(io::stderr(), "no thread for a client, which is turned away: {error}")?;
            }
        }
    }
}
