//! The terminal interface, with real keys at a real terminal.

#![allow(clippy::unwrap_used, reason = "without a terminal a test has failed")]

use std::fs;

use nix::sys::ptrace;
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;
use testkit::{proc, until};

use crate::common::{at, file, leaves, need_ptrace, on_stage, shows, stage, start, terminal};

#[test]
fn keys_go_forward_and_back_and_to_a_number() {
    need_ptrace!();
    let (mut pty, running) = start!((80, 24), &[]);
    shows(&mut pty, "scene · step 2 of");
    shows(&mut pty, "ended with status 0");
    assert!(!pty.echoes().unwrap());
    for (keys, shown) in [
        ("\x1b[C", " scene · step 3 of"),
        ("\x1b[C ", " scene · step 5 of"),
        ("\x1b[D", " scene · step 4 of"),
        ("\x7f", " scene · step 3 of"),
        ("\x1b[6~", " scene · step 4 of"),
        ("g2\r", " scene · step 2 of"),
    ] {
        pty.press(keys).unwrap();
        shows(&mut pty, shown);
    }
    pty.press("?").unwrap();
    shows(&mut pty, "find a text in calls");
    pty.press("x").unwrap();
    leaves(pty, running);
}

#[test]
fn text_is_found_and_the_output_shown() {
    need_ptrace!();
    let (mut pty, running) = start!((80, 24), &[]);
    shows(&mut pty, "scene · step 2 of");
    // The program may not have come so far yet.
    pty.press("\x1b[F").unwrap();
    shows(&mut pty, "ended with status 0");
    pty.press("/read 4\r").unwrap();
    shows(&mut pty, "write(1, ");
    shows(&mut pty, "> read 4 bytes");
    leaves(pty, running);
}

#[test]
fn a_program_that_computes_for_ever_does_not_hold_the_keys_up() {
    need_ptrace!();
    let (mut pty, running) = start!((80, 24), &["spin"]);
    shows(&mut pty, "scene spin · step 2");
    for _ in 0..5 {
        pty.press("\x1b[C").unwrap();
    }
    shows(&mut pty, "waiting for the next step");
    pty.press("?").unwrap();
    shows(&mut pty, "find a text in calls");
    pty.press("x").unwrap();
    // Even from there it can be run once more, drawn anew, and left.
    pty.press("r").unwrap();
    shows(&mut pty, "scene spin · no step yet");
    shows(&mut pty, "scene spin · step 2");
    pty.press("\x0c").unwrap();
    shows(&mut pty, "scene spin · step 2");
    leaves(pty, running);
}

#[test]
fn a_program_that_is_stuck_says_where_everybody_sleeps() {
    need_ptrace!();
    let (mut pty, running) = start!((80, 24), &["stuck"]);
    shows(&mut pty, "scene stuck · step");
    pty.press("g99\r").unwrap();
    shows(&mut pty, "waiting for step 99");
    pty.press("\x1b[F").unwrap();
    for _ in 0..3 {
        pty.press("\x1b[C").unwrap();
    }
    shows(&mut pty, "nobody can move");
    let report = format!("P1 asleep in read(3, …, 1) at {}", at("reader.read_exact"));
    shows(&mut pty, &report);
    leaves(pty, running);
}

#[test]
fn a_window_may_change_its_size() {
    need_ptrace!();
    let (mut pty, running) = start!((50, 10), &[]);
    shows(&mut pty, "stage needs 60×16 characters and has 50×10");
    pty.resize(140, 45).unwrap();
    shows(&mut pty, "steps");
    pty.resize(60, 16).unwrap();
    shows(&mut pty, "who does what");
    // In the middle, and back: the step is the same.
    pty.press("g4\r").unwrap();
    shows(&mut pty, "scene · step 4 of");
    pty.resize(59, 16).unwrap();
    shows(&mut pty, "has 59×16");
    pty.resize(80, 24).unwrap();
    shows(&mut pty, "scene · step 4 of");
    pty.resize(1, 1).unwrap();
    pty.resize(80, 24).unwrap();
    pty.press(" ").unwrap();
    shows(&mut pty, "scene · step 5 of");
    leaves(pty, running);
}

/// Who reads keys is held while another thread takes SIGWINCH, so that it hears of both at once, and of
/// the size first.
#[test]
fn a_key_beside_a_new_size_is_not_lost() {
    need_ptrace!();
    let (mut pty, running) = start!((80, 24), &[]);
    shows(&mut pty, "ended with status 0");
    pty.press("g4\r").unwrap();
    shows(&mut pty, "scene · step 4 of");
    let reader = Pid::from_raw(running.pid().cast_signed());
    ptrace::seize(reader, ptrace::Options::empty()).unwrap();
    ptrace::interrupt(reader).unwrap();
    waitpid(reader, Some(WaitPidFlag::__WALL)).unwrap();
    pty.resize(81, 24).unwrap();
    let others = || proc::tasks(running.pid()).into_iter().filter(|&task| task != running.pid());
    let has_heard = || {
        let status = fs::read_to_string(format!("/proc/{reader}/status")).unwrap();
        let none = status.lines().any(|line| line == "ShdPnd:\t0000000000000000");
        let asleep = |task| proc::stat(task).is_none_or(|stat| stat.state == 'S');
        (none && others().all(asleep)).then_some(())
    };
    until("another thread has taken the signal", has_heard);
    pty.press(" ").unwrap();
    ptrace::detach(reader, None).unwrap();
    shows(&mut pty, "scene · step 5 of");
    leaves(pty, running);
}

#[test]
fn calls_of_this_task_lines_and_both_ends_are_reached() {
    need_ptrace!();
    let (mut pty, running) = start!((80, 24), &[]);
    shows(&mut pty, "ended with status 0");
    pty.press("/read(3\r").unwrap();
    shows(&mut pty, &format!("▶ P1.2  running  {}", at("reader.read(")));
    shows(&mut pty, &format!("  P1    asleep   {}", at("waiter.join")));
    pty.press("\x1b[H").unwrap();
    shows(&mut pty, "scene · step 2 of");
    pty.press("l").unwrap();
    shows(&mut pty, &format!("─ {} in", at("waiter = thread::spawn")));
    pty.press("L").unwrap();
    shows(&mut pty, &format!("─ {} in", at("mut writer) = pipe")));
    pty.press("n").unwrap();
    shows(&mut pty, &format!("─ {} in", at("waiter = thread::spawn")));
    pty.press("N").unwrap();
    shows(&mut pty, "pipe2([3, 4], O_CLOEXEC) = 0");
    pty.press("\x1b[F ").unwrap();
    shows(&mut pty, "this is the end");
    leaves(pty, running);
}

#[test]
fn it_plays_by_itself_until_the_end() {
    need_ptrace!();
    let (mut pty, running) = start!((80, 24), &[]);
    shows(&mut pty, "ended with status 0");
    pty.press("+++++p").unwrap();
    shows(&mut pty, "▶ every 0.03 s");
    shows(&mut pty, "P1 ends with status 0");
    leaves(pty, running);
}

#[test]
fn colour_is_left_out_where_it_is_not_wanted() {
    need_ptrace!();
    for (value, coloured) in [("1", false), ("", true)] {
        let Some(mut pty) = terminal(80, 24) else {
            testkit::skip!("this machine gives no terminals");
        };
        let program = on_stage(&["--step"], &[]).env("TERM", "xterm").env("NO_COLOR", value);
        let running = pty.attach_screen(program).unwrap().spawn();
        shows(&mut pty, "ended with status 0");
        pty.fits("colour or none", |written| written.contains("\x1b[38;5;6") == coloured);
        leaves(pty, running);
    }
}

#[test]
fn a_dumb_terminal_gets_text() {
    need_ptrace!();
    let Some(mut pty) = terminal(80, 24) else {
        testkit::skip!("this machine gives no terminals");
    };
    let program = on_stage(&["--step"], &["0"]).env("TERM", "dumb");
    let running = pty.attach_screen(program).unwrap().spawn();
    pty.shows("ends with status 0");
    pty.fits("text", |written| !written.contains('\x1b'));
    running.wait().succeeded();
}

#[test]
fn a_recording_is_shown_without_ptrace_and_from_the_beginning_again() {
    need_ptrace!();
    let (_folder, file) = file();
    let name = file.to_str().unwrap();
    on_stage(&["--record", name], &[]).run().succeeded();
    let Some(mut pty) = terminal(80, 24) else {
        testkit::skip!("this machine gives no terminals");
    };
    let program = stage(&["replay", name]).env("TERM", "xterm");
    let running = pty.attach_screen(program).unwrap().spawn();
    shows(&mut pty, "scene · step 2 of");
    shows(&mut pty, "ended with status 0");
    pty.press("/read 4\r").unwrap();
    shows(&mut pty, "> read 4 bytes");
    pty.press("r").unwrap();
    shows(&mut pty, "scene · step 2 of");
    leaves(pty, running);
}

#[test]
fn without_a_terminal_it_is_text() {
    need_ptrace!();
    let done = on_stage(&["--step"], &["0"]).run();
    done.succeeded();
    assert!(done.stdout.contains("ends with status 0"), "{done:#?}");
}
