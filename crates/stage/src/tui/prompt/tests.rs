//! What is typed, and where it is seen.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::*;
use crate::fixture;
use crate::lens::Voice;
use crate::tui::keys::Action;

fn live() -> Model {
    let mut model = Model::new("demo".into(), fixture::sources(), RunState::Live);
    model.input = Prompt::Open;
    for step in fixture::server() {
        model.push(step);
    }
    model
}

fn press(model: &mut Model, code: KeyCode, modifiers: KeyModifiers) -> Wish {
    model.press(Action::of(KeyEvent::new(code, modifiers), &model.mode))
}

fn keys(model: &mut Model, keys: &str) {
    for key in keys.chars() {
        assert_eq!(press(model, KeyCode::Char(key), KeyModifiers::NONE), Wish::Stay);
    }
}

fn enter(model: &mut Model) -> Wish {
    press(model, KeyCode::Enter, KeyModifiers::NONE)
}

fn control_d(model: &mut Model) -> Wish {
    press(model, KeyCode::Char('d'), KeyModifiers::CONTROL)
}

#[test]
fn a_line_is_sent_as_it_was_typed_and_shown_where_the_program_was() {
    let mut model = live();
    model.at = model.last();
    keys(&mut model, "iq 你x");
    press(&mut model, KeyCode::Backspace, KeyModifiers::NONE);
    assert_eq!(enter(&mut model), Wish::Send("q 你".into()));
    model.typed("q 你");
    let said = model.story.said(model.row().unwrap());
    assert_eq!(said.voices(1), [(Voice::Keys, "q 你")]);
    assert_eq!(said.lines(9).last().unwrap().1, "received 5 bytes", "the program has not said it");
    assert_eq!(model.goal, Some(Goal::Next), "what comes of it is shown");
    keys(&mut model, "i");
    assert_eq!(enter(&mut model), Wish::Send(String::new()), "an empty line is a line");
    keys(&mut model, "i");
    press(&mut model, KeyCode::Esc, KeyModifiers::NONE);
    assert_eq!(model.mode, Mode::Browse);
}

#[test]
fn ctrl_d_ends_the_input_at_the_beginning_of_a_line_only() {
    let mut model = live();
    assert_eq!(control_d(&mut model), Wish::Stay);
    keys(&mut model, "ix");
    assert_eq!(control_d(&mut model), Wish::Stay);
    press(&mut model, KeyCode::Backspace, KeyModifiers::NONE);
    assert_eq!(control_d(&mut model), Wish::EndInput);
    model.input_ended();
    keys(&mut model, "i");
    assert_eq!((&model.mode, &*model.note), (&Mode::Browse, "its standard input has ended"));
}

#[test]
fn where_nobody_reads_there_is_no_prompt() {
    let mut model = live();
    for (input, why) in [(Prompt::Recording, "recording"), (Prompt::File, "--input")] {
        model.input = input;
        keys(&mut model, "i");
        assert!(model.mode == Mode::Browse && model.note.contains(why), "{}", model.note);
    }
    model.input = Prompt::Open;
    keys(&mut model, "i");
    model.over("ended".into());
    assert_eq!(model.mode, Mode::Browse, "what is typed next are keys again");
    keys(&mut model, "i");
    assert_eq!(model.note, "the program has ended");
    model.run = RunState::Live;
    model.mode = Mode::Type("x".repeat(LINE + 1));
    assert_eq!(enter(&mut model), Wish::Stay);
    assert!(model.note.contains("not sent"), "{}", model.note);
}

#[test]
fn whoever_follows_is_at_the_newest_step_until_he_moves() {
    let mut model = live();
    keys(&mut model, "f");
    assert_eq!(model.at, model.last());
    for step in fixture::server() {
        model.push(step);
    }
    assert_eq!(model.at, model.last());
    keys(&mut model, "ihello");
    enter(&mut model);
    assert!(model.follows, "typing is no move");
    press(&mut model, KeyCode::Left, KeyModifiers::NONE);
    let here = model.at;
    for step in fixture::server() {
        model.push(step);
    }
    assert_eq!((model.at, model.follows), (here, false));
    keys(&mut model, "ff");
    assert!(!model.follows && model.at == model.last(), "f again stays where it is");
    model.over("ended".into());
    keys(&mut model, "f");
    assert!(!model.follows, "nothing comes any more");
}
