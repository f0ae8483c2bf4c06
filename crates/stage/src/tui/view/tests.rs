//! Pictures, as text.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};
use trace::{Event, Place};

use super::*;
use crate::fixture::{self, P1, P2, Script};
use crate::tui::model::{Goal, RunState};

fn model(number: u32) -> Model {
    let over = RunState::Over("ended with status 0".into());
    let mut model = Model::new("demo".into(), fixture::sources(), over);
    for step in fixture::server() {
        model.push(step);
    }
    model.at = model.story.row_of(number).unwrap();
    model
}

fn drawn(model: &Model, colour: bool, width: u16, height: u16) -> Buffer {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    draw(model, Palette::new(colour), area, &mut buffer);
    buffer
}

/// As text; a letter that takes two columns hides the one behind it.
fn text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut x = buffer.area.left();
        let mut line = String::new();
        while x < buffer.area.right() {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(words::width(symbol).max(1)).unwrap();
        }
        assert!(words::width(&line) <= usize::from(buffer.area.width), "{line:?} is too wide");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[track_caller]
fn picture(name: &str, model: &Model, width: u16, height: u16) {
    let now = text(&drawn(model, true, width, height));
    let plain = text(&drawn(model, false, width, height));
    assert_eq!(now, plain, "colour alone must not say anything");
    fixture::picture(&format!("src/tui/view/pictures/{name}"), &now);
}

#[test]
fn the_picture_at_80x24() {
    for (name, number) in
        [("bind", 8), ("asleep", 13), ("connect", 17), ("zombie", 21), ("says", 26)]
    {
        picture(&format!("{name}.80x24"), &model(number), 80, 24);
    }
}

#[test]
fn the_picture_at_140x45() {
    picture("connect.140x45", &model(17), 140, 45);
}

#[test]
fn the_smallest_picture_and_what_is_smaller() {
    picture("connect.60x16", &model(17), 60, 16);
    picture("small.50x16", &model(17), 50, 16);
}

#[test]
fn the_keys_are_explained() {
    let mut model = model(2);
    model.mode = Mode::Help;
    picture("help.80x24", &model, 80, 24);
}

#[test]
fn before_the_first_step_and_behind_the_last() {
    let mut model = Model::new("demo".into(), fixture::sources(), RunState::Live);
    picture("begin.80x24", &model, 80, 24);
    let mut steps = fixture::server();
    steps.truncate(13);
    for step in steps {
        model.push(step);
    }
    model.at = model.story.rows().len() - 1;
    model.goal = Some(Goal::Next);
    picture("waits.80x24", &model, 80, 24);
}

#[test]
fn where_everybody_sleeps_when_nobody_can_move() {
    let mut script = Script::default();
    let accept = fixture::at("listener.accept", None);
    let wait = fixture::at("read", None);
    script.sleeps(P1, fixture::call("accept4", vec![]), &accept);
    script.sleeps(P2, fixture::call("recvfrom", vec![]), &wait);
    let asleep = [(P1, "accept4", accept), (P2, "recvfrom", wait)];
    let asleep = asleep.map(|(task, name, at)| (task, fixture::call(name, vec![]), at));
    script.add(P1, Event::Stuck(asleep.into()), None, Place::default());
    let mut model = Model::new("demo".into(), fixture::sources(), RunState::Live);
    for step in script.steps {
        model.push(step);
    }
    model.at = 2;
    picture("stuck.80x24", &model, 80, 24);
}

#[test]
fn every_size_is_drawn_without_a_panic() {
    let model = model(17);
    for width in (0..200).step_by(7) {
        for height in (0..60).step_by(3) {
            drawn(&model, true, width, height);
        }
    }
}

#[test]
fn a_hundred_tasks_fit_and_the_one_that_moves_is_there() {
    let mut script = Script::default();
    for process in 1..=100 {
        let task = trace::Task { process, thread: 1 };
        script.sleeps(task, fixture::call("pause", vec![]), &Place::default());
    }
    let mut model = Model::new("demo".into(), fixture::sources(), RunState::Live);
    for step in script.steps {
        model.push(step);
    }
    model.at = 56;
    let screen = text(&drawn(&model, true, 80, 24));
    assert!(screen.contains("▶ P57") && screen.contains("and 54 more"), "{screen}");
}

#[test]
fn without_colour_there_is_none() {
    let styles = |colour| {
        let buffer = drawn(&model(17), colour, 80, 24);
        let cells = buffer.content().iter();
        let coloured = cells.clone().any(|cell| cell.fg != Color::Reset || cell.bg != Color::Reset);
        let modified = |modifier| cells.clone().any(|cell| cell.modifier.contains(modifier));
        (coloured, modified(Modifier::REVERSED), modified(Modifier::BOLD))
    };
    assert_eq!(styles(true), (true, true, true));
    assert_eq!(styles(false), (false, true, true));
}
