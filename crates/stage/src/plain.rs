//! Without a terminal: steps are printed as they come, or only recorded.

use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use cli::Outcome;
use nix::sys::signal::Signal;
use process::signals::{Calls, Disposition};
use trace::{End, Event, Step};

use crate::args::Run;
use crate::feed::{Feed, News, Plan};
use crate::lens::{self, Story};
use crate::program;
use crate::recording;
use crate::source::Sources;
use crate::terminal;
use crate::text::{Printer, Tell};

/// Between two looks whether somebody has pressed Ctrl-C.
const LOOK: Duration = Duration::from_millis(50);

/// Runs a program to its end. `tell` is `None` when nothing is to be printed.
pub(crate) fn run(
    feed: Feed,
    plan: &Plan,
    sources: &Sources,
    tell: Option<Tell>,
    run: &Run,
) -> Outcome<ExitCode> {
    // Whoever has Ctrl-C at hand decides himself how long to wait for a program that is stuck.
    let patient = io::stdin().is_terminal();
    let interrupts =
        [Signal::SIGINT, Signal::SIGTERM].map(|signal| Disposition::count(signal, Calls::Restart));
    let interrupts: Vec<_> = interrupts.into_iter().flatten().collect();
    let deadline = run.limit.map(|limit| Instant::now() + limit);
    let mut printer = tell.map(|tell| Printer::new(BufWriter::new(io::stdout()), tell));
    let mut story = Story::default();
    let end = loop {
        let news = feed.next(LOOK);
        if let Some(signal) = interrupts.iter().find(|signal| signal.seen() > 0) {
            break Ok(Some(End::Signal(signal.signal().number())));
        }
        if patient && terminal::is_gone() {
            break Ok(Some(End::Signal(Signal::SIGHUP as i32)));
        }
        if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            break Err("the time limit is over and the program has not ended".to_owned());
        }
        let mut stuck = false;
        match news {
            Ok(News::Named(pid, task)) => story.name(pid, task),
            Ok(News::Step(step)) => {
                let dead =
                    matches!(&step.event, Event::Stuck(tasks) if lens::everybody_sleeps(tasks));
                stuck = dead && !patient;
                story.push(*step);
            }
            Ok(News::Over(end)) => break Ok(end),
            Ok(News::Lost(why)) => break Err(why),
            Err(crate::feed::Silence::NotYet) => continue,
            Err(crate::feed::Silence::Ended) => break Err("the tracer has gone".into()),
        }
        if let Some(printer) = &mut printer {
            printer.print(&story, sources, false)?;
        }
        if stuck {
            break Err("nobody can move, and no time limit will change that".into());
        }
    };
    drop(feed);
    // Whoever was to read it may have gone: what was recorded is kept all the same.
    let printed = printer.map_or(Ok(()), |mut printer| printer.print(&story, sources, true));
    let opaque = story.is_opaque();
    if let Some(file) = &run.record {
        recording::write(file, plan, story)?;
    }
    printed?;
    let end = end?;
    if opaque && end.is_some() {
        // Whoever cannot hear it sees that there are no steps.
        let _ = writeln!(io::stderr(), "stage: {}", program::no_source(&plan.roots));
    }
    Ok(ExitCode::from(recording::status(end)))
}

/// Prints a recording.
pub(crate) fn show(steps: Vec<Step>, sources: &Sources, tell: Tell) -> Outcome {
    let mut printer = Printer::new(BufWriter::new(io::stdout()), tell);
    let mut story = Story::default();
    for step in steps {
        story.push(step);
    }
    printer.print(&story, sources, true)?;
    Ok(io::stdout().flush()?)
}
