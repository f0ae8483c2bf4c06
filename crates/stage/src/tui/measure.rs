//! What a key costs in a long story, in processor time:
//! `cargo test -p stage --bin stage -- --ignored measure --nocapture`.

use std::io::{Write as _, stderr};
use std::time::Duration;

use nix::time::ClockId;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Rect;

use super::keys::Action;
use super::model::{Model, RunState};
use super::view::{self, Palette};
use crate::fixture;

/// The time that this thread has used so far.
fn now() -> Duration {
    ClockId::CLOCK_THREAD_CPUTIME_ID.now().unwrap().into()
}

#[test]
#[ignore = "a measurement"]
fn measure_a_key_at_step_90_000_of_100_000() {
    let mut model = Model::new("demo".into(), fixture::sources(), RunState::Live);
    let start = now();
    for (number, mut step) in (1..=100_000).zip(std::iter::repeat_with(fixture::server).flatten()) {
        step.number = number;
        model.push(step);
    }
    let each = now().saturating_sub(start) / 100_000;
    let _ = writeln!(stderr(), "a step taken in: {each:?}");
    let keys: [(&str, &[KeyCode]); 8] = [
        ("→", &[KeyCode::Right]),
        ("←", &[KeyCode::Left]),
        ("n", &[KeyCode::Char('n')]),
        ("l", &[KeyCode::Char('l')]),
        ("Home", &[KeyCode::Home]),
        ("End", &[KeyCode::End]),
        ("/received", &[KeyCode::Enter]),
        ("/nowhere to be found", &[KeyCode::Enter]),
    ];
    for (columns, rows) in [(80, 24), (140, 45)] {
        for (name, codes) in keys {
            let mut worst = Duration::ZERO;
            for step in 90_000..90_020 {
                model.at = model.story.row_of(step).unwrap();
                if let Some(text) = name.strip_prefix('/') {
                    model.mode = super::model::Mode::Find(text.into());
                }
                let start = now();
                for &code in codes {
                    let key = KeyEvent::new(code, KeyModifiers::NONE);
                    model.press(Action::of(key, &model.mode));
                }
                let area = Rect::new(0, 0, columns, rows);
                view::draw(&model, Palette::new(true), area, &mut Buffer::empty(area));
                worst = worst.max(now().saturating_sub(start));
            }
            let _ = writeln!(stderr(), "{columns}×{rows} {name}: at most {worst:?}");
        }
    }
}
