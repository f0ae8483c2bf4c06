//! Keys, and what they do to what is shown.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::keys::Action;
use super::model::{Goal, Mode, Model, RunState, Wish};
use crate::fixture;

/// All steps, and the program still runs.
fn live() -> Model {
    let mut model = Model::new("demo".into(), fixture::sources(), RunState::Live);
    for step in fixture::server() {
        model.push(step);
    }
    model
}

fn over() -> Model {
    let mut model = live();
    model.over("ended with status 0".into());
    model
}

fn press(model: &mut Model, code: KeyCode) -> Wish {
    let key = KeyEvent::new(code, KeyModifiers::NONE);
    model.press(Action::of(key, &model.mode))
}

fn type_in(model: &mut Model, keys: &str) {
    for key in keys.chars() {
        let code = if key == '\n' { KeyCode::Enter } else { KeyCode::Char(key) };
        assert_eq!(press(model, code), Wish::Stay);
    }
}

fn number(model: &Model) -> u32 {
    model.story.last(model.row().unwrap()).number
}

#[test]
fn forward_and_back_and_to_both_ends() {
    let mut model = over();
    let mut seen = vec![number(&model)];
    for code in [KeyCode::Right, KeyCode::Char(' '), KeyCode::PageDown, KeyCode::Left] {
        press(&mut model, code);
        seen.push(number(&model));
    }
    press(&mut model, KeyCode::End);
    seen.push(number(&model));
    press(&mut model, KeyCode::Right);
    assert!(model.note.contains("the end"), "{}", model.note);
    press(&mut model, KeyCode::Home);
    seen.push(number(&model));
    press(&mut model, KeyCode::Backspace);
    assert!(model.note.contains("the beginning"), "{}", model.note);
    assert_eq!(seen, [2, 4, 6, 8, 6, 27, 2]);
}

#[test]
fn a_number_is_jumped_to_and_may_be_taken_back() {
    let mut model = over();
    type_in(&mut model, "g1x7\n");
    assert_eq!((number(&model), &model.mode), (17, &Mode::Browse));
    type_in(&mut model, "g99\n");
    assert_eq!(number(&model), 27, "what is beyond the end is the end");
    type_in(&mut model, "g12");
    press(&mut model, KeyCode::Esc);
    type_in(&mut model, "g\n");
    assert_eq!(number(&model), 27);
    type_in(&mut model, "g12");
    for mode in [Mode::Jump("1".into()), Mode::Jump(String::new()), Mode::Browse] {
        press(&mut model, KeyCode::Backspace);
        assert_eq!(model.mode, mode);
    }
}

#[test]
fn text_is_found_in_calls_lines_and_output_and_around_the_end() {
    let mut model = over();
    for (keys, found) in [
        ("/ACCEPT4\n", 13),
        ("/\n", 20),
        ("/\n", 13),
        ("/talk(list\n", 9),
        ("/received 5\n", 26),
        ("/TcpStream::connect\n", 15),
        ("/zombie\n", 15),
    ] {
        type_in(&mut model, keys);
        assert_eq!(number(&model), found, "{keys:?}");
    }
    assert_eq!(model.note, "\"zombie\" is nowhere in these steps");
}

#[test]
fn the_next_call_of_a_task_and_the_next_line() {
    let mut model = over();
    type_in(&mut model, "g13\nn");
    assert_eq!(number(&model), 24);
    type_in(&mut model, "N");
    assert_eq!(number(&model), 13);
    type_in(&mut model, "l");
    assert_eq!(number(&model), 15);
    type_in(&mut model, "L");
    assert_eq!(number(&model), 13);
    type_in(&mut model, "g27\nnl");
    assert_eq!((number(&model), &*model.note), (27, "no other line"));
}

#[test]
fn beyond_the_last_step_the_next_one_is_waited_for() {
    let mut model = live();
    let all = fixture::server();
    press(&mut model, KeyCode::End);
    press(&mut model, KeyCode::Right);
    assert_eq!((number(&model), model.goal), (27, Some(Goal::Next)));
    let mut next = all[0].clone();
    next.number = 28;
    model.push(next.clone());
    assert_eq!((number(&model), model.goal), (28, None));
    type_in(&mut model, "g40\n");
    assert_eq!((number(&model), model.goal), (28, Some(Goal::Number(40))));
    for number in 29..=40 {
        next.number = number;
        next.task.process = number;
        model.push(next.clone());
    }
    assert_eq!((number(&model), model.goal), (40, None));
    press(&mut model, KeyCode::Right);
    press(&mut model, KeyCode::Left);
    assert_eq!(model.goal, None, "whoever goes back does not wait any more");
    press(&mut model, KeyCode::End);
    press(&mut model, KeyCode::Right);
    model.over("ended".into());
    assert_eq!(model.goal, None);
}

#[test]
fn it_plays_at_a_speed_until_the_end() {
    let mut model = over();
    let mut now = std::time::Instant::now();
    assert!(!model.tick(now) && model.rest(now).is_none());
    type_in(&mut model, "+p");
    let pause = model.play.pause();
    type_in(&mut model, "-");
    assert_eq!(model.play.pause(), 2 * pause);
    let mut turns = 0;
    while model.play.is_on() {
        now += 2 * pause + std::time::Duration::from_secs(1);
        assert!(model.tick(now));
        turns += 1;
    }
    assert_eq!((number(&model), turns), (27, model.story.rows().len() - 1));
    type_in(&mut model, "pp");
    assert!(!model.play.is_on());
}

#[test]
fn what_the_model_cannot_do_is_wished_for() {
    let mut model = over();
    assert_eq!(press(&mut model, KeyCode::Char('r')), Wish::Restart);
    assert_eq!(press(&mut model, KeyCode::Char('q')), Wish::Quit);
    let control = |letter| KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL);
    for mode in [Mode::Browse, Mode::Help, Mode::Find("q".into())] {
        model.mode = mode;
        assert_eq!(Action::of(control('c'), &model.mode), Action::Quit);
        assert_eq!(Action::of(control('z'), &model.mode), Action::Suspend);
    }
    model.mode = Mode::Browse;
    press(&mut model, KeyCode::Char('?'));
    assert_eq!(model.mode, Mode::Help);
    press(&mut model, KeyCode::Char('x'));
    assert_eq!(model.mode, Mode::Browse);
    model.restart();
    assert!(model.row().is_none() && model.run == RunState::Live);
    press(&mut model, KeyCode::Left);
    press(&mut model, KeyCode::End);
    type_in(&mut model, "nlg1\n/x\n");
}
