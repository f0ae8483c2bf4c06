//! `cargo course`: where am I in the nine days, what is next, and does this machine have it all.
//!
//! - It knows no demo by itself: what there is comes from `cargo metadata` (`workspace`,
//!   `demo`), the titles of the days are the only table it keeps (`days`).
//! - It links none of what it starts: demos run through cargo, so that this answers in seconds
//!   on a fresh clone.
//! - It remembers one thing, which demos were run, in a text file (`progress`).
//! - Exit status: 0; 1 with one sentence; 2 with one sentence for a mistake in the arguments;
//!   `demo` passes on the status of what it ran.

mod args;
mod days;
mod demo;
mod doctor;
mod list;
mod map;
mod names;
mod progress;
mod run;
mod style;
mod sys;
mod workspace;

use std::io::Write as _;
use std::process::ExitCode;

use cli::Outcome;

use crate::args::Request;
use crate::style::Style;

fn main() -> ExitCode {
    answer().unwrap_or_else(|error| cli::exit("course", Err(error)))
}

fn answer() -> Outcome<ExitCode> {
    let style = Style::of_stdout();
    match args::parse(std::env::args_os().skip(1))? {
        Request::Help => show(args::HELP),
        Request::Map => {
            let done = progress::done(&workspace::root());
            show(&map::render(&workspace::demos()?, &done, &style))
        }
        Request::List => show(&list::render(&workspace::demos()?, &style)),
        Request::Demo { name, args } => run::demo(names::demo(&workspace::demos()?, &name)?, &args),
        Request::Doctor => {
            let checks = doctor::examine();
            show(&doctor::render(&checks, &style))?;
            Ok(if doctor::is_fit(&checks) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
    }
}

/// In one write where that is possible, and flushed: std ignores what fails at exit.
fn show(text: &str) -> Outcome<ExitCode> {
    let mut stdout = std::io::stdout();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()?;
    Ok(ExitCode::SUCCESS)
}
