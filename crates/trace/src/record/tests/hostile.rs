//! A recording is somebody else's file: whatever is in it, reading it ends soon, in a recording or
//! in a sentence.

use super::chance::Chance;
use super::run::{MONDAY, sources};
use super::world::World;
use crate::record::json::Limits;
use crate::record::{Recording, Unreadable};

const WORLD: World = World {
    pids: [4100, 4101, 4107, 4108, 4109],
    ports: [40_001, 51_234, 60_999],
    inodes: [7_795_821, 7_795_822, 7_795_830],
    randoms: ["k3mRwd", "aaaaaa"],
    root: "/w",
};

fn written(recording: &Recording) -> String {
    let mut bytes = Vec::new();
    recording.write(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn refused(text: &str) -> String {
    let sentence = Recording::read(text.as_bytes()).unwrap_err().to_string();
    assert!(sentence.lines().count() == 1 && sentence.len() < 300, "{sentence}");
    sentence
}

/// A recording with these tables and steps.
fn file(frames: &str, places: &str, steps: &str) -> String {
    format!(
        r#"{{"recording":2,"program":"","arguments":[],"classes":{{}},"frames":{{{frames}}},
        "places":{{{places}}},"steps":[{steps}],"sources":{{}}}}"#
    )
}

const READ: &str = r#"{"task":"P1","event":"enter","call":{"read":["later"]}}"#;

#[test]
fn what_is_not_there_is_told_with_the_step() {
    for (step, sentence) in [
        (r#"{"task":"P1","event":"enter","at":"a.rs:1"}"#, r#"no place is called "a.rs:1""#),
        (r#"{"task":"P1","event":"enter","at":"b","from":"a.rs:1"}"#, "no frame is called"),
        (r#"{"task":"P1","returns":{"int":1},"args":{"1":"null"}}"#, "there is no argument 1"),
        (r#"{"task":"P2","returns":{"int":1},"args":{"0":"null"}}"#, "there is no argument 0"),
        (r#"{"task":"P1","event":"enter","call":{}}"#, "a call has no name, or two"),
        (r#"{"task":"P1","event":"enter","call":{"a":[],"b":[]}}"#, "a call has no name, or two"),
        (
            r#"{"task":"P1","event":{"again":{"steps":3,"times":1}}}"#,
            "steps are repeated that are not",
        ),
        (r#"{"task":"P1","event":{"again":{"steps":2,"times":4294967295}}}"#, "or too often"),
    ] {
        let text = file("", r#""b":{}"#, &format!("{READ},{READ},{step}"));
        let said = refused(&text);
        assert!(
            said.starts_with("the recording is damaged: in step 3, ") && said.contains(sentence),
            "{said}"
        );
    }
    let circle = r#""f":{"file":"a","line":1,"function":"","from":"f"}"#;
    let step = r#"{"task":"P1","event":"enter","at":"b","from":"f"}"#;
    assert!(refused(&file(circle, r#""b":{}"#, step)).contains("have no end"));
}

#[test]
fn a_short_file_cannot_ask_for_much_memory() {
    let limits = Limits { file: 1 << 20, memory: 1 << 24 };
    let refused =
        |text: &str| Recording::read_within(text.as_bytes(), limits).unwrap_err().to_string();
    let long = "x".repeat(1 << 16);
    let place = format!(r#""b":{{"api":"{long}"}}"#);
    let step = r#"{"task":"P1","event":"enter","at":"b"}"#;
    let steps = |count| file("", &place, &vec![step; count].join(","));
    assert!(Recording::read_within(steps(200).as_bytes(), limits).is_ok());
    assert!(refused(&steps(2000)).ends_with("larger than anybody can look at"));
    let call =
        format!(r#"{{"task":"P1","event":"enter","call":{{"read":[{{"text":"{long}"}}]}}}}"#);
    let steps = vec![r#"{"task":"P1","event":"blocked"}"#; 2000].join(",");
    assert!(refused(&file("", "", &format!("{call},{steps}"))).ends_with("anybody can look at"));
    let endless = Recording::read_within(std::io::repeat(b'x'), limits);
    assert!(matches!(endless, Err(Unreadable::TooLarge)));
}

#[test]
fn nothing_in_it_is_too_deep_or_too_large() {
    let deep = |depth| format!("{}\"null\"{}", r#"{"list":["#.repeat(depth), "]}".repeat(depth));
    let step =
        |value: &str| format!(r#"{{"task":"P1","event":"enter","call":{{"read":[{value}]}}}}"#);
    assert!(Recording::read(file("", "", &step(&deep(40))).as_bytes()).is_ok());
    assert!(refused(&file("", "", &step(&deep(100_000)))).contains("recursion"));
    for (good, bad) in [
        (r#"{"int":9223372036854775807}"#, r#"{"int":9223372036854775808}"#),
        (r#"{"fd":-1}"#, r#"{"fd":99999999999}"#),
        (r#"{"int":1}"#, r#"{"int":1e400}"#),
        (
            r#"{"time":{"secs":18446744073709551615,"nanos":0}}"#,
            r#"{"time":{"secs":18446744073709551615,"nanos":4000000000}}"#,
        ),
    ] {
        assert!(Recording::read(file("", "", &step(good)).as_bytes()).is_ok(), "{good}");
        assert!(refused(&file("", "", &step(bad))).contains("damaged in line"), "{bad}");
    }
}

#[test]
fn every_cut_and_every_changed_byte_is_a_recording_or_a_sentence() {
    let mut recording = Recording { sources: sources(), ..MONDAY.recording() };
    recording.steps.extend(Chance::new(7, &WORLD).recording().steps);
    let text = written(&recording).into_bytes();
    for end in 0..text.len() - 2 {
        Recording::read(&text[..end]).unwrap_err();
    }
    let mut seed = 1_u64;
    for at in (0..text.len()).step_by(5) {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let mut other = text.clone();
        other[at] = seed.to_be_bytes()[0];
        if let Ok(read) = Recording::read(&other[..]) {
            // It can be written and read once more.
            assert_eq!(Recording::read(written(&read).as_bytes()).unwrap().steps, read.steps);
        }
    }
}
