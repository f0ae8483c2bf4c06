//! The terminal interface.
//!
//! One thread draws and reads keys; it never waits for the program, whose steps come from another
//! thread, and never longer than [`LOOK`] for anything, so it is there when a key is pressed
//! whatever the program does.

mod find;
mod keys;
mod live;
#[cfg(test)]
mod measure;
mod model;
mod moves;
mod play;
mod prompt;
mod screen;
#[cfg(test)]
mod tests;
mod view;

use std::time::{Duration, Instant};

use cli::Outcome;
use ratatui::crossterm::event::{self, Event};

use crate::feed::{Feed, Plan};
use crate::lens::Story;
use crate::terminal;
use keys::Action;
#[cfg(test)]
pub(crate) use keys::KEYS;
use live::Live;
use model::Wish;
pub(crate) use model::{Model, RunState};
pub(crate) use prompt::Prompt;
use screen::{Called, Screen};

/// Between two looks at everything that may have happened.
const LOOK: Duration = Duration::from_millis(30);
/// The same, as long as there is nothing to look at.
const FIRST: Duration = Duration::from_millis(2);

/// Shows a model until somebody quits. A program that is traced goes on meanwhile, and is killed
/// in the end.
pub(crate) fn run(
    mut model: Model,
    live: Option<(Feed, &Plan)>,
    limit: Option<Duration>,
) -> Outcome<Story> {
    let mut live = live.map(|(feed, plan)| Live::new(feed, plan, limit));
    terminal::end_with_it()?;
    terminal::never_wait_for_keys();
    let mut screen = Screen::enter()?;
    let (mut stale, mut drawn) = (true, None::<Instant>);
    loop {
        match screen.called() {
            Some(Called::ToEnd(signal)) => screen.die(signal),
            Some(Called::ToStop) => screen.suspend()?,
            None => {}
        }
        let taken = live.as_mut().map_or(0, |live| live.take(&mut model));
        let now = Instant::now();
        stale |= taken > 0 || model.tick(now) | screen.is_back();
        // A program that does a lot is not drawn more often than anybody can see.
        if stale && drawn.is_none_or(|drawn| drawn + LOOK <= now) {
            screen.draw(&model)?;
            (stale, drawn) = (false, Some(Instant::now()));
        }
        let empty = model.row().is_none() && model.run == RunState::Live;
        let most = if empty { FIRST } else { LOOK };
        let rest = if taken == live::AT_ONCE { Duration::ZERO } else { most };
        let mut ready = event::poll(model.rest(now).map_or(rest, |play| play.min(rest)))?;
        while ready {
            (stale, drawn) = (true, None);
            let event = event::read()?;
            if matches!(event, Event::Resize(..)) {
                terminal::tell_of_keys_again();
            }
            match (heed(&event, &mut model), &mut live) {
                (Wish::Quit, _) => return Ok(model.story),
                (Wish::Suspend, _) => screen.suspend()?,
                (Wish::Redraw, _) => screen.clear()?,
                (Wish::Restart, None) => model.at = 0,
                (Wish::Restart, Some(live)) => live.again(&mut model),
                (Wish::Send(line), Some(live)) => live.send(&line, &mut model),
                (Wish::EndInput, Some(live)) => live.end_input(&mut model),
                (Wish::Send(_) | Wish::EndInput, None) | (Wish::Stay, _) => {}
            }
            ready = event::poll(Duration::ZERO)?;
        }
    }
}

fn heed(event: &Event, model: &mut Model) -> Wish {
    match event {
        Event::Key(key) => model.press(Action::of(*key, &model.mode)),
        _ => Wish::Stay,
    }
}
