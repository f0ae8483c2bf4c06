//! The steps as plain text, one in a line:
//!
//! ```text
//!   12 P1     server.rs:31       accept4(3, 127.0.0.1:40000, SOCK_CLOEXEC) = 4
//! ```
//!
//! Below a step stands what belongs to it and begins with a mark of its own: `>` what the program
//! says, `>!` what it says to standard error, `+ * -` what is new, different or gone in the kernel,
//! `#` what the comments say to the line, `|` the line itself.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::{self, Write};

use trace::{Event, Location, Stream, Task};

use crate::lens::{self, Mark, Row, Story};
use crate::source::{Origin, Sources};

/// What is told beside the steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tell {
    /// What changes in the kernel.
    pub(crate) state: bool,
    /// The line of source and its comments.
    pub(crate) narration: bool,
}

/// Prints rows as they come.
#[derive(Debug)]
pub(crate) struct Printer<W> {
    to: W,
    tell: Tell,
    /// So many rows are printed.
    printed: usize,
    /// The line of each task that was narrated last.
    told: BTreeMap<Task, Location>,
}

/// What stands below a step begins here.
const INDENT: &str = "                              ";

impl<W: Write> Printer<W> {
    /// Nothing is printed yet.
    pub(crate) fn new(to: W, tell: Tell) -> Self {
        Self { to, tell, printed: 0, told: BTreeMap::new() }
    }

    /// Prints what is new and cannot grow any more; with `all`, the last row too.
    ///
    /// # Errors
    /// EPIPE when nobody reads any more.
    pub(crate) fn print(&mut self, story: &Story, sources: &Sources, all: bool) -> io::Result<()> {
        let ready = story.rows().len().saturating_sub(usize::from(!all && grows(story)));
        while self.printed < ready {
            self.row(story, sources, self.printed)?;
            self.printed += 1;
        }
        self.to.flush()
    }

    fn row(&mut self, story: &Story, sources: &Sources, index: usize) -> io::Result<()> {
        let row = &story.rows()[index];
        let last = story.last(row);
        let place = story.location(row).map(lens::place).unwrap_or_default();
        let who = lens::whose(last).map(|task| task.to_string()).unwrap_or_default();
        self.narrate(story, sources, row)?;
        let mut indent = "";
        if let Some(heading) = story.heading(row) {
            if story.begins_group(index) {
                writeln!(self.to, "     {who:<6} {place:<18} {heading}")?;
            }
            indent = "  ";
        }
        let line = format!("{:>4} {who:<6} {place:<18} {indent}", last.number);
        writeln!(self.to, "{line}{}", story.headline(row))?;
        if let Event::Stuck(asleep) = &last.event {
            for line in lens::report(asleep) {
                writeln!(self.to, "{INDENT}{line}")?;
            }
        }
        for (stream, line) in story.says(row).lines(usize::MAX) {
            let mark = if stream == Stream::Err { ">!" } else { ">" };
            writeln!(self.to, "{INDENT}{}", format!("{mark} {}", lens::clean(line)).trim_end())?;
        }
        if self.tell.state { self.state(story, row) } else { Ok(()) }
    }

    fn state(&mut self, story: &Story, row: &Row) -> io::Result<()> {
        let (before, after) = (story.world_before(row), story.world_after(row));
        for fact in lens::facts(&before, &after, Some(story.last(row).task)) {
            if fact.mark != Mark::Same {
                let whose = if fact.heads { String::new() } else { after.name(fact.process) + " " };
                writeln!(self.to, "{INDENT}{} {whose}{}", fact.mark.letter(), fact.text)?;
            }
        }
        Ok(())
    }

    fn narrate(&mut self, story: &Story, sources: &Sources, row: &Row) -> io::Result<()> {
        let Some(location) = story.location(row).filter(|_| self.tell.narration) else {
            return Ok(());
        };
        let before = self.told.insert(story.last(row).task, location.clone());
        if before.as_ref() == Some(location) {
            return Ok(());
        }
        // What is said about a whole function or file is said on the way into it, not at each line.
        let narration = sources.narration(location).filter(|narration| {
            let before = before.as_ref();
            match narration.origin {
                Origin::Line => true,
                Origin::Function => before.is_none_or(|it| it.function != location.function),
                Origin::File => before.is_none_or(|it| it.file != location.file),
            }
        });
        if self.printed > 0 {
            writeln!(self.to)?;
        }
        for paragraph in narration.iter().flat_map(|narration| &narration.paragraphs) {
            for line in wrap(paragraph, 70) {
                writeln!(self.to, "{INDENT}# {line}")?;
            }
        }
        if let Some(line) = sources.line(location) {
            writeln!(self.to, "{INDENT}| {line}")?;
        }
        Ok(())
    }
}

/// Whether the last row may become another one with the next step.
fn grows(story: &Story) -> bool {
    let Some(row) = story.rows().last() else { return false };
    matches!(row.kind, lens::Kind::Begins | lens::Kind::Bundle)
}

/// Words in lines of at most so many letters, where they fit.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > 0 && line + 1 + word.chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}
