//! Ctrl-C. In the middle of a transfer, or of a list, it ends that, in an orderly way: what has come is
//! kept, or thrown away. At any other moment, and the second time, it ends the program.
//!
//! The calls that move files wait for the network and know nothing of signals. So a thread waits for
//! those, and stops the transfer in its own way: it breaks the connection, and then every call that
//! waits for it comes back.

use std::fmt;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use cli::Outcome;
use process::signals::Signal;
use service::Signals;

/// What stands in the place of a result when somebody has interrupted it: the program ends with 128
/// and the number of the signal, as a shell says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interrupted {
    /// What is told about it.
    pub sentence: String,
    /// The exit status.
    pub status: u8,
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Interrupted {}

/// Waits for the signals that end a program. One for the whole process.
#[derive(Clone, Default)]
pub struct Interrupt(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// What ends the transfer that is under way.
    stop: Option<Box<dyn FnOnce() + Send>>,
    /// What has come during it.
    come: Option<Signal>,
    /// What the terminal needs before the program ends.
    farewell: Option<Box<dyn Fn() + Send>>,
}

impl Interrupt {
    /// From now on.
    ///
    /// # Errors
    /// EMFILE, EAGAIN.
    pub fn watch() -> Outcome<Self> {
        let mut signals = Signals::watch(&[])?;
        let this = Self::default();
        let state = this.clone();
        thread::Builder::new().name("interrupt".into()).spawn(move || {
            while let Ok(come) = signals.wait() {
                for signal in come {
                    state.lock().interrupt(signal);
                }
            }
        })?;
        Ok(this)
    }

    /// Called when the program ends by a signal outside of a transfer.
    pub fn at_end(&self, farewell: impl Fn() + Send + 'static) {
        self.lock().farewell = Some(Box::new(farewell));
    }

    /// Something new begins: what has ended something before is no more of interest.
    pub fn begin(&self) {
        self.lock().come = None;
    }

    /// Part of it begins, which `stop` ends; it is over when the result is dropped.
    #[must_use]
    pub fn during(&self, stop: impl FnOnce() + Send + 'static) -> Transfer<'_> {
        let mut state = self.lock();
        state.stop = Some(Box::new(stop));
        Transfer(self)
    }

    /// Waits, and says whether it could do so in peace.
    pub fn pause(&self, time: Duration) -> bool {
        let (cut, is_cut) = channel::<()>();
        let _transfer = self.during(move || drop(cut));
        is_cut.recv_timeout(time) == Err(RecvTimeoutError::Timeout)
    }

    /// Whether it was interrupted.
    pub fn is_cut(&self) -> bool {
        self.lock().come.is_some()
    }

    /// What is told of a transfer's failure: Ctrl-C breaks the connection, and is no fault of the
    /// network.
    pub fn told(&self, kept: &str, sentence: String) -> Box<dyn std::error::Error + Send + Sync> {
        let come = self.lock().come;
        match come.map(status) {
            Some(status) => Interrupted { sentence: format!("interrupted: {kept}"), status }.into(),
            None => sentence.into(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn interrupt(&mut self, signal: Signal) {
        let Some(stop) = self.stop.take() else {
            self.farewell.iter().for_each(|farewell| farewell());
            std::process::exit(status(signal).into());
        };
        self.come = Some(signal);
        stop();
    }
}

fn status(signal: Signal) -> u8 {
    128 + u8::try_from(signal.number()).unwrap_or(0)
}

impl fmt::Debug for Interrupt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Interrupt").field("come", &self.lock().come).finish_non_exhaustive()
    }
}

/// Something that can be interrupted.
#[derive(Debug)]
pub struct Transfer<'a>(&'a Interrupt);

impl Drop for Transfer<'_> {
    fn drop(&mut self) {
        self.0.lock().stop = None;
    }
}
