//! Recordings: written by one run, shown by another, equal when the program is.

#![allow(clippy::unwrap_used, reason = "without its file a test has failed")]

use std::fs;

use testkit::Program;

use crate::common::{file, need_ptrace, on_stage, stage};

/// Records a run.
fn record(options: &[&str], args: &[&str]) -> (tempfile::TempDir, String, Program) {
    let (folder, file) = file();
    let name = file.to_str().unwrap().to_owned();
    let options = [options, &["--record", &name]].concat();
    let program = on_stage(&options, args);
    (folder, name, program)
}

#[test]
fn two_recordings_of_one_program_are_equal() {
    need_ptrace!();
    let texts = [(), ()].map(|()| {
        let (_folder, file, program) = record(&[], &[]);
        let done = program.run();
        done.succeeded();
        assert_eq!(done.stdout, "", "recording is silent");
        fs::read_to_string(file).unwrap()
    });
    assert!(texts[0] == texts[1], "{}\n{}", texts[0], texts[1]);
    assert!(texts[0].contains("等待"), "the source is in it");
}

#[test]
fn a_recording_shows_what_the_run_has_shown() {
    need_ptrace!();
    let (_folder, file, program) = record(&["--text", "--narration", "--state"], &[]);
    let live = program.run();
    live.succeeded();
    let shown = stage(&["replay", &file, "--text", "--narration", "--state"]).run();
    shown.succeeded();
    // Numbers of processes and pipes have names in a recording.
    let lines =
        |text: &str| text.lines().filter(|l| !l.contains("fd ")).map(str::len).sum::<usize>();
    assert_eq!(live.stdout.lines().count(), shown.stdout.lines().count());
    assert!(lines(&live.stdout) >= lines(&shown.stdout));
    assert!(shown.stdout.contains("pipe, read end, 0 of 65536 bytes, number "), "{shown:#?}");
    assert!(!shown.stdout.contains(&format!("{}/", std::env::temp_dir().display())), "{shown:#?}");
}

#[test]
fn the_status_is_the_programs_and_what_was_done_until_then_is_kept() {
    need_ptrace!();
    let (_folder, file, program) = record(&[], &["7"]);
    assert_eq!(program.run().status.code(), Some(7));
    assert!(stage(&["replay", &file]).run().stdout.contains("ends with status 7"));

    let (_folder, file, program) = record(&[], &["stuck"]);
    program.run().failed(1, "nobody can move");
    assert!(stage(&["replay", &file]).run().stdout.contains("P1 asleep in read("));

    let (_folder, file, program) = record(&["--limit", "0.3"], &["spin"]);
    program.run().failed(1, "the time limit is over");
    assert!(stage(&["replay", &file]).run().stdout.contains("> spinning"));
}

#[test]
fn ctrl_c_ends_a_recording_and_keeps_it() {
    need_ptrace!();
    let (_folder, file, program) = record(&["--text"], &["spin"]);
    let mut running = program.spawn();
    running.line("> spinning");
    running.signal(nix::sys::signal::Signal::SIGINT);
    assert_eq!(running.wait().status.code(), Some(130));
    assert!(stage(&["replay", &file]).run().stdout.contains("> spinning"));
}

#[test]
fn what_is_no_recording_is_one_sentence() {
    let (_folder, file) = file();
    let name = file.to_str().unwrap();
    stage(&["replay", name]).run().failed(1, "No such file");
    for (text, sentence) in [
        ("", "is no recording"),
        ("{}", "is no recording"),
        ("hello", "is no recording"),
        ("{\"recording\":99,\n", "cut off"),
        ("{\"recording\":99}", "has version 99"),
        ("{\"recording\":1}", "has version 1 and only version 2"),
        ("{\"recording\":2}", "damaged"),
    ] {
        fs::write(&file, text).unwrap();
        stage(&["replay", name]).run().failed(1, sentence);
    }
}
