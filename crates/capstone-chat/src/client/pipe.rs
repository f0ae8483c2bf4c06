//! Without a terminal: `printf 'ann\nhello\nquit\n' | capstone-chat client ADDR`. What arrives goes
//! to standard output as plain lines, what the client itself has to say to standard error, and
//! there are no prompts.

use std::io::{self, Stdin, Write as _};

use cli::Outcome;
use multiplex::{Fill, LineSource, Poller, Result, Token};

use super::front::{Front, Input, LONGEST_LINE};
use super::session::Prompt;

/// Standard input, output and error.
#[derive(Debug)]
pub(super) struct Pipe {
    lines: LineSource<Stdin>,
    watched: bool,
    /// How far standard input has come to its end.
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    NotYet,
    Come,
    Told,
}

impl Pipe {
    pub(super) fn new() -> Self {
        let lines = LineSource::new(io::stdin(), LONGEST_LINE);
        Self { lines, watched: false, end: End::NotYet }
    }
}

impl Front for Pipe {
    fn watch(&mut self, poller: &mut dyn Poller, token: Token, lines: bool) -> Result<()> {
        // Its end, and lines that nobody wants now, would be reported for ever.
        let wanted = lines && self.end == End::NotYet;
        if wanted != self.watched {
            self.watched = wanted;
            if wanted {
                self.lines.register(poller, token)?;
            } else {
                self.lines.remove(poller)?;
            }
        }
        Ok(())
    }

    fn fill(&mut self) -> Outcome {
        if self.lines.fill()? == Fill::End {
            self.end = End::Come;
        }
        Ok(())
    }

    fn next(&mut self, lines: bool) -> Outcome<Option<Input>> {
        if !lines {
            return Ok(None);
        }
        let mut line = self.lines.next_line();
        if matches!(line, Ok(None)) && self.end == End::Come {
            line = self.lines.last_line();
        }
        Ok(match line {
            Ok(Some(line)) => Some(Input::Line(line.to_vec())),
            Err(_) => Some(Input::Endless),
            Ok(None) if self.end == End::Come => {
                self.end = End::Told;
                Some(Input::End)
            }
            Ok(None) => None,
        })
    }

    fn ask(&mut self, _: Prompt) -> Outcome {
        Ok(())
    }

    fn echo(&mut self, _: &str) -> Outcome {
        Ok(())
    }

    fn show(&mut self, line: &str) -> Outcome {
        // A line at a time: whoever reads the other end of a pipe waits for it.
        let mut out = io::stdout().lock();
        writeln!(out, "{line}")?;
        Ok(out.flush()?)
    }

    fn note(&mut self, line: &str) -> Outcome {
        Ok(writeln!(io::stderr(), "{line}")?)
    }
}
