//! Programs that no stage would wish for.

#![allow(clippy::unwrap_used, reason = "without its files a test has failed")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::common::{at_terminal, leaves, need_ptrace, on_it, on_stage, shows, stage, start};

#[test]
fn what_a_program_says_never_commands_the_terminal() {
    need_ptrace!();
    let commands = ["\x1b]0;", "\x1b[5n", "\x1b[31mred", "\u{9b}5n", "\x07"];
    let (mut pty, running) = start!((140, 45), &["rude"]);
    shows(&mut pty, "ended with status 0");
    pty.press("\x1b[F").unwrap();
    shows(&mut pty, "\\u{1b}[2J\\u{1b}]0;mine\\u{7} no");
    shows(&mut pty, "\\u{1b}[?1049l");
    pty.press("/write(1\r").unwrap();
    shows(&mut pty, "\\u{1b}[31mred\\u{7}: R ready");
    pty.fits("words, not commands", |written| !commands.iter().any(|it| written.contains(it)));
    leaves(pty, running);

    let done = on_stage(&["--text", "--state", "--narration"], &["rude"]).run();
    done.succeeded();
    let control = done.stdout.chars().find(|c| c.is_control() && *c != '\n');
    assert!(control.is_none(), "{control:?} in {done:#?}");
    assert!(done.stdout.contains("text"), "{done:#?}");
}

#[test]
fn a_crash_is_told() {
    need_ptrace!();
    let (mut pty, running) = start!((80, 24), &["abort"]);
    shows(&mut pty, "killed by SIGABRT");
    pty.press("\x1b[F").unwrap();
    shows(&mut pty, "P1 ends by SIGABRT");
    leaves(pty, running);
}

#[test]
fn a_hundred_children_have_their_lanes() {
    need_ptrace!();
    let (mut pty, running) = start!((80, 24), &["many"]);
    pty.press("f").unwrap();
    shows(&mut pty, "ended with status 0");
    shows(&mut pty, "more tasks");
    pty.press("/P101\r").unwrap();
    shows(&mut pty, "P101");
    leaves(pty, running);
}

#[test]
fn fifty_megabytes_are_taken_in_and_their_end_is_shown() {
    need_ptrace!();
    let (mut pty, running) = start!((80, 24), &["much"]);
    pty.press("f").unwrap();
    shows(&mut pty, "ended with status 0");
    shows(&mut pty, "yyyyyyyyyyyyyyyyyyyyyyyyyyyy");
    pty.press("\x1b[D\x1b[D").unwrap();
    shows(&mut pty, "write(1, \"yyyy");
    leaves(pty, running);
}

#[test]
fn two_stages_do_not_know_of_each_other() {
    need_ptrace!();
    let (mut one, first) = start!((80, 24), &["spin"]);
    let (mut two, second) = start!((80, 24), &[]);
    shows(&mut one, "scene spin · step 2");
    shows(&mut two, "ended with status 0");
    assert_eq!((on_it(first.pid()).len(), on_it(second.pid()).len()), (1, 0));
    leaves(two, second);
    shows(&mut one, "live");
    assert_eq!(on_it(first.pid()).len(), 1);
    leaves(one, first);
}

/// A program of one call, compiled here.
fn compiled(folder: &Path, debug: &str) -> Option<String> {
    let (source, program) = (folder.join("src/main.rs"), folder.join("program"));
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(&source, "fn main() {\n    drop(std::fs::write(\"/dev/null\", \"x\"));\n    println!(\"done\");\n}\n").unwrap();
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.arg(format!("-Cdebuginfo={debug}")).arg(&source).arg("-o").arg(&program);
    rustc.status().is_ok_and(|done| done.success()).then(|| program.to_str().unwrap().into())
}

#[test]
fn a_program_without_debug_info_is_one_sentence() {
    need_ptrace!();
    let folder = tempfile::tempdir().unwrap();
    let Some(program) = compiled(folder.path(), "0") else { testkit::skip!("rustc is not here") };
    let root = folder.path().to_str().unwrap();
    let done = stage(&["--text", "--root", root, &program]).run();
    assert_eq!(done.stderr.lines().count(), 1, "{done:#?}");
    assert!(done.stderr.contains("built without debug info (debug = 0)"), "{done:#?}");
    let Some(mut pty) = crate::common::terminal(80, 24) else { return };
    let program = stage(&["--step", "--root", root, &program]).env("TERM", "xterm");
    let running = pty.attach_screen(program).unwrap().spawn();
    shows(&mut pty, "was the program built without");
    leaves(pty, running);
}

#[test]
fn without_its_source_the_calls_are_shown_all_the_same() {
    need_ptrace!();
    let folder = tempfile::tempdir().unwrap();
    let Some(program) = compiled(folder.path(), "1") else { testkit::skip!("rustc is not here") };
    fs::remove_dir_all(folder.path().join("src")).unwrap();
    let root = folder.path().to_str().unwrap();
    let done = stage(&["--text", "--narration", "--root", root, &program]).run();
    done.succeeded();
    assert!(done.stdout.contains("main.rs:2"), "{done:#?}");
    assert!(done.stdout.contains("write(3, \"x\", 1) = 1"), "{done:#?}");
    let Some(mut pty) = crate::common::terminal(80, 24) else { return };
    let program = stage(&["--step", "--root", root, &program]).env("TERM", "xterm");
    let running = pty.attach_screen(program).unwrap().spawn();
    shows(&mut pty, "the source of src/main.rs is not here");
    shows(&mut pty, "openat(AT_FDCWD, \"/dev/null\"");
    leaves(pty, running);
}

#[test]
fn a_script_or_a_folder_is_no_program() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("script");
    fs::write(&file, "#!/bin/sh\necho hello\n").unwrap();
    let mode = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o755);
    fs::set_permissions(&file, mode).unwrap();
    stage(&["--text", file.to_str().unwrap()]).run().failed(1, "is a script");
    stage(&["--text", folder.path().to_str().unwrap()]).run().failed(1, "is no program");
}

#[test]
fn a_program_that_hangs_can_be_left() {
    need_ptrace!();
    let Some((mut pty, running)) = at_terminal((80, 24), &["stuck"]) else { return };
    pty.press("f").unwrap();
    shows(&mut pty, "only what comes from");
    let done = std::time::Instant::now();
    leaves(pty, running);
    // A watchdog, and no measure of speed.
    assert!(done.elapsed() < Duration::from_secs(10));
}
