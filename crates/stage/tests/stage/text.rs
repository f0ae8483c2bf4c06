//! The steps as text.

use std::time::Duration;

use crate::common::{at, need_ptrace, on_stage};

#[test]
fn one_step_in_a_line_from_the_first_call_to_the_last() {
    need_ptrace!();
    let done = on_stage(&["--text", "--state", "--narration"], &[]).run();
    done.succeeded();
    let text = &done.stdout;
    for part in [
        &format!("P1     {}         pipe2([3, 4], O_CLOEXEC) = 0", at("mut writer) = pipe")),
        "# The thread sleeps in read until somebody has written: 等待.",
        "| let waiter = thread::spawn(move || {",
        "P1.2                      begins: a thread, made by P1",
        "# wakes it",
        "= 4",
        "> read 4 bytes",
        "ends with status 0",
        "+ P1 fd 3  pipe, read end, 0 of",
    ] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
    let numbers = text.lines().filter_map(|line| line.get(..4)?.trim().parse::<u32>().ok());
    let numbers: Vec<_> = numbers.collect();
    assert!(numbers.is_sorted() && numbers.len() > 8, "{text}");
    assert!(text.is_ascii() || !text.contains('\u{1b}'), "{text}");
}

#[test]
fn the_status_is_the_programs() {
    need_ptrace!();
    for (role, status) in [("0", 0), ("7", 7), ("255", 255), ("abort", 134)] {
        let done = on_stage(&["--text"], &[role]).run();
        assert_eq!(done.status.code(), Some(status), "{role}: {done:#?}");
    }
}

#[test]
fn standard_input_comes_from_a_file_and_is_empty_without() {
    need_ptrace!();
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("keys");
    std::fs::write(&file, "typed\n").expect("a file");
    let name = file.to_str().expect("UTF-8");
    let done = on_stage(&["--text", "--input", name], &["echo"]).run();
    done.succeeded();
    assert!(done.stdout.contains("> typed"), "{done:#?}");
    assert!(!on_stage(&["--text"], &["echo"]).run().stdout.contains('>'));
}

#[test]
fn a_reader_that_has_gone_is_no_failure() {
    need_ptrace!();
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    on_stage(&["--text"], &["forever"]).stdout(writer).run().succeeded();
}

#[test]
fn a_program_that_is_stuck_is_ended_with_a_report() {
    need_ptrace!();
    let done = on_stage(&["--text"], &["stuck"]).run();
    done.failed(1, "nobody can move");
    let report = format!("P1 asleep in read(3, …, 1) at {}\n", at("reader.read_exact"));
    assert!(done.stdout.contains(&report), "{done:#?}");
}

#[test]
fn a_program_that_computes_for_ever_is_ended_by_its_limit() {
    need_ptrace!();
    let done = on_stage(&["--text", "--limit", "3"], &["spin"]).run();
    done.failed(1, "the time limit is over");
    assert!(done.stdout.contains("> spinning"), "{done:#?}");
}

#[test]
fn a_hundred_children_and_megabytes_are_survived() {
    need_ptrace!();
    let many = on_stage(&["--text"], &["many"]).limit(Duration::from_mins(2)).run();
    many.succeeded();
    assert_eq!(many.stdout.matches("runs ").count(), 100, "{}", many.stdout);
    let loud = on_stage(&["--text"], &["loud"]).limit(Duration::from_mins(2)).run();
    loud.succeeded();
    assert!(loud.stdout.len() > 3_000_000);
}
