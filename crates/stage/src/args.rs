//! The arguments as a value. What stands behind the program's name is the program's.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use cli::Usage;
use lexopt::{Arg, Parser};

use crate::kept::{Kept, Task};
use crate::text::Tell;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Steps through a program, unchanged: the line of source, its system call, who sleeps where, what the
kernel holds.

  stage [OPTIONS] PROGRAM [ARGS]
      runs a program and shows its steps
  stage replay FILE [--step | --text] [--state] [--narration]
      shows a recording
  stage check [DEMO]...
      compares what the demos do with their recordings in the repository
  stage record-all [DEMO]...
      builds the demos and writes these recordings anew

  --step            in the terminal, with keys to go back and forth (? explains them);
                    the default where there is a terminal
  --text            as text, one step in a line; the default elsewhere
  --state           with --text: what changes in the kernel, below each step
  --narration       with --text: the line of source and its comments, above each step
  --record FILE     writes what happened to FILE, for replay; alone, it shows nothing
  --input FILE      the program's standard input, instead of /dev/null
  --limit SECONDS   ends the program after so long
  --root DIR        source below DIR is the program's own (more than once, if need be); calls made
                    from elsewhere are plumbing and not shown
  --example NAME    runs the example NAME of the package PROGRAM

PROGRAM is a path, or the name of a package of the workspace that has been built. Exit status: that
of the program with --text and --record (128 and the number of a signal that has killed it), else 0;
1 with one sentence, 2 for a mistake in the arguments.
";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request {
    /// This text.
    Help,
    /// A program.
    Run(Run),
    /// A recording.
    Replay(PathBuf, Show),
    /// The recordings in the repository.
    Kept(Kept),
}

/// How it is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Show {
    /// In which way.
    pub(crate) face: Face,
    /// What the text tells.
    pub(crate) tell: Tell,
}

/// In which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Face {
    /// In a terminal where there is one, as text elsewhere.
    #[default]
    Auto,
    /// In a terminal.
    Step,
    /// As text.
    Text,
}

/// A program to run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) show: Show,
    pub(crate) record: Option<PathBuf>,
    pub(crate) input: Option<PathBuf>,
    pub(crate) limit: Option<Duration>,
    pub(crate) roots: Vec<PathBuf>,
    pub(crate) example: Option<String>,
    pub(crate) program: PathBuf,
    pub(crate) args: Vec<OsString>,
}

/// Reads the arguments, without the program's own name.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Request, Usage> {
    let mut parser = Parser::from_args(args);
    let mut run = Run::default();
    let mut replays = None;
    let mut programs = false;
    while let Some(arg) = parser.next().map_err(|e| usage(&e))? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(Request::Help),
            Arg::Long("step") => face(&mut run.show.face, Face::Step)?,
            Arg::Long("text") => face(&mut run.show.face, Face::Text)?,
            Arg::Long("state") => run.show.tell.state = true,
            Arg::Long("narration") => run.show.tell.narration = true,
            Arg::Long("record") => run.record = Some(value(&mut parser)?.into()),
            Arg::Long("input") => run.input = Some(value(&mut parser)?.into()),
            Arg::Long("root") => run.roots.push(value(&mut parser)?.into()),
            Arg::Long("limit") => run.limit = Some(seconds(&value(&mut parser)?)?),
            Arg::Long("example") => {
                let name = value(&mut parser)?.into_string();
                run.example =
                    Some(name.map_err(|name| usage(&format!("{} is no name", name.display())))?);
            }
            Arg::Value(word) if replays == Some(None) => replays = Some(Some(PathBuf::from(word))),
            Arg::Value(word) if replays.is_none() && word == "replay" => replays = Some(None),
            Arg::Value(word) if run == Run::default() && task(&word).is_some() => {
                let rest: Vec<_> = parser.raw_args().map_err(|e| usage(&e))?.collect();
                return kept(task(&word).unwrap_or(Task::Check), rest).map(Request::Kept);
            }
            Arg::Value(word) if replays.is_none() => {
                run.program = word.into();
                programs = true;
                let rest: Vec<_> = parser.raw_args().map_err(|e| usage(&e))?.collect();
                let theirs = rest.strip_prefix(&[OsString::from("--")]).unwrap_or(&rest);
                run.args = theirs.to_vec();
                break;
            }
            other => return Err(usage(&other.unexpected())),
        }
    }
    match replays {
        None if !programs => Err(usage(&"which PROGRAM is to go on the stage?")),
        None => Ok(Request::Run(run)),
        Some(None) => Err(usage(&"replay needs the FILE of a recording")),
        Some(Some(file)) => {
            let show = std::mem::take(&mut run.show);
            let others = run != Run::default();
            if others {
                Err(usage(&"a recording is only shown"))
            } else {
                Ok(Request::Replay(file, show))
            }
        }
    }
}

/// What is done with the recordings in the repository, where the first word says so.
fn task(word: &OsString) -> Option<Task> {
    match word.to_str()? {
        "check" => Some(Task::Check),
        "record-all" => Some(Task::Renew),
        _ => None,
    }
}

fn kept(task: Task, rest: Vec<OsString>) -> Result<Kept, Usage> {
    let name = |word: OsString| {
        let name = word.into_string().ok().filter(|name| !name.starts_with('-'));
        name.ok_or_else(|| usage(&"only names of demos stand here"))
    };
    Ok(Kept { task, demos: rest.into_iter().map(name).collect::<Result<_, _>>()? })
}

fn face(face: &mut Face, asked: Face) -> Result<(), Usage> {
    if *face != Face::Auto && *face != asked {
        return Err(usage(&"--step or --text, not both"));
    }
    *face = asked;
    Ok(())
}

fn value(parser: &mut Parser) -> Result<OsString, Usage> {
    parser.value().map_err(|e| usage(&e))
}

fn seconds(text: &OsString) -> Result<Duration, Usage> {
    let seconds = text.to_str().and_then(|text| text.parse().ok());
    let limit = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    limit
        .filter(|limit| !limit.is_zero())
        .ok_or_else(|| usage(&format!("{} is no number of seconds", text.display())))
}

fn usage(mistake: &dyn std::fmt::Display) -> Usage {
    Usage(format!("{mistake} (try: stage --help)"))
}

#[cfg(test)]
mod tests;
