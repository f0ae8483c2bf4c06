//! What the interface shows, as a value: the story so far, a position in it, and what is going on.
//! Keys change it ([`Model::press`]), steps and time do ([`Model::push`], [`Model::tick`]), and
//! `view` draws it.

use std::time::{Duration, Instant};

use trace::Step;

use super::find::Index;
use super::play::Play;
use super::prompt::Prompt;
use crate::lens::{Row, Story};
use crate::source::Sources;

/// Everything that is shown.
#[derive(Debug)]
pub(crate) struct Model {
    /// What is on the stage: `day04-poll`.
    pub(crate) title: String,
    /// The steps so far.
    pub(crate) story: Story,
    /// The program's source.
    pub(crate) sources: Sources,
    /// Whether the program still runs.
    pub(crate) run: RunState,
    /// The row that is shown; it may not be there yet.
    pub(crate) at: usize,
    /// What the keys mean.
    pub(crate) mode: Mode,
    /// Going on by itself.
    pub(crate) play: Play,
    /// Where to go as soon as it is there.
    pub(crate) goal: Option<Goal>,
    /// Stays at the newest step.
    pub(crate) follows: bool,
    /// Whether the program can be given lines to read.
    pub(crate) input: Prompt,
    /// One sentence about the last key.
    pub(crate) note: String,
    /// What was looked for last.
    pub(crate) sought: String,
    /// Where texts are.
    pub(super) index: Index,
}

/// Whether the program still runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RunState {
    /// It does: more steps may come.
    Live,
    /// All steps are there. How it ended.
    Over(String),
}

/// What the keys mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// To move about.
    #[default]
    Browse,
    /// A number is being typed.
    Jump(String),
    /// A text is being typed.
    Find(String),
    /// A line for the program is being typed.
    Type(String),
    /// The keys are explained.
    Help,
}

/// A row that is not there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// The one behind the last.
    Next,
    /// The one with this number.
    Number(u32),
}

/// What is to be done outside of the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Nothing more.
    Stay,
    /// Leave.
    Quit,
    /// Run the program once more.
    Restart,
    /// Give the terminal back for a while, as Ctrl-Z does.
    Suspend,
    /// Draw everything anew.
    Redraw,
    /// Give the program this line to read.
    Send(String),
    /// The program gets no more lines.
    EndInput,
}

impl Model {
    /// At the beginning.
    pub(crate) fn new(title: String, sources: Sources, run: RunState) -> Self {
        Self {
            title,
            story: Story::default(),
            sources,
            run,
            at: 0,
            mode: Mode::default(),
            play: Play::default(),
            goal: None,
            follows: false,
            input: Prompt::default(),
            note: String::new(),
            sought: String::new(),
            index: Index::default(),
        }
    }

    /// The row that is shown.
    pub(crate) fn row(&self) -> Option<&Row> {
        self.story.rows().get(self.at)
    }

    /// The program has gone on by a step.
    pub(crate) fn push(&mut self, step: Step) {
        self.story.push(step);
        self.index.extend(&self.story, &self.sources);
        self.pursue();
    }

    /// Goes to the goal, when it is there by now.
    fn pursue(&mut self) {
        if self.follows {
            self.at = self.last();
        }
        let there = match self.goal {
            Some(Goal::Next) => Some(self.at + 1).filter(|row| *row < self.story.rows().len()),
            Some(Goal::Number(number)) => self.story.row_of(number),
            None => None,
        };
        if let Some(row) = there {
            (self.at, self.goal) = (row, None);
            self.note.clear();
        }
    }

    /// The program has ended, and this is how.
    pub(crate) fn over(&mut self, how: String) {
        self.run = RunState::Over(how);
        self.follows = false;
        if matches!(self.mode, Mode::Type(_)) {
            self.mode = Mode::Browse;
        }
        if self.goal.take().is_some() {
            self.at = self.last();
        }
        self.note.clear();
    }

    /// Time has passed: goes on, when it plays and it is time to.
    /// Gives whether there is something else to be seen.
    pub(crate) fn tick(&mut self, now: Instant) -> bool {
        let due = self.mode == Mode::Browse && self.play.is_due(now);
        if due {
            self.forward();
            if matches!(self.run, RunState::Over(_)) && self.at == self.last() {
                self.play.stop();
            }
        }
        due
    }

    /// The program runs once more.
    pub(crate) fn restart(&mut self) {
        self.story = Story::default();
        self.index = Index::default();
        (self.at, self.goal, self.run) = (0, None, RunState::Live);
    }

    /// How long nothing needs to be done for the sake of time.
    pub(crate) fn rest(&self, now: Instant) -> Option<Duration> {
        self.play.rest(now)
    }

    pub(super) fn last(&self) -> usize {
        self.story.rows().len().saturating_sub(1)
    }

    pub(super) fn forward(&mut self) {
        if self.at < self.last() {
            self.at += 1;
            self.goal = None;
        } else if self.run == RunState::Live {
            self.goal = Some(Goal::Next);
        } else {
            self.note = "this is the end: r runs it once more, Home goes to its beginning".into();
        }
    }
}
