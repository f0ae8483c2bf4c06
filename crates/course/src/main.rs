//! `cargo course`: where am I in the nine days, what is next, and does this machine have it all.
//!
//! - It knows no demo by itself: what there is comes from `cargo metadata` (`workspace`,
//!   `demo`), the titles of the days are the only table it keeps (`days`).
//! - It links none of what it starts: demos run through cargo, so that this answers in seconds
//!   on a fresh clone.
//! - It remembers what was done in a text file (`progress`); what a learner writes lies in `work/`
//!   (`work`).
//! - Exit status: 0; 1 with one sentence; 2 with one sentence for a mistake in the arguments;
//!   `demo` passes on the status of what it ran; `check` and `verify` give 0 only when all is well.

mod args;
mod book;
mod build;
mod check;
mod class;
mod course;
mod days;
mod demo;
mod doctor;
mod exercise;
mod help;
mod job;
mod list;
mod lock;
mod map;
mod names;
mod patience;
mod plan;
mod progress;
mod prose;
mod report;
mod run;
mod schedule;
mod stage;
mod start;
mod stops;
mod style;
mod sys;
mod table;
mod verify;
mod watch;
mod work;
mod workspace;

use std::io::Write as _;
use std::process::ExitCode;

use cli::Outcome;

use crate::args::Request;
use crate::style::Style;
use crate::work::Work;

fn main() -> ExitCode {
    answer().unwrap_or_else(|error| cli::exit("course", Err(error)))
}

fn answer() -> Outcome<ExitCode> {
    let style = Style::of_stdout();
    match args::parse(std::env::args_os().skip(1))? {
        Request::Help => show(args::HELP),
        Request::Map => map(&style),
        Request::List => {
            let (demos, exercises) = (workspace::demos()?, workspace::exercises()?);
            show(&list::render(&plan::all(&demos, &exercises), &style))
        }
        Request::Demo { name, args, stage } => {
            let demos = workspace::demos()?;
            let demo = names::demo(&demos, &name)?;
            match stage {
                None => run::demo(demo, &args),
                Some(stage) => stage::demo(demo, &stage, &args),
            }
        }
        Request::Replay { file, stage } => stage::replay(&file, &stage),
        Request::Start { what } => show(&start::start(what.as_deref(), &style)?),
        Request::Check { name, brief } => check::check(name.as_deref(), brief, &style),
        Request::Hint { name } => show(&help::hint(name.as_deref(), &style)?),
        Request::Solution { name, give_up } => show(&help::solution(&name, give_up, &style)?),
        Request::Reset { name } => show(&help::reset(&name)?),
        Request::Progress { export } => show(&report::progress(export.as_deref(), &style)?),
        Request::Class { files } => show(&class::class(&files, &style)?),
        Request::Schedule { day } => {
            let (demos, exercises) = (workspace::demos()?, workspace::exercises()?);
            let steps = plan::all(&demos, &exercises);
            show(&schedule::render(&steps, &book::minutes(), day, &style))
        }
        Request::Watch { name } => watch::watch(name.as_deref(), &style),
        Request::Verify { names, load, again } => {
            verify::verify(&names, verify::How { load, again }, &style)
        }
        Request::Book(request) => book::answer(&request),
        Request::Doctor => {
            let checks = doctor::examine();
            show(&doctor::render(&checks, &style))?;
            Ok(if doctor::is_fit(&checks) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

fn map(style: &Style) -> Outcome<ExitCode> {
    let root = workspace::root();
    let (demos, exercises) = (workspace::demos()?, workspace::exercises()?);
    let started = Work::of(&root).started(&exercises);
    let steps = plan::all(&demos, &exercises);
    show(&map::render(&steps, &progress::done(&root), &started, style))
}

/// In one write where that is possible, and flushed: std ignores what fails at exit.
fn show(text: &str) -> Outcome<ExitCode> {
    let mut stdout = std::io::stdout();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(ExitCode::SUCCESS)
}
