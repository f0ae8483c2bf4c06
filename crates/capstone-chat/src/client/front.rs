//! What the loop wants from whoever types: lines, and a place to show others'.

use cli::Outcome;
use multiplex::{Poller, Result, Token};

use super::session::Prompt;

/// What somebody did at the front.
#[derive(Debug)]
pub(super) enum Input {
    /// Typed a line.
    Line(Vec<u8>),
    /// Typed a line of more than [`LONGEST_LINE`] bytes, which was not kept.
    Endless,
    /// Will type no more.
    End,
    /// Wants to be gone.
    Interrupt,
}

/// Much longer than what is sent, in bytes, so that the sentence about it can say how long it is.
pub(super) const LONGEST_LINE: usize = 256 * 1024;

/// A pipe, or a terminal.
pub(super) trait Front {
    /// Registers what there is to wait for, or takes it out of the poller. `lines`: whether any are
    /// wanted now; if not, they stay where they are.
    fn watch(&mut self, poller: &mut dyn Poller, token: Token, lines: bool) -> Result<()>;

    /// Its token was reported.
    fn fill(&mut self) -> Outcome;

    /// The next of what has come. Lines, and their end, only where they are wanted.
    fn next(&mut self, lines: bool) -> Outcome<Option<Input>>;

    /// From now on lines are asked for with this prompt.
    fn ask(&mut self, prompt: Prompt) -> Outcome;

    /// Shows a line that has been taken out as said, where it cannot be seen yet.
    fn echo(&mut self, line: &str) -> Outcome;

    /// Shows a line of the room.
    fn show(&mut self, line: &str) -> Outcome;

    /// Shows a line of the client's own.
    fn note(&mut self, line: &str) -> Outcome;
}
