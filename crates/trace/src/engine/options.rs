//! What to run, and how.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::Choice;
use crate::inject::Fault;

/// A program to trace, and how to. Its standard input is empty and its output is captured, until
/// something else is said.
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug)]
#[must_use]
pub struct Options {
    pub(crate) program: PathBuf,
    pub(crate) args: Vec<OsString>,
    pub(super) environment: BTreeMap<OsString, OsString>,
    pub(super) directory: Option<PathBuf>,
    pub(super) roots: Vec<PathBuf>,
    pub(super) input: Option<OwnedFd>,
    pub(super) output: Option<OwnedFd>,
    pub(super) state: bool,
    pub(super) everything: bool,
    pub(super) whole: bool,
    pub(super) virtual_time: bool,
    pub(super) patience: Duration,
    pub(super) schedule: Vec<Choice>,
    pub(super) stop: Arc<AtomicBool>,
    pub(crate) faults: Vec<Fault>,
}

/// What of it stays while the program runs.
#[allow(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) state: bool,
    pub(super) everything: bool,
    pub(super) whole: bool,
    pub(super) virtual_time: bool,
    pub(super) patience: Duration,
    pub(super) schedule: Vec<Choice>,
    pub(super) stop: Arc<AtomicBool>,
}

impl Options {
    /// Runs this file, without arguments, in this process's directory and environment.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            environment: std::env::vars_os().collect(),
            directory: None,
            roots: Vec::new(),
            input: None,
            output: None,
            state: true,
            everything: false,
            whole: false,
            virtual_time: true,
            patience: Duration::from_secs(2),
            schedule: Vec::new(),
            stop: Arc::default(),
            faults: Vec::new(),
        }
    }

    /// Appends an argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().into());
        self
    }

    /// Appends arguments.
    pub fn args<S: AsRef<OsStr>>(self, args: impl IntoIterator<Item = S>) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment.insert(name.as_ref().into(), value.as_ref().into());
        self
    }

    /// Starts it in this directory.
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// Source below this folder is the program's own. Without any, every call is plumbing.
    pub fn root(mut self, root: impl AsRef<Path>) -> Self {
        self.roots.push(root.as_ref().into());
        self
    }

    /// Its standard input, instead of /dev/null: a file, a pipe, the end of a pseudo-terminal.
    pub fn input(mut self, input: OwnedFd) -> Self {
        self.input = Some(input);
        self
    }

    /// Its standard output and standard error. Steps carry no output then.
    pub fn output(mut self, output: OwnedFd) -> Self {
        self.output = Some(output);
        self
    }

    /// Whether steps tell what has changed in the kernel (they do).
    pub fn state(mut self, state: bool) -> Self {
        self.state = state;
        self
    }

    /// Whether calls are told that the program's own source has not asked for (they are not).
    pub fn everything(mut self, everything: bool) -> Self {
        self.everything = everything;
        self
    }

    /// Whether each round of a loop is told (it is not: after some rounds that are alike, those
    /// between them and the last one are [`Event::Again`](crate::Event::Again)).
    pub fn whole(mut self, whole: bool) -> Self {
        self.whole = whole;
        self
    }

    /// Whether sleeping takes no real time when stepping (it does): sleepers wake in the order of
    /// their deadlines, when nothing else can move. Clocks go on showing real time.
    pub fn virtual_time(mut self, virtual_time: bool) -> Self {
        self.virtual_time = virtual_time;
        self
    }

    /// How long everybody may sleep before a step tells it (2 s).
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Who moves when, where that is not left to the tracer.
    pub fn schedule(mut self, choices: impl IntoIterator<Item = Choice>) -> Self {
        self.schedule.extend(choices);
        self.schedule.sort_by_key(|choice| choice.after);
        self
    }

    /// When this becomes true, which another thread may do, the next step is `None`, and
    /// [`crate::Tracer::run`] comes back, even while the program computes or sleeps for ever.
    pub fn stop(mut self, stop: Arc<AtomicBool>) -> Self {
        self.stop = stop;
        self
    }

    /// Injects a fault.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_in_the_order_of_its_steps() {
        let choice = |text: &str| text.parse::<Choice>().unwrap();
        let options = Options::new("x").schedule([choice("9:P2"), choice("3:P1")]);
        assert_eq!(options.schedule, [choice("3:P1"), choice("9:P2")]);
    }
}
