//! What is made of the steps: rows.

use trace::{Answer, Event, Place, Value};

use super::super::*;
use crate::fixture::{self, P1, P2, Script, call, server, story};

/// The rows, each as its kind, its number and its headline.
fn rows(story: &Story) -> Vec<(Kind, u32, String)> {
    let row = |row: &Row| (row.kind, story.last(row).number, story.headline(row));
    story.rows().iter().map(row).collect()
}

fn nothing() -> Place {
    fixture::at("accept", None)
}

#[test]
fn a_call_is_one_row_unless_it_meets_somebody() {
    let mut script = Script::default();
    let (one, two) = (call("one", vec![]), call("two", vec![]));
    script.whole(P1, one.clone(), &nothing(), Value::Int(0));
    script.sleeps(P1, one.clone(), &nothing());
    script.add(P2, Event::Enter, two.clone(), nothing());
    script.returns(P1, one, &nothing(), Value::Int(1));
    script.returns(P2, two, &nothing(), Value::Int(2));
    let expected = [
        (Kind::Whole, 2, "one() = 0"),
        (Kind::Sleeps, 4, "one() …"),
        (Kind::Begins, 5, "two()"),
        (Kind::Returns, 6, "… one() = 1"),
        (Kind::Returns, 7, "… two() = 2"),
    ];
    assert_eq!(rows(&story(script.steps)), expected.map(|(k, n, text)| (k, n, text.to_owned())));
}

#[test]
fn a_call_of_the_programs_is_a_group_and_a_loop_is_not() {
    let mut script = Script::default();
    let bind = fixture::at("bind", Some("std::net::tcp::TcpListener::bind"));
    for name in ["socket", "setsockopt", "bind", "listen", "socket", "bind"] {
        script.whole(P1, call(name, vec![]), &bind, Value::Int(0));
    }
    let read = fixture::at("read", Some("<std::net::tcp::TcpStream as std::io::Read>::read"));
    for _ in 0..3 {
        script.whole(P1, call("read", vec![]), &read, Value::Int(0));
    }
    let story = story(script.steps);
    let groups: Vec<_> = story.rows().iter().map(|row| row.group).collect();
    assert_eq!(groups, [0, 0, 0, 0, 4, 4, 6, 7, 8]);
    let headings: Vec<_> = story.rows().iter().map(|row| story.heading(row)).collect();
    assert_eq!(headings[..6], vec![Some("TcpListener::bind".to_owned()); 6]);
    assert_eq!(headings[6..], [None, None, None]);
}

#[test]
fn looking_up_a_name_is_one_row() {
    let mut script = Script::default();
    let mut lookup = fixture::at("connect", Some("std::net::TcpStream::connect"));
    lookup.libc = Some("getaddrinfo".into());
    for name in ["openat", "read", "close", "openat", "read", "close"] {
        script.whole(P1, call(name, vec![]), &lookup, Value::Int(0));
    }
    script.sleeps(P1, call("poll", vec![]), &lookup);
    script.whole(P1, call("connect", vec![]), &nothing(), Value::Int(0));
    let expected = [
        (Kind::Bundle, 14, "getaddrinfo(…): 7 calls (openat, read, close, poll) …"),
        (Kind::Whole, 16, "connect() = 0"),
    ];
    assert_eq!(rows(&story(script.steps)), expected.map(|(k, n, text)| (k, n, text.to_owned())));
}

#[test]
fn moving_finds_what_it_is_asked_for() {
    let story = story(server());
    let number = |row: Option<usize>| row.map(|row| story.last(&story.rows()[row]).number);
    let row = |number| story.row_of(number).unwrap();
    assert_eq!(number(story.row_of(5)), Some(6), "the row that shows it");
    assert_eq!(story.row_of(99), None);
    assert_eq!(number(story.call_of(P1, row(13), true)), Some(24));
    assert_eq!(number(story.call_of(P1, row(24), false)), Some(13));
    assert_eq!(number(story.call_of(P2, row(19), true)), None);
    assert_eq!(number(story.line_from(row(2), true)), Some(9));
    assert_eq!(number(story.line_from(row(2), false)), None);
}

#[test]
fn nothing_from_outside_moves_the_cursor() {
    for (text, shown) in [
        ("a\tb", "a    b"),
        ("\x1b[2J", "\\u{1b}[2J"),
        ("one\r", "one"),
        ("\u{202e}evil", "\u{fffd}evil"),
        ("一次", "一次"),
    ] {
        assert_eq!(clean(text), shown);
    }
}

#[test]
fn a_file_is_called_by_its_shortest_name() {
    for (path, name) in [
        ("src/server.rs", "server.rs"),
        ("src/wire/frame.rs", "wire/frame.rs"),
        ("examples/twin/main.rs", "twin/main.rs"),
        ("examples/twin/../../src/child.rs", "child.rs"),
        ("../other/src/lib.rs", "../other/src/lib.rs"),
    ] {
        let location = trace::Location { file: path.into(), line: 7, function: String::new() };
        assert_eq!(place(&location), format!("{name}:7"));
    }
}

#[test]
fn an_error_and_a_fault_are_told() {
    let mut script = Script::default();
    script.add(P1, Event::Enter, call("read", vec![]), nothing());
    let fault = Some("EINTR".to_owned());
    let event = Event::Return { answer: Answer::Error(4), fault };
    script.add(P1, event, call("read", vec![]), nothing());
    assert_eq!(rows(&story(script.steps))[0].2, "read() = -1 EINTR   injected: EINTR");
}
