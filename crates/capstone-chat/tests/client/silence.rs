//! The client's session when nobody answers, and when the server has gone or comes back.

use capstone_chat::client::session::Prompt::Text;
use capstone_chat::client::session::{Action, Event};

use crate::story::{DONE, PATIENCE, Story, send, show};

#[test]
fn a_second_signal_does_not_wait_for_an_answer() {
    let mut story = Story::inside();
    story.after(Event::Interrupted, [send("Q ann")]);
    story.session.handle(Event::Interrupted, story.now);
    story.fails("left without an answer of 127.0.0.1:9999");
}

#[test]
fn a_login_is_repeated_twice_and_then_given_up() {
    let mut story = Story::new(Some("ann"));
    story.wants([send("L ann")]);
    story.silence([send("L ann")]);
    story.silence([send("L ann")]);
    story.now += PATIENCE;
    story.session.handle(Event::Time, story.now);
    story.fails("nobody answers at 127.0.0.1:9999, asked 3 times");
}

#[test]
fn a_goodbye_is_repeated_twice_and_then_given_up() {
    let mut story = Story::inside();
    story.typed("quit", [send("Q ann")]);
    story.silence([send("Q ann")]);
    story.silence([send("Q ann")]);
    story.now += PATIENCE;
    story.session.handle(Event::Time, story.now);
    story.fails("nobody answers");
}

#[test]
fn answers_to_repeated_logins_are_not_shown() {
    let mut story = Story::new(Some("ann"));
    story.wants([send("L ann")]);
    story.silence([send("L ann")]);
    story.told("OK", [show("您已进入聊天室"), Action::Ask(Text)]);
    story.told("OK", []);
    story.told("该用户已存在", []);
    story.told("", []);
}

#[test]
fn nobody_at_the_port_is_said_at_once() {
    let mut story = Story::new(Some("ann"));
    story.wants([send("L ann")]);
    story.session.handle(Event::Unreachable, story.now);
    story.fails("nobody answers at 127.0.0.1:9999");
}

#[test]
fn a_server_that_was_restarted_is_logged_in_to_again() {
    let mut story = Story::inside();
    story.notes(Event::Unreachable, &["nobody is at 127.0.0.1:9999 any more", "may be lost"]);
    assert!(!story.session.takes_lines());
    story.silence([send("L ann")]);
    story.after(Event::Unreachable, []);
    story.silence([send("L ann")]);
    story.notes(Event::Datagram(b"OK"), &["restarted", "ann is in the room again"]);
    story.typed("here I am", [send("C ann here I am")]);
}

#[test]
fn a_server_that_was_restarted_may_refuse() {
    let mut story = Story::inside();
    story.notes(Event::Unreachable, &["any more"]);
    story.silence([send("L ann")]);
    story.session.handle(Event::Datagram("该用户已存在".as_bytes()), story.now);
    story.fails("refuses ann");
}

#[test]
fn a_server_that_stays_away_is_given_up() {
    let mut story = Story::inside();
    story.notes(Event::Unreachable, &["any more"]);
    (0..30).for_each(|_| story.silence([send("L ann")]));
    story.now += PATIENCE;
    story.session.handle(Event::Time, story.now);
    story.fails("asked 30 times");
}

#[test]
fn the_server_may_end_a_session() {
    let mut story = Story::inside();
    let note = Action::Note("the server has ended this session".into());
    story.told("EXIT", [note, DONE]);
}
