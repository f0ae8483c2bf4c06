//! Lines that are typed for the program, and a view that follows it.

#![allow(clippy::unwrap_used, reason = "without a terminal a test has failed")]

use crate::common::{leaves, need_ptrace, on_stage, shows, start, terminal};
use crate::emulator::screen;

#[test]
fn what_is_typed_is_read_by_the_program_until_ctrl_d() {
    need_ptrace!();
    let (mut pty, running) = start!((80, 24), &["echo"]);
    shows(&mut pty, "scene echo · step");
    pty.press("f").unwrap();
    shows(&mut pty, "live, following");
    for line in ["hello", "q and g12 are no keys here", "naïve"] {
        pty.press("i").unwrap();
        shows(&mut pty, " < ▁");
        pty.press(line).unwrap();
        shows(&mut pty, &format!(" < {line}▁"));
        pty.press("\r").unwrap();
        shows(&mut pty, &format!("< {line}"));
        // What was typed, and what the program says to it.
        let twice = |text: &str| screen(text).matches(line).count() >= 2;
        pty.fits("both lines", twice);
    }
    pty.press("i\x04").unwrap();
    shows(&mut pty, "< (end of input)");
    shows(&mut pty, "ended with status 0");
    leaves(pty, running);
}

#[test]
fn a_program_that_reads_nothing_holds_nobody_up() {
    need_ptrace!();
    let (mut pty, running) = start!((80, 24), &["stuck"]);
    shows(&mut pty, "scene stuck · step");
    let line = "x".repeat(1000);
    for _ in 0..70 {
        pty.press("i").unwrap();
        shows(&mut pty, " < ▁");
        pty.press(&line).unwrap();
        shows(&mut pty, "xxx▁");
        pty.press("\r").unwrap();
        pty.fits("it is sent", |written| !screen(written).contains('▁'));
    }
    shows(&mut pty, "not sent: the pipe is full, the program does not read");
    pty.press("?").unwrap();
    shows(&mut pty, "find a text in calls");
    pty.press("x").unwrap();
    leaves(pty, running);
}

#[test]
fn a_program_that_is_run_once_more_can_be_typed_for_again() {
    need_ptrace!();
    let (mut pty, running) = start!((80, 24), &["echo"]);
    shows(&mut pty, "scene echo · step");
    pty.press("i\x04").unwrap();
    shows(&mut pty, "ended with status 0");
    pty.press("i").unwrap();
    shows(&mut pty, "its standard input has ended");
    pty.press("r").unwrap();
    pty.fits("it runs", |written| screen(written).contains("live"));
    pty.press("f").unwrap();
    pty.press("iagain\r").unwrap();
    pty.fits("both lines", |written| screen(written).matches("again").count() >= 2);
    leaves(pty, running);
}

#[test]
fn a_file_is_read_in_the_terminal_too_and_a_limit_ends_it() {
    need_ptrace!();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keys");
    std::fs::write(&file, "from a file\n").unwrap();
    let Some(mut pty) = terminal(80, 24) else {
        testkit::skip!("this machine gives no terminals");
    };
    let options = ["--step", "--input", file.to_str().unwrap()];
    let program = on_stage(&options, &["echo"]).env("TERM", "xterm");
    let running = pty.attach_screen(program).unwrap().spawn();
    shows(&mut pty, "ended with status 0");
    pty.press("\x1b[F").unwrap();
    shows(&mut pty, "from a file");
    pty.press("i").unwrap();
    shows(&mut pty, "its standard input is the file");
    leaves(pty, running);

    let Some(mut pty) = terminal(80, 24) else { return };
    let program = on_stage(&["--step", "--limit", "0.5"], &["spin"]).env("TERM", "xterm");
    let running = pty.attach_screen(program).unwrap().spawn();
    shows(&mut pty, "ended by its time limit");
    leaves(pty, running);
}
