//! A program that runs while it is looked at.

use std::time::{Duration, Instant};

use super::model::{Model, RunState};
use super::prompt::Prompt;
use crate::feed::{Feed, News, Plan, Silence};
use crate::recording;

/// So many steps are taken in before the keys are looked at again.
pub(super) const AT_ONCE: usize = 32;
/// The program is held when so many steps have not been looked at.
const UNSEEN: usize = 20_000;

/// A program that can be run once more.
#[derive(Debug)]
pub(super) struct Live<'a> {
    /// `None` when it has ended. Dropping this kills it.
    feed: Option<Feed>,
    plan: &'a Plan,
    limit: Option<Duration>,
    begun: Instant,
}

impl<'a> Live<'a> {
    pub(super) fn new(feed: Feed, plan: &'a Plan, limit: Option<Duration>) -> Self {
        Self { feed: Some(feed), plan, limit, begun: Instant::now() }
    }

    /// Takes in what the program has done. Gives how much it was.
    pub(super) fn take(&mut self, model: &mut Model) -> usize {
        let unseen = model.story.rows().len().saturating_sub(model.at);
        let Some(feed) = self.feed.as_ref().filter(|_| unseen < UNSEEN) else { return 0 };
        let mut taken = 0;
        while taken < AT_ONCE && model.run == RunState::Live {
            match feed.next(Duration::ZERO) {
                Ok(News::Named(pid, task)) => model.story.name(pid, task),
                Ok(News::Step(step)) => model.push(*step),
                Ok(News::Over(end)) => model.over(recording::told(end)),
                Ok(News::Lost(why)) => model.over(format!("not traced any further: {why}")),
                Err(Silence::NotYet) => break,
                Err(Silence::Ended) => {
                    model.over("not traced any further: the tracer has failed".into());
                }
            }
            taken += 1;
        }
        if self.limit.is_some_and(|limit| self.begun.elapsed() >= limit) {
            model.over("ended by its time limit".into());
            taken += 1;
        }
        if model.run != RunState::Live {
            self.feed = None;
        }
        taken
    }

    /// Runs it once more.
    pub(super) fn again(&mut self, model: &mut Model) {
        // The program before must be gone first: it may hold a port.
        self.feed = None;
        match Feed::start(self.plan) {
            Ok(feed) => {
                model.restart();
                model.input = Prompt::of(&self.plan.input);
                (self.feed, self.begun) = (Some(feed), Instant::now());
            }
            Err(error) => {
                if model.run == RunState::Live {
                    model.over("ended, to be run once more".into());
                }
                model.note = error.to_string();
            }
        }
    }

    /// Gives the program a line to read.
    pub(super) fn send(&mut self, line: &str, model: &mut Model) {
        let Some(keys) = self.feed.as_mut().and_then(|feed| feed.keys.as_mut()) else { return };
        match keys.send(line) {
            Ok(()) => model.typed(line),
            Err(refusal) => model.note = refusal.to_string(),
        }
    }

    /// There will be no more lines.
    pub(super) fn end_input(&mut self, model: &mut Model) {
        if let Some(feed) = &mut self.feed {
            feed.keys = None;
        }
        model.input_ended();
    }
}
