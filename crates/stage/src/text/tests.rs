//! The steps as they are printed.

use super::*;
use crate::fixture::{self, P1, Script, server, sources, story};

fn printed(story: &Story, tell: Tell) -> String {
    let mut printer = Printer::new(Vec::new(), tell);
    printer.print(story, &sources(), true).unwrap();
    String::from_utf8(printer.to).unwrap()
}

#[test]
fn one_step_is_one_line() {
    fixture::picture("src/text/pictures/steps.txt", &printed(&story(server()), Tell::default()));
}

#[test]
fn what_belongs_to_a_step_stands_below_it() {
    let tell = Tell { state: true, narration: true };
    fixture::picture("src/text/pictures/all.txt", &printed(&story(server()), tell));
}

#[test]
fn a_step_is_printed_as_soon_as_it_cannot_change_any_more() {
    let mut printer = Printer::new(Vec::new(), Tell::default());
    let mut story = Story::default();
    let mut script = Script::default();
    let place = fixture::at("accept", None);
    let accept = fixture::call("accept4", vec![]);
    script.sleeps(P1, accept.clone(), &place);
    script.returns(P1, accept, &place, trace::Value::Int(4));
    let mut lines = Vec::new();
    for step in script.steps {
        story.push(step);
        printer.print(&story, &sources(), false).unwrap();
        lines.push(String::from_utf8_lossy(&printer.to).lines().count());
    }
    assert_eq!(lines, [0, 1, 2], "at the begin nobody knows whether it will sleep");
}

#[test]
fn what_the_program_says_cannot_move_the_cursor() {
    let mut script = Script::default();
    let place = fixture::at("accept", None);
    let write = fixture::call("write", vec![]);
    let text = "\x1b[2Jone\r\ntwo \t\n".into();
    script.whole(P1, write, &place, trace::Value::Int(4)).output =
        Some(trace::Output { stream: Stream::Err, text });
    let text = printed(&story(script.steps), Tell::default());
    let below: Vec<_> = text.lines().skip(1).map(str::trim_start).collect();
    assert_eq!(below, [">! \\u{1b}[2Jone", ">! two"]);
}

#[test]
fn a_loop_is_a_line_that_names_its_steps() {
    let mut script = Script::default();
    let place = fixture::at("read", None);
    for _ in 0..1000 {
        script.whole(P1, fixture::call("read", vec![]), &place, trace::Value::Int(1));
    }
    let mut recording = trace::Recording::new("demo", vec![], script.steps);
    recording.fold();
    let text = printed(&story(recording.steps), Tell::default());
    let last = text.lines().last().unwrap_or_default().trim();
    assert_eq!(
        (text.lines().count(), last),
        (5, "2000                           ≡ steps 7 to 8, 996 times more")
    );
}
