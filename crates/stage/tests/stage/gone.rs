//! A terminal that has gone takes the stage and its program with it.

#![allow(clippy::unwrap_used, reason = "without a terminal a test has failed")]

use nix::sys::signal::Signal;
use testkit::{Program, proc, until};

use crate::common::{ends, need_ptrace, on_it, on_stage, root, scene, shows, terminal};

/// Somebody closes the window.
#[track_caller]
fn closed(program: Program) {
    let Some(mut pty) = terminal(80, 24) else {
        testkit::skip!("this machine gives no terminals");
    };
    let running = pty.attach_screen(program.env("TERM", "xterm")).unwrap().spawn();
    shows(&mut pty, "scene spin · step 2");
    let programs = on_it(running.pid());
    assert_eq!(programs.len(), 1);
    drop(pty);
    let done = running.wait();
    assert_eq!(done.status.code(), Some(128 + Signal::SIGHUP as i32), "{done:#?}");
    ends(programs[0]);
}

#[test]
fn a_window_that_is_closed_ends_it() {
    need_ptrace!();
    closed(on_stage(&["--step"], &["spin"]));
}

#[test]
fn it_ends_also_when_it_was_started_to_ignore_sighup() {
    need_ptrace!();
    closed(on_stage(&["--step"], &["spin"]).ignoring(Signal::SIGHUP));
}

#[test]
fn it_ends_without_any_signal_when_the_terminal_is_nobodys() {
    need_ptrace!();
    let Some(setsid) = testkit::need::program("setsid") else {
        testkit::skip!("setsid is not here")
    };
    let Some(mut pty) = terminal(80, 24) else {
        testkit::skip!("this machine gives no terminals");
    };
    // A session of its own has no controlling terminal, and gets no SIGHUP.
    let (root, scene) = (root(), scene());
    let stage = ["--wait", env!("CARGO_BIN_EXE_stage"), "--step", "--root", &root, &scene, "spin"];
    let program = Program::new(setsid).args(stage).env("TERM", "xterm");
    let running = pty.attach_screen(program).unwrap().spawn();
    shows(&mut pty, "scene spin · step 2");
    let stages = on_it(running.pid());
    let programs = on_it(stages[0]);
    assert_eq!((stages.len(), programs.len()), (1, 1));
    drop(pty);
    running.wait();
    ends(stages[0]);
    ends(programs[0]);
}

#[test]
fn steps_as_text_end_with_their_terminal_too() {
    need_ptrace!();
    let Some(mut pty) = terminal(80, 24) else {
        testkit::skip!("this machine gives no terminals");
    };
    // It says nothing any more, so it would never learn by writing.
    let program = on_stage(&["--text"], &["stuck"]).ignoring(Signal::SIGHUP);
    let running = pty.attach_screen(program).unwrap().spawn();
    pty.shows("nobody can move");
    let programs = on_it(running.pid());
    drop(pty);
    running.wait();
    ends(programs[0]);
}

#[test]
fn half_a_key_does_not_make_it_deaf() {
    need_ptrace!();
    let Some(mut pty) = terminal(80, 24) else {
        testkit::skip!("this machine gives no terminals");
    };
    let program = on_stage(&["--step"], &["spin"]).env("TERM", "xterm");
    let running = pty.attach_screen(program).unwrap().spawn();
    shows(&mut pty, "scene spin · step 2");
    pty.press("\x1b[").unwrap();
    // It was read when there is nothing left of it.
    until("the key is read", || pty.unread().is_ok_and(|count| count == 0).then_some(()));
    running.signal(Signal::SIGTERM);
    assert_eq!(running.wait().status.code(), Some(128 + Signal::SIGTERM as i32));
}

#[test]
fn killing_it_leaves_no_child_of_its_program() {
    need_ptrace!();
    let Some(mut pty) = terminal(80, 24) else {
        testkit::skip!("this machine gives no terminals");
    };
    let program = on_stage(&["--step"], &["children"]).env("TERM", "xterm");
    let running = pty.attach_screen(program).unwrap().spawn();
    shows(&mut pty, "scene children · step");
    let programs = on_it(running.pid());
    let children = until("five children sleep", || {
        let children = on_it(programs[0]);
        (children.len() == 5).then_some(children)
    });
    running.signal(Signal::SIGKILL);
    assert_eq!(running.wait().signal(), Some(9));
    children.into_iter().chain(programs).for_each(ends);
    assert!(proc::pids().len() > 1);
}
