//! The client's session alone: what goes in, what comes out. No socket, no screen, no clock.

use std::time::Instant;

use capstone_chat::client::session::Prompt::{Name, Text};
use capstone_chat::client::session::{Action, Event};

use crate::story::{DONE, Story, send, show};

#[test]
fn a_whole_session() {
    let mut story = Story::new(None);
    story.wants([Action::Ask(Name)]);
    story.typed("ann", [send("L ann")]);
    assert!(!story.session.takes_lines(), "an answer is waited for");
    story.told("OK", [show("您已进入聊天室"), Action::Ask(Text)]);
    story.typed("hello  world ", [send("C ann hello  world ")]);
    story.typed("", [send("C ann ")]);
    story.told("\nbob 说:hi", [show("bob 说:hi")]);
    story.typed("quit", [send("Q ann")]);
    story.told("\nbob 说:bye", [show("bob 说:bye")]);
    story.told("EXIT", [DONE]);
    story.told("\nbob 说:late", []);
}

#[test]
fn every_way_to_leave() {
    for line in ["quit", "  quit ", "\tquit", "/quit", " /quit "] {
        Story::inside().typed(line, [send("Q ann")]);
    }
    for event in [Event::EndOfInput, Event::Interrupted] {
        let mut story = Story::inside();
        story.after(event, [send("Q ann")]);
        story.told("EXIT", [DONE]);
    }
    // At the first prompt nobody has to be told.
    Story::new(None).session.actions();
    for event in [Event::EndOfInput, Event::Interrupted, Event::Line(b"/quit")] {
        let mut story = Story::new(None);
        story.wants([Action::Ask(Name)]);
        story.after(event, [DONE]);
    }
    for line in ["quit now", "QUIT", "quitter", "/quits"] {
        Story::inside().typed(line, [send(&format!("C ann {line}"))]);
    }
}

#[test]
fn a_refused_name_is_asked_for_again_or_ends_the_program() {
    let mut story = Story::new(None);
    story.wants([Action::Ask(Name)]);
    story.typed("ann", [send("L ann")]);
    story.told("该用户已存在", [show("该用户已存在"), Action::Ask(Name)]);
    story.typed("bob", [send("L bob")]);
    let mut story = Story::new(Some("ann"));
    story.wants([send("L ann")]);
    story.session.handle(Event::Datagram("该用户已存在".as_bytes()), story.now);
    story.fails("the server refuses ann: 该用户已存在");
}

#[test]
fn a_name_that_the_wire_cannot_carry_is_not_sent() {
    for (name, why) in
        [("", "at least one"), ("a b", "cannot contain"), (&"x".repeat(65), "at most")]
    {
        let mut story = Story::new(None);
        story.wants([Action::Ask(Name)]);
        story.session.handle(Event::Line(name.as_bytes()), story.now);
        let actions = story.session.actions();
        assert!(
            matches!(&actions[..], [Action::Note(note), Action::Ask(Name)] if note.contains(why)),
            "{actions:?}"
        );
    }
    // Blanks around it are a slip of the hand; who the administrator is, the server knows.
    Story::new(None).session.handle(Event::Line(b" ann "), Instant::now());
    let mut story = Story::new(None);
    story.wants([Action::Ask(Name)]);
    story.typed(" 管理员\t", [send("L 管理员")]);
}

#[test]
fn what_others_say_is_harmless() {
    let mut story = Story::inside();
    for (said, shown) in [
        ("\nbob 说:\x1b[2J\x07", "bob 说:␛[2J␇"),
        ("\nbob 说:x\n管理员 说:forged", "bob 说:x␊管理员 说:forged"),
        ("\n\n\n管理员 说:forged", "␊␊管理员 说:forged"),
        ("\nbob 说:OK", "bob 说:OK"),
        ("words of another server", "words of another server"),
    ] {
        story.told(said, [show(shown)]);
    }
    story.after(Event::Datagram(b"\nbob \xff"), [show("bob \u{fffd}")]);
    let mut story = Story::new(None);
    story.wants([Action::Ask(Name)]);
    story.typed("ann", [send("L ann")]);
    story.told("\x1b[31mno", [show("␛[31mno"), Action::Ask(Name)]);
}

#[test]
fn a_line_that_others_could_only_get_in_part_is_not_sent() {
    // 2,048 bytes: a newline, the name, a blank, 说:, the text.
    let most = 2048 - "\nann 说:".len();
    let mut story = Story::inside();
    let line = "x".repeat(most);
    story.typed(&line, [send(&format!("C ann {line}"))]);
    for long in [most + 1, 65_536] {
        let line = "x".repeat(long);
        story.notes(Event::Line(line.as_bytes()), &["not sent", &long.to_string(), "2039"]);
    }
    story.notes(Event::Line(b"\xff"), &["not sent", "UTF-8"]);
    story.typed("short", [send("C ann short")]);
}

#[test]
fn who_was_seen() {
    let mut story = Story::inside();
    story.notes(Event::Line(b"/who"), &["nobody"]);
    story.told("\n欢迎 bob 进入聊天室", [show("欢迎 bob 进入聊天室")]);
    story.told("\nzoe 说:hi", [show("zoe 说:hi")]);
    story.notes(Event::Line(b" /who "), &["bob, zoe"]);
    story.told("\nbob退出了聊天室", [show("bob退出了聊天室")]);
    story.notes(Event::Line(b"/who"), &[": zoe"]);
    story.notes(Event::Line(b"/help"), &["quit", "/who", "no list"]);
}
