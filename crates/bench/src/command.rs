//! The command line that all programs of this crate share, how they begin, and how they end.

use std::fmt::Display;
use std::io::{self, Stdout, Write as _};
use std::time::{Duration, Instant};

use cli::{Outcome, Usage};
use lexopt::{Arg, Parser};
use nix::unistd::alarm;

use crate::Gate;
use crate::machine::Machine;

/// A program of this crate.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// How it is started, without arguments: `cargo run --release -p bench --bin wakeup`.
    pub start: &'static str,
    /// What `--help` prints.
    pub help: &'static str,
}

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort<T> {
    /// See [`Gate::new`].
    pub patience: Duration,
    /// After so many seconds something is broken, and the program is ended by SIGALRM (alarm(2))
    /// instead of never.
    pub limit: u32,
    /// What only this program knows.
    pub work: T,
}

/// What became of an argument that not every program has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// This program has no such argument.
    Unknown,
    /// It was taken note of.
    Taken,
    /// It has asked for something else than a measurement, and that was done.
    Done,
}

/// A measurement that was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Measurement<T> {
    effort: Effort<T>,
    check: bool,
    wants_release: bool,
}

impl Command {
    /// Reads `--quick`, `--check` and `--help`, and gives every other argument to `own`, by its name
    /// or as it is. `None` when there is nothing left to do.
    ///
    /// # Errors
    /// [`Usage`]; what `own` gives.
    pub fn read<T>(
        &self,
        [full, quick]: [Effort<T>; 2],
        mut own: impl FnMut(&str, &mut Parser) -> Outcome<Own>,
    ) -> Outcome<Option<Measurement<T>>> {
        let (mut effort, mut check) = (full, false);
        let mut quick = Some(quick);
        let mut args = Parser::from_env();
        while let Some(arg) = args.next().map_err(|mistake| self.usage(mistake))? {
            match arg {
                Arg::Short('h') | Arg::Long("help") => {
                    io::stdout().write_all(self.help.as_bytes())?;
                    return Ok(None);
                }
                Arg::Long("quick") => effort = quick.take().unwrap_or(effort),
                Arg::Long("check") => check = true,
                other => {
                    let name = match &other {
                        Arg::Short(letter) => letter.to_string(),
                        Arg::Long(name) => (*name).to_owned(),
                        Arg::Value(value) => value.to_string_lossy().into_owned(),
                    };
                    let unexpected = self.usage(other.unexpected());
                    match own(&name, &mut args)? {
                        Own::Unknown => return Err(unexpected.into()),
                        Own::Taken => {}
                        Own::Done => return Ok(None),
                    }
                }
            }
        }
        Ok(Some(Measurement { effort, check, wants_release: self.start.contains("--release") }))
    }

    /// A mistake in the arguments.
    pub fn usage(&self, mistake: impl Display) -> Usage {
        Usage(format!("{mistake} (try: {} -- --help)", self.start))
    }
}

impl<T> Measurement<T> {
    /// Says what machine this is, measures, and says how quiet it was meanwhile. `measure` gives
    /// the number of verdicts that failed.
    ///
    /// # Errors
    /// What `measure` gives; with `--check`, that a verdict failed.
    pub fn run(
        self,
        measure: impl FnOnce(&mut Stdout, &mut Gate, &T) -> Outcome<usize>,
    ) -> Outcome {
        alarm::set(self.effort.limit);
        let (start, mut out) = (Instant::now(), io::stdout());
        writeln!(out, "{}", Machine::look())?;
        if self.wants_release && cfg!(debug_assertions) {
            writeln!(out, "built without --release: the ratios say nothing")?;
        }
        let mut gate = Gate::new(self.effort.patience);
        let failed = measure(&mut out, &mut gate, &self.effort.work)?;
        let (noisy, waits, seconds) = (gate.noisy(), gate.waits(), start.elapsed().as_secs());
        let word = if noisy == 0 { "quiet" } else { "noisy" };
        let busy = format!("{noisy} of {waits} repetitions began on a busy machine");
        writeln!(out, "\n{word}: {busy}; {seconds} s in all")?;
        match failed {
            1 if self.check => Err("a verdict failed".into()),
            2.. if self.check => Err(format!("{failed} verdicts failed").into()),
            _ => Ok(()),
        }
    }
}
