//! Hints, the solution, and back to the beginning.

use std::fs;

use testkit::pty::Pty;
use testkit::skip;

use crate::fixture::STARTER;
use crate::start::two;

#[test]
fn each_hint_says_how_many_there_are() {
    let workspace = two();
    for (number, word) in [(1, "Read."), (2, "Think."), (3, "Forty-two."), (3, "Forty-two.")] {
        let hint = workspace.course(&["hint", "first-one"]).run();
        hint.succeeded();
        let head = format!("first-one, hint {number} of 3\n\n{word}\n");
        assert!(hint.stdout.starts_with(&head), "{}", hint.stdout);
        assert_eq!(hint.stdout.contains("That was the last one."), number == 3);
        assert_eq!(workspace.progress(), format!("exercise first-one hints {number}\n"));
    }
    workspace.course(&["hint"]).run().failed(1, "nothing is started (try: cargo course start)");
}

#[test]
fn a_hint_fits_into_the_terminal() {
    let Ok(mut pty) = Pty::open() else { skip!("this machine gives no terminals") };
    pty.resize(30, 24).unwrap();
    let workspace = two();
    let hints =
        "## 1\n\nThis line is longer than the\nterminal is wide.\n\n## 2\n\nb\n\n## 3\n\nc\n";
    fs::write(workspace.path("exercises/day04/first-one/hints.md"), hints).unwrap();
    pty.attach_screen(workspace.course(&["hint", "first-one"])).unwrap().spawn().wait();
    pty.shows("This line is longer than the\r\nterminal is wide.\r\n");
    pty.resize(20, 24).unwrap();
    workspace.set_progress("");
    pty.attach_screen(workspace.course(&["hint", "first-one"])).unwrap().spawn().wait();
    pty.shows("This line is longer\r\nthan the terminal is\r\nwide.\r\n");
}

#[test]
fn a_solution_is_never_shown_unasked() {
    let workspace = two();
    let refused = workspace.course(&["solution", "first-one"]).run();
    refused.failed(1, "first-one has not passed yet; to see its solution all the same: ");
    assert_eq!((refused.stdout.as_str(), workspace.progress().as_str()), ("", ""));
    let shown = workspace.course(&["solution", "first-one", "--give-up"]).run();
    shown.succeeded();
    assert!(shown.stdout.contains("// Because.\n    42\n"), "{}", shown.stdout);
    assert!(shown.stdout.ends_with("\nexercises/day04/first-one/solution/lib.rs\n"));
    assert_eq!(workspace.progress(), "exercise first-one gave-up\n");
    workspace.set_progress("exercise first-one pass\n");
    workspace.course(&["solution", "first-one"]).run().succeeded();
    assert_eq!(workspace.progress(), "exercise first-one pass\n");
}

#[test]
fn reset_keeps_everything_that_was_there() {
    let workspace = two();
    workspace.course(&["start"]).run().succeeded();
    for number in 1..=2 {
        let mine = format!("mine, {number}");
        workspace.solve("first-one", &mine);
        fs::write(workspace.path("work/day04/first-one/notes.txt"), "notes").unwrap();
        let reset = workspace.course(&["reset", "first-one"]).run();
        reset.succeeded();
        let kept = format!("work/backup/first-one-{number}/first-one");
        let expected = format!(
            "work/day04/first-one/src/lib.rs is as it was in the beginning. \
             What was there is in {kept}.\n"
        );
        assert_eq!(reset.stdout, expected);
        let kept = workspace.path(kept);
        assert_eq!(fs::read_to_string(kept.join("src/lib.rs")).unwrap(), mine);
        assert!(kept.join("notes.txt").exists());
        assert_eq!(fs::read_to_string(workspace.source("first-one")).unwrap(), STARTER);
        assert!(!workspace.path("work/day04/first-one/notes.txt").exists());
    }
    workspace.course(&["reset"]).run().failed(2, "reset needs the NAME of an exercise");
}
