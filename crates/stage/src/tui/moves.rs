//! What keys do to the [`Model`].

use std::time::Instant;

use super::keys::Action;
use super::model::{Goal, Mode, Model, RunState, Wish};

impl Model {
    /// Does what a key asks for.
    pub(crate) fn press(&mut self, action: Action) -> Wish {
        self.note.clear();
        if action.is_move(&self.mode) {
            (self.goal, self.follows) = (None, false);
        }
        match action {
            Action::Forward => self.forward(),
            Action::Back if self.at == 0 => self.note = "this is the beginning".into(),
            Action::Back => self.at -= 1,
            Action::Home => self.at = 0,
            Action::End => self.at = self.last(),
            Action::Call { forward } => {
                let task = self.row().map(|row| self.story.last(row).task);
                let found = task.and_then(|task| self.story.call_of(task, self.at, forward));
                self.go(found, "no other call of this task");
            }
            Action::Line { forward } => {
                let found = self.story.line_from(self.at, forward);
                self.go(found, "no other line");
            }
            Action::Follow => self.follow(),
            Action::Type => self.prompt(),
            Action::EndOfInput => return self.end_of_input(),
            Action::Play => self.play.toggle(Instant::now()),
            Action::Faster => self.play.faster(),
            Action::Slower => self.play.slower(),
            Action::Jump => self.mode = Mode::Jump(String::new()),
            Action::Find => self.mode = Mode::Find(String::new()),
            Action::Help => self.mode = Mode::Help,
            Action::Letter(letter) => self.letter(letter),
            Action::Rubout => self.rubout(),
            Action::Enter => return self.enter(),
            Action::Escape => self.mode = Mode::Browse,
            Action::Restart => return Wish::Restart,
            Action::Quit => return Wish::Quit,
            Action::Suspend => return Wish::Suspend,
            Action::Redraw => return Wish::Redraw,
            Action::Nothing => {}
        }
        Wish::Stay
    }

    fn go(&mut self, found: Option<usize>, otherwise: &str) {
        match found {
            Some(row) => self.at = row,
            None if self.run == RunState::Live => self.note = format!("{otherwise} yet"),
            None => otherwise.clone_into(&mut self.note),
        }
    }

    fn letter(&mut self, letter: char) {
        if let Mode::Jump(text) | Mode::Find(text) | Mode::Type(text) = &mut self.mode {
            text.push(letter);
        }
    }

    fn rubout(&mut self) {
        match &mut self.mode {
            Mode::Jump(text) | Mode::Find(text) | Mode::Type(text) if !text.is_empty() => {
                text.pop();
            }
            mode => *mode = Mode::Browse,
        }
    }

    /// Stays at the newest step from now on, or not any more.
    fn follow(&mut self) {
        self.follows = !self.follows && self.run == RunState::Live;
        self.at = self.last();
        self.goal = None;
    }

    fn enter(&mut self) -> Wish {
        match std::mem::take(&mut self.mode) {
            Mode::Jump(text) => self.jump(&text),
            Mode::Find(text) => {
                if !text.is_empty() {
                    self.sought = text;
                }
                self.find();
            }
            Mode::Type(line) => return self.send(line),
            Mode::Browse | Mode::Help => {}
        }
        Wish::Stay
    }

    fn jump(&mut self, text: &str) {
        let Ok(number) = text.parse() else { return };
        match self.story.row_of(number) {
            Some(row) => self.at = row,
            None if self.run == RunState::Live => self.goal = Some(Goal::Number(number)),
            None => self.at = self.last(),
        }
    }
}
