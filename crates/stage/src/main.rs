//! `stage`: steps through a program, unchanged.
//!
//! - [`trace`] runs the program and tells what it does, step by step (`feed`), or a recording does.
//! - `lens` makes of these steps what people look at; it is pure.
//! - `text` and `tui` are the two faces; `source` reads the lines and what their comments say.
//! - Nothing of the program under the stage has to know of it.

#![forbid(unsafe_code)]

mod args;
#[cfg(test)]
mod chapter;
mod feed;
#[cfg(test)]
mod fixture;
mod kept;
mod lens;
mod plain;
mod program;
mod recording;
mod source;
mod terminal;
mod text;
mod tui;
mod typed;

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use cli::Outcome;

use crate::args::{Face, Request, Run, Show};
use crate::feed::{Feed, Input};
use crate::source::Sources;
use crate::tui::{Model, RunState};

fn main() -> ExitCode {
    answer().unwrap_or_else(|error| cli::exit("stage", Err(error)))
}

fn answer() -> Outcome<ExitCode> {
    match args::parse(std::env::args_os().skip(1))? {
        Request::Help => {
            std::io::stdout().write_all(args::HELP.as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
        Request::Replay(file, show) => replay(&file, show),
        Request::Run(run) => live(&run),
        Request::Kept(which) => kept::run(&which),
    }
}

/// Whether there is somebody at a terminal, where that is asked for.
fn is_interactive(show: Show) -> bool {
    show.face != Face::Text && terminal::has_a_screen()
}

fn live(run: &Run) -> Outcome<ExitCode> {
    let mut plan = program::plan(run)?;
    let silent = run.record.is_some() && run.show.face == Face::Auto;
    let interactive = !silent && is_interactive(run.show);
    if interactive && plan.input == Input::Nothing {
        plan.input = Input::Keys;
    }
    let feed = Feed::start(&plan)?;
    let sources = Sources::below(plan.roots.clone());
    if !interactive {
        let tell = (!silent).then_some(run.show.tell);
        return plain::run(feed, &plan, &sources, tell, run);
    }
    let mut model = Model::new(program::title(&plan), sources, RunState::Live);
    model.input = tui::Prompt::of(&plan.input);
    let story = tui::run(model, Some((feed, &plan)), run.limit)?;
    if let Some(file) = &run.record {
        recording::write(file, &plan, story)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn replay(file: &Path, show: Show) -> Outcome<ExitCode> {
    let (title, steps, sources) = recording::read(file)?;
    let how = recording::end(&steps);
    if !is_interactive(show) {
        plain::show(steps, &sources, show.tell)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut model = Model::new(title, sources, RunState::Live);
    for step in steps {
        model.push(step);
    }
    model.over(how);
    tui::run(model, None, None)?;
    Ok(ExitCode::SUCCESS)
}
