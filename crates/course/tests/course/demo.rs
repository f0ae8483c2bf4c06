//! Running a demo: what it gets, what comes back, what is remembered.

use std::fs;

use nix::sys::signal::Signal;
use testkit::pty::Pty;
use testkit::{Program, skip};

use crate::fixture::Workspace;

fn tiny() -> Workspace {
    Workspace::new().with("day04-tiny", 4, "4.01").with("day04-tidy", 4, "4.02")
}

#[test]
fn a_whole_lesson_is_remembered_once_and_a_role_is_not() {
    let workspace = tiny();
    workspace.set_progress("note of another version\n");
    let role = workspace.course(&["demo", "tiny", "--", "args", "--help", "--"]).run();
    role.succeeded();
    assert_eq!(role.stdout, "[\"args\", \"--help\", \"--\"]\n");
    assert_eq!(workspace.progress(), "note of another version\n");
    for _ in 0..2 {
        let lesson = workspace.course(&["demo", "tiny"]).run();
        lesson.succeeded();
        assert_eq!(lesson.stdout, "the lesson\n");
        assert_eq!(workspace.progress(), "note of another version\ndemo day04-tiny\n");
    }
}

#[test]
fn a_lesson_that_fails_is_not_remembered() {
    let fails = "fn main() { std::process::exit(3) }";
    let workspace = tiny();
    fs::write(workspace.path("crates/day04-tiny/src/main.rs"), fails).unwrap();
    assert_eq!(workspace.course(&["demo", "day04-tiny"]).run().status.code(), Some(3));
    assert!(!workspace.path("work").exists());
}

#[test]
fn the_status_is_the_demos_and_a_signal_is_128_and_its_number() {
    let workspace = tiny();
    for (role, status) in
        [(&["status", "42"][..], 42), (&["status", "255"], 255), (&["abort"], 134)]
    {
        let args: Vec<_> = ["demo", "tiny", "--"].iter().chain(role).copied().collect();
        assert_eq!(workspace.course(&args).run().status.code(), Some(status), "{role:?}");
    }
}

#[test]
fn a_path_means_what_it_means_to_the_caller() {
    let workspace = tiny();
    let elsewhere = tempfile::tempdir().unwrap();
    let course = workspace.course(&["demo", "tiny", "--", "folder"]).in_dir(elsewhere.path());
    let here = format!("{}\n", fs::canonicalize(elsewhere.path()).unwrap().display());
    assert_eq!(course.run().stdout, here);
}

#[test]
fn a_name_that_is_wrong_is_one_sentence() {
    let workspace = tiny();
    let near = "course: no demo is called 'day04-tyni'; did you mean 'day04-tiny'? (try: cargo";
    workspace.course(&["demo", "day04-tyni"]).run().failed(2, near);
    let several = "course: 'day04' fits 2 demos: day04-tiny, day04-tidy (try: cargo";
    workspace.course(&["demo", "day04"]).run().failed(2, several);
}

#[test]
fn progress_that_cannot_be_written_is_a_warning() {
    let workspace = tiny();
    fs::write(workspace.path("work"), "a file, where a folder should be").unwrap();
    let lesson = workspace.course(&["demo", "tiny"]).run();
    lesson.failed(0, "course: work/progress cannot be written");
    assert_eq!(lesson.stdout, "the lesson\n");
}

/// Ctrl-C reaches both. If the course died of it, the shell would come back in the middle of the
/// demo, and the status would be lost.
#[test]
fn a_demo_that_outlives_ctrl_c_is_waited_for() {
    let Ok(mut pty) = Pty::open() else { skip!("this machine gives no terminals") };
    let workspace = tiny();
    let course = workspace.course(&["demo", "tiny", "--", "stubborn"]);
    let mut course = pty.attach(course).unwrap().spawn();
    course.line("ready");
    pty.press("\x03").unwrap();
    pty.press("still here\n").unwrap();
    course.line(r#"heard "still here\n""#);
    assert_eq!(course.wait().status.code(), Some(7));
}

#[test]
fn ctrl_c_ends_a_demo_that_does_not_mind_it() {
    let Ok(mut pty) = Pty::open() else { skip!("this machine gives no terminals") };
    let workspace = tiny();
    let mut course =
        pty.attach(workspace.course(&["demo", "tiny", "--", "patient"])).unwrap().spawn();
    course.line("ready");
    pty.press("\x03").unwrap();
    assert_eq!(course.wait().status.code(), Some(130));
}

#[test]
fn what_was_ignored_before_stays_ignored_and_nothing_else() {
    let workspace = tiny();
    let said =
        |course: Program| ignored(&course.args(["demo", "tiny", "--", "signals"]).run().stdout);
    assert_eq!(said(workspace.course(&[])), 0);
    assert_eq!(said(workspace.course(&[]).ignoring(Signal::SIGINT)), 0b010);
}

/// Of SigIgn in proc_pid_status(5) the bits of SIGINT (1) and SIGQUIT (2).
fn ignored(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.expect("proc(5) promises the line") & 0b110
}
