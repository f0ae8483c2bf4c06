//! Ways to run a program, alone or under a tracer.

use std::ffi::OsString;
use std::fmt;
use std::process::{Command, Stdio};
use std::time::Duration;

use cli::Outcome;
use trace::{Act, Fault, Options, Step, Tracer};

use crate::bare;
use crate::work::Work;

/// Alone it makes so many more operations, because each is that much shorter.
const ALONE: u32 = 50;
/// A run takes less than this.
const LIMIT: Duration = Duration::from_mins(1);

/// How the program is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Alone,
    /// Stopped twice at each call, and nothing else.
    Bare,
    /// At full speed, with a fault that never comes to pass: what a test does.
    Free,
    /// Step by step: the call, its arguments, the line of source.
    Steps,
    /// And with what the kernel holds: what the stage does.
    Stage,
    /// `strace -f`, whose text goes to /dev/null.
    Strace,
    /// `strace -f -k`, which walks the stack at every call, too.
    StraceStack,
}

impl Way {
    pub(crate) const ALL: [Self; 7] = [
        Self::Alone,
        Self::Bare,
        Self::Free,
        Self::Steps,
        Self::Stage,
        Self::Strace,
        Self::StraceStack,
    ];

    /// Whether there is a strace that can do this.
    pub(crate) fn is_there(self) -> bool {
        let Some(mut command) = self.strace() else { return true };
        let command = command.arg("true").stdin(Stdio::null());
        let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    }

    /// Microseconds for one call.
    pub(crate) fn run(self, work: Work, operations: u32) -> Outcome<f64> {
        let times = if self == Self::Alone { operations * ALONE } else { operations };
        let program = std::env::current_exe()?;
        let args = ["--work".into(), work.name().into(), OsString::from(times.to_string())];
        let said = match self {
            Self::Alone => said_by(Command::new(program).args(args))?,
            Self::Bare => bare::said_by(Command::new(program).args(args))?,
            Self::Strace | Self::StraceStack => {
                let mut strace = self.strace().ok_or("no strace")?;
                said_by(strace.arg(program).args(args))?
            }
            Self::Free | Self::Steps | Self::Stage => {
                let root = env!("CARGO_MANIFEST_DIR");
                let options = Options::new(program).args(args).root(root);
                self.trace(options.state(self == Self::Stage))?
            }
        };
        let nanoseconds: f64 = said.trim().parse().map_err(|_| format!("it has said {said:?}"))?;
        Ok(nanoseconds / 1e3 / f64::from(work.calls()))
    }

    fn trace(self, options: Options) -> Outcome<String> {
        let (mut said, mut lines) = (String::new(), false);
        let mut told = |step: &Step| {
            lines |= step.place.location().is_some();
            said.extend(step.output.as_ref().map(|output| output.text.as_str()));
        };
        if self == Self::Free {
            let never = Fault::on(&["@accept"], Act::Error(libc::ECONNABORTED));
            let mut tracer = Tracer::start(options.fault(never))?;
            tracer.run(LIMIT, |step| told(&step))?;
        } else {
            let mut tracer = Tracer::start(options)?;
            while let Some(step) = tracer.step()? {
                told(&step);
            }
        }
        if !lines {
            return Err("no step has a line of source: was this built with --release?".into());
        }
        Ok(said)
    }

    fn strace(self) -> Option<Command> {
        let mut command = Command::new("strace");
        command.args(["-f", "-o", "/dev/null"]);
        match self {
            Self::Strace => Some(command),
            Self::StraceStack => {
                command.arg("-k");
                Some(command)
            }
            _ => None,
        }
    }
}

fn said_by(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("{} has failed", command.get_program().display()).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Alone => "alone",
            Self::Bare => "bare",
            Self::Free => "full speed",
            Self::Steps => "steps",
            Self::Stage => "stage",
            Self::Strace => "strace -f",
            Self::StraceStack => "strace -f -k",
        })
    }
}
