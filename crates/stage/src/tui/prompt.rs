//! What is typed for the program on the stage.

use super::model::{Goal, Mode, Model, RunState, Wish};
use crate::feed::Input;
use crate::typed::LINE;

/// Whether the program can be given lines to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Prompt {
    /// A recording reads nothing.
    #[default]
    Recording,
    /// It reads a file.
    File,
    /// It can.
    Open,
    /// Its input has ended.
    Ended,
}

impl Prompt {
    /// For this standard input.
    pub(crate) fn of(input: &Input) -> Self {
        match input {
            Input::File(_) => Self::File,
            Input::Keys => Self::Open,
            Input::Nothing => Self::Ended,
        }
    }
}

impl Model {
    /// Asks for a line.
    pub(super) fn prompt(&mut self) {
        let why = match (self.input, &self.run) {
            (Prompt::Recording, _) => "this is a recording: nobody reads what is typed",
            (Prompt::File, _) => "its standard input is the file of --input",
            (Prompt::Ended, _) => "its standard input has ended",
            (Prompt::Open, RunState::Over(_)) => "the program has ended",
            (Prompt::Open, RunState::Live) => {
                self.mode = Mode::Type(String::new());
                return;
            }
        };
        why.clone_into(&mut self.note);
    }

    /// Ctrl-D: the end of the input, at the beginning of a line.
    pub(super) fn end_of_input(&mut self) -> Wish {
        match &self.mode {
            Mode::Type(text) if text.is_empty() => {
                self.mode = Mode::Browse;
                Wish::EndInput
            }
            _ => Wish::Stay,
        }
    }

    /// Sends the line.
    pub(super) fn send(&mut self, line: String) -> Wish {
        if line.len() > LINE {
            self.note = format!("not sent: a line is {LINE} bytes at most");
            return Wish::Stay;
        }
        if self.run != RunState::Live {
            self.note = "not sent: the program has ended".into();
            return Wish::Stay;
        }
        Wish::Send(line)
    }

    /// A line was sent: what comes of it is shown, when the newest step is.
    pub(crate) fn typed(&mut self, line: &str) {
        self.story.typed(line);
        self.note = "sent".into();
        if self.at == self.last() {
            self.goal = Some(Goal::Next);
        }
    }

    /// The input was ended.
    pub(crate) fn input_ended(&mut self) {
        if self.run == RunState::Live {
            self.input = Prompt::Ended;
            self.story.typed("(end of input)");
            self.note = "its standard input has ended".into();
        }
    }
}

#[cfg(test)]
mod tests;
