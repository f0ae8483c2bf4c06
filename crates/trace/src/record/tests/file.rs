//! A file is read as it was written, and refused with a sentence when it is anything else.

use std::fs;

use super::run::{MONDAY, sources};
use crate::record::{Recording, Unreadable};
use crate::step::Location;

fn written(recording: &Recording) -> String {
    let mut bytes = Vec::new();
    recording.write(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn refused(text: &str) -> String {
    Recording::read(text.as_bytes()).unwrap_err().to_string()
}

fn small() -> Recording {
    let mut recording = MONDAY.recording();
    recording.normalise(&MONDAY.surroundings());
    recording.steps.truncate(2);
    recording.sources = [("a.rs".into(), vec!["//! 一".into(), String::new()])].into();
    recording
}

#[test]
fn a_step_is_a_line_and_a_line_of_source_is_a_line() {
    let expected = r#"{"recording":2,
"program":"./target/debug/demo",
"arguments":["--port","0"],
"classes":{"bind":"socket","getsockname":"socket"},
"frames":{},
"places":{
"src/main.rs:12":{"file":"src/main.rs","line":12,"function":"demo::main"},
"src/main.rs:13":{"file":"src/main.rs","line":13,"function":"demo::main"}
},
"steps":[
{"task":"P1","event":"enter","at":"src/main.rs:12","call":{"bind":[{"fd":3},{"address":{"v4":"127.0.0.1:0"}},{"int":16}]}},
{"task":"P1","returns":{"int":0},"at":"src/main.rs:13","call":{"getsockname":[{"fd":3},{"address":{"ephemeral":{"ip":"127.0.0.1","port":1}}}]}}
],
"sources":{
"a.rs":[
"//! 一",
""
]}}
"#;
    assert_eq!(written(&small()), expected);
}

#[test]
fn reading_gives_what_was_written() {
    let mut all = MONDAY.recording();
    all.sources = sources();
    let empty = Recording::new("", vec![], vec![]);
    for recording in [all, small(), empty] {
        let text = written(&recording);
        assert_eq!(Recording::read(text.as_bytes()).unwrap(), recording);
        // Reformatted by another tool.
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        assert_eq!(Recording::read(pretty.as_bytes()).unwrap(), recording);
    }
}

#[test]
fn every_cut_is_told_from_everything_else() {
    let text = written(&small());
    let json = text.trim_end().len();
    for end in 0..json {
        let error = Recording::read(&text.as_bytes()[..end]).unwrap_err();
        // Before the first 13 bytes nobody can know what it was meant to be.
        match error {
            Unreadable::Truncated { line } => assert!(end >= 13 && (1..=18).contains(&line)),
            Unreadable::Foreign => assert!(end < 13, "cut at {end}"),
            other => panic!("cut at {end}: {other}"),
        }
    }
    assert_eq!(
        refused(&text[..json / 2]),
        "the recording is cut off: it ends in the middle, in line 10"
    );
}

#[test]
fn another_version_is_refused_whatever_else_it_has() {
    let newer = written(&small()).replacen(":2,", ":3,", 1).replace("\"steps\"", "\"events\"");
    let sentence = "the recording has version 3 and only version 2 can be played: record it again";
    assert_eq!(refused(&newer), sentence);
}

#[test]
fn other_files_are_no_recordings() {
    for foreign in ["", "[]", "{}", "null", "{\"version\":1}", "{\"recording\":\"x\"}", "fn main()"]
    {
        assert_eq!(refused(foreign), "this is no recording", "{foreign}");
    }
    assert!(matches!(Recording::read(&b"\xff\xfe"[..]), Err(Unreadable::Foreign)));
}

#[test]
fn damage_is_told_with_its_line() {
    let text = written(&small());
    let wrong = text.replace("\"fd\":3", "\"descriptor\":3");
    assert!(refused(&wrong).starts_with("the recording is damaged in line 11: unknown variant"));
    let wrong = text.replace("],\n\"sources\"", "],\n,\"sources\"");
    assert!(
        refused(&wrong).starts_with("the recording is damaged in line 14: "),
        "{}",
        refused(&wrong)
    );
    let wrong = text.replace("\"P1\"", "\"Q1\"");
    assert!(refused(&wrong).contains("\"Q1\" is no task"), "{}", refused(&wrong));
}

#[test]
fn sources_are_those_that_the_steps_name() {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for folder in [&first, &second] {
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/other.rs"), "nobody names it\n").unwrap();
    }
    fs::write(second.path().join("src/main.rs"), "one\n  two\r\nthree").unwrap();
    let mut recording = MONDAY.recording();
    recording.gather_sources(&[first.path(), second.path()]);
    let lines = ["one", "  two\r", "three"].map(String::from).to_vec();
    assert_eq!(recording.sources, [("src/main.rs".into(), lines)].into());
    let at = |line| Location { file: "src/main.rs".into(), line, function: String::new() };
    assert_eq!(recording.line(&at(3)), Some("three"));
    assert_eq!((recording.line(&at(0)), recording.line(&at(4))), (None, None));
    // A file that has gone in the meantime.
    recording.sources.clear();
    recording.gather_sources(&[first.path()]);
    assert!(recording.sources.is_empty());
}
