//! However it ends, the terminal is given back and the program is gone.

#![allow(clippy::unwrap_used, reason = "without a terminal a test has failed")]

use nix::sys::signal::Signal;
use testkit::{Program, proc, until};

use crate::common::{need_ptrace, on_it, on_stage, root, scene, shows, terminal};
use crate::emulator::screen;

#[test]
fn a_signal_that_ends_it_gives_the_terminal_back() {
    need_ptrace!();
    for signal in [Signal::SIGTERM, Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT] {
        let Some(mut pty) = terminal(80, 24) else {
            testkit::skip!("this machine gives no terminals");
        };
        let program = on_stage(&["--step"], &["spin"]).env("TERM", "xterm");
        let running = pty.attach_screen(program).unwrap().spawn();
        shows(&mut pty, "scene spin · step 2");
        let programs = on_it(running.pid());
        assert_eq!(programs.len(), 1);
        running.signal(signal);
        assert_eq!(running.wait().status.code(), Some(128 + signal as i32));
        assert!(pty.echoes().unwrap(), "{signal}: the terminal was not given back");
        until("the program is gone", || proc::stat(programs[0]).is_none().then_some(()));
    }
}

#[test]
fn killing_it_leaves_no_program() {
    need_ptrace!();
    let mut running = on_stage(&["--text"], &["spin"]).spawn();
    running.line("> spinning");
    let programs = on_it(running.pid());
    assert_eq!(programs.len(), 1);
    running.signal(Signal::SIGKILL);
    assert_eq!(running.wait().signal(), Some(9));
    until("the program is gone", || proc::stat(programs[0]).is_none().then_some(()));
}

#[test]
fn ctrl_z_stops_it_and_fg_brings_it_back() {
    need_ptrace!();
    let Some(bash) = testkit::need::program("bash") else { testkit::skip!("bash is not here") };
    let Some(mut pty) = terminal(80, 24) else {
        testkit::skip!("this machine gives no terminals");
    };
    let shell = Program::new(bash).args(["--norc", "--noprofile", "-i"]).env("TERM", "xterm");
    let running = pty.attach_screen(shell).unwrap().spawn();
    let command = format!("{} --step --root {} {}", env!("CARGO_BIN_EXE_stage"), root(), scene());
    pty.press(&format!("{command}\n")).unwrap();
    shows(&mut pty, "scene · step 2 of");
    pty.press("\x1a").unwrap();
    until("the shell says so", || running.stderr().contains("Stopped").then_some(()));
    pty.press("echo in $((6 * 7)) shell\n").unwrap();
    shows(&mut pty, "in 42 shell");
    pty.press("fg\n").unwrap();
    shows(&mut pty, "scene · step 2 of");
    pty.press("q").unwrap();
    // What is typed before that is still its own.
    pty.fits("the end of it", |written| !screen(written).contains("scene · step"));
    pty.press("exit $((3 + 4))\n").unwrap();
    assert_eq!(running.wait().status.code(), Some(7));
}
