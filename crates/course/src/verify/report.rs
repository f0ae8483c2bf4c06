//! What has come out: a line for each exercise, and below it what is wrong with it.

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use cli::Outcome;

use super::run::indented;
use crate::days;
use crate::exercise::Exercise;
use crate::style::Style;

/// Collects the complaints.
#[derive(Debug)]
pub(super) struct Report<'a> {
    exercises: &'a [Exercise],
    places: &'a [usize],
    complaints: Vec<Vec<String>>,
    style: Style,
    /// A line of progress is on the screen.
    shown: bool,
    run: usize,
    cached: usize,
}

impl<'a> Report<'a> {
    pub(super) fn new(exercises: &'a [Exercise], places: &'a [usize], style: Style) -> Self {
        let complaints = vec![Vec::new(); exercises.len()];
        Self { exercises, places, complaints, style, shown: false, run: 0, cached: 0 }
    }

    /// Something is wrong with the exercise at this place.
    pub(super) fn complain(&mut self, at: usize, what: impl IntoIterator<Item = String>) {
        self.complaints[at].extend(what);
    }

    /// Something is wrong with what a compiler says.
    pub(super) fn complain_of(&mut self, at: usize, what: &str, rendered: &str) {
        self.complaints[at].push(format!("{what}:\n{}", indented(rendered)));
    }

    /// A program of tests was run, or did not have to be.
    pub(super) fn tried(&mut self, cached: bool) {
        *(if cached { &mut self.cached } else { &mut self.run }) += 1;
    }

    /// One line that is written over and over, where somebody looks.
    pub(super) fn progress(&mut self, text: &str) -> Outcome {
        if io::stderr().is_terminal() && !self.style.reset.is_empty() {
            self.shown = true;
            write!(io::stderr(), "\r\x1b[K{text}")?;
        }
        Ok(())
    }

    fn clear(&mut self) -> Outcome {
        if std::mem::take(&mut self.shown) {
            write!(io::stderr(), "\r\x1b[K")?;
        }
        Ok(())
    }

    /// The verdict on all of them.
    pub(super) fn end(mut self, took: Duration) -> Outcome<ExitCode> {
        self.clear()?;
        let Style { bold, dim, reset } = self.style;
        let mut stdout = io::stdout();
        let mut wrong = 0;
        for &at in self.places {
            let place = self.exercises[at].place();
            let place = place.display();
            let complaints = &self.complaints[at];
            if complaints.is_empty() {
                writeln!(stdout, "{dim}ok   {reset}  {place}")?;
                continue;
            }
            wrong += 1;
            writeln!(stdout, "{bold}wrong{reset}  {place}")?;
            for complaint in complaints {
                writeln!(stdout, "    {complaint}")?;
            }
        }
        let (run, cached, seconds) = (self.run, self.cached, took.as_secs_f32());
        let all = days::count(self.places.len(), "exercise");
        let programs = days::count(run, "program");
        writeln!(
            stdout,
            "\n{all}, {wrong} wrong; {programs} run, {cached} as before; {seconds:.1} s"
        )?;
        stdout.flush()?;
        Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
