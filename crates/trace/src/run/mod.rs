//! What a test calls: runs a program at full speed under faults, and says how it went.
//!
//! ```no_run
//! use trace::{Act, End, Fault, Fd, Run};
//! # fn main() -> Result<(), trace::Error> {
//! let outcome = Run::of("target/debug/server", "crates/server")
//!     .fault(Fault::on(&["@write"], Act::Short(7)).fd(Fd::Kind("socket:")).every(1))
//!     .go()?;
//! assert_eq!(outcome.end, Some(End::Code(0)), "{outcome}");
//! assert!(outcome.unfired().is_empty(), "{outcome}");
//! # Ok(())
//! # }
//! ```

mod outcome;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::engine::{Error, Options, Tracer};
use crate::inject::Fault;

pub use outcome::{Injection, Outcome};

/// Set for a test that runs under the tracer.
const MARK: &str = "NINE_DAYS_TRACED_TEST";

/// A program to run under faults.
#[derive(Debug)]
#[must_use]
pub struct Run {
    options: Options,
    limit: Duration,
    /// The test that it runs, when it is one.
    test: Option<String>,
}

impl Run {
    /// This program; the source below `root` is under test, and faults happen to its calls only.
    /// Standard input is empty, and the time limit is 10 s.
    pub fn of(program: impl Into<PathBuf>, root: impl AsRef<Path>) -> Self {
        let options = Options::new(program).root(root).state(false).virtual_time(false);
        Self { options, limit: Duration::from_secs(10), test: None }
    }

    /// The `#[test]` that calls this, once more, alone, in a process of its own, under the
    /// tracer: for what is a function and no program. `name` is the path that `cargo test` shows.
    ///
    /// `None` inside of that process: there the test goes on and does what is tested.
    ///
    /// ```no_run
    /// # use trace::{Act, End, Error, Fault, Run};
    /// #[test]
    /// fn a_short_read_is_no_end() -> Result<(), Error> {
    ///     if let Some(run) = Run::this_test("a_short_read_is_no_end", "src") {
    ///         let outcome = run.fault(Fault::on(&["@read"], Act::Short(1)).every(1)).go()?;
    ///         assert_eq!(outcome.end, Some(End::Code(0)), "{outcome}");
    ///         return Ok(());
    ///     }
    ///     // … what is tested …
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Panics
    /// When this program cannot find itself (/proc is not mounted).
    pub fn this_test(name: &str, root: impl AsRef<Path>) -> Option<Self> {
        if std::env::var_os(MARK).is_some() {
            return None;
        }
        let program = std::env::current_exe().expect("/proc/self/exe can be read");
        let alone = ["--exact", name, "--nocapture", "--test-threads=1", "--include-ignored"];
        let mut run = Self::of(program, root).args(alone).env(MARK, "1");
        run.test = Some(name.into());
        Some(run)
    }

    /// Appends an argument.
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.options = self.options.arg(arg);
        self
    }

    /// Appends arguments.
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.options = self.options.args(args);
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.options = self.options.env(name, value);
        self
    }

    /// Source below this folder is under test, too.
    pub fn root(mut self, root: impl AsRef<Path>) -> Self {
        self.options = self.options.root(root);
        self
    }

    /// Injects a fault.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.options = self.options.fault(fault);
        self
    }

    /// How long it may take.
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs it to its end.
    ///
    /// # Errors
    /// What [`Tracer::start`] says, and [`Error::NoSuchTest`]. That the program fails or hangs,
    /// or that a fault did not come to pass, is no error but an outcome.
    pub fn go(self) -> Result<Outcome, Error> {
        let mut tracer = Tracer::start(self.options)?;
        let mut steps = Vec::new();
        let hung = tracer.run(self.limit, |step| steps.push(step))?;
        let outcome = Outcome::new(tracer.end(), steps, hung, tracer.unfired());
        match self.test {
            Some(name) if outcome.output().contains("\nrunning 0 tests\n") => {
                Err(Error::NoSuchTest(name))
            }
            _ => Ok(outcome),
        }
    }
}
