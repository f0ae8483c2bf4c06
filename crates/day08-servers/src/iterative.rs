//! The iterative server: one client after the other.
//!
//! One process, one thread, nothing to share and nothing to lock. Good where a conversation is one
//! short question, above all with datagrams: there is no connection that could stay.

use cli::Outcome;

use crate::echo;
use crate::listener::Listener;
use crate::report::{Report, Word};

pub(crate) const ACCEPTORS: usize = 1;

pub(crate) fn serve(listener: Listener, report: &Report) -> Outcome {
    work(&listener, report)
}

pub(crate) fn work(listener: &Listener, report: &Report) -> Outcome {
    loop {
        report.say(Word::Waits, None)?;
        let Some(stream) = listener.next()? else { continue };
        // As long as this lasts, nobody is accepted. The others have a connection all the same:
        // the kernel has shaken hands for us, and they do not know that nobody is here.
        let _ended = echo::talk(&stream, report);
        // Here the stream is dropped, and so closed.
    }
}
