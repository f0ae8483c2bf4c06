//! How the tests start it.

#![allow(clippy::unwrap_used, reason = "without it a test has failed")]

use std::path::{Path, PathBuf};

use testkit::pty::Pty;
use testkit::{Program, Running, proc};

use crate::emulator::screen;

/// `stage ARGS`.
pub(crate) fn stage(args: &[&str]) -> Program {
    Program::new(env!("CARGO_BIN_EXE_stage")).args(args)
}

/// The source of the program on the stage.
pub(crate) fn root() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/examples/scene").into()
}

/// That program.
pub(crate) fn scene() -> String {
    let test = std::env::current_exe().unwrap();
    let target = test.parent().and_then(Path::parent).unwrap();
    target.join("examples/scene").to_str().unwrap().into()
}

/// `stage OPTIONS scene ARGS`.
pub(crate) fn on_stage(options: &[&str], args: &[&str]) -> Program {
    let (root, scene) = (root(), scene());
    stage(options).args(["--root", &root, &scene]).args(args)
}

/// Where in its source something stands: `main.rs:40`.
pub(crate) fn at(mark: &str) -> String {
    let lines = include_str!("../../examples/scene/main.rs").lines();
    format!("main.rs:{}", 1 + lines.take_while(|line| !line.contains(mark)).count())
}

/// Whether this machine lets one process trace another.
pub(crate) fn traces() -> bool {
    let tried = on_stage(&["--text"], &["0"]).run();
    !tried.stderr.contains("does not allow")
}

/// Leaves a test where nobody may trace.
macro_rules! need_ptrace {
    () => {
        if !$crate::common::traces() {
            testkit::skip!("this system does not allow one process to trace another");
        }
    };
}
pub(crate) use need_ptrace;

/// A terminal of this size, or a reason to skip the test.
pub(crate) fn terminal(columns: u16, rows: u16) -> Option<Pty> {
    let pty = Pty::open().ok()?;
    pty.resize(columns, rows).ok()?;
    Some(pty)
}

/// A folder for a recording, and the name of one in it.
pub(crate) fn file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.json");
    (folder, file)
}

/// Waits until a terminal shows a text.
#[track_caller]
pub(crate) fn shows(pty: &mut Pty, part: &str) {
    let what = format!("{part:?}");
    pty.fits(&what, |written| screen(written).contains(part));
}

/// `stage --step scene ARGS` at a terminal of this size, without colour.
pub(crate) fn at_terminal(size: (u16, u16), args: &[&str]) -> Option<(Pty, Running)> {
    let pty = terminal(size.0, size.1)?;
    let program = on_stage(&["--step"], args).env("TERM", "xterm").env("NO_COLOR", "1");
    let running = pty.attach_screen(program).unwrap().spawn();
    Some((pty, running))
}

/// The same, or the test is left.
macro_rules! start {
    ($size:expr, $args:expr) => {
        match $crate::common::at_terminal($size, $args) {
            Some(started) => started,
            None => testkit::skip!("this machine gives no terminals"),
        }
    };
}

pub(crate) use start;

/// Quits, as somebody does.
#[track_caller]
pub(crate) fn leaves(mut pty: Pty, running: Running) {
    pty.press("q").unwrap();
    running.wait().succeeded();
    assert!(pty.echoes().unwrap(), "the terminal was not given back");
}

/// The programs that a stage traces.
pub(crate) fn on_it(stage: u32) -> Vec<u32> {
    let of_it = |pid: &u32| proc::stat(*pid).is_some_and(|stat| stat.parent == stage);
    proc::pids().into_iter().filter(of_it).collect()
}

/// Waits until a process has ended, whether or not somebody has waited for it.
#[track_caller]
pub(crate) fn ends(pid: u32) {
    let ended = || proc::stat(pid).is_none_or(|stat| stat.state == 'Z').then_some(());
    testkit::until(&format!("process {pid} has ended"), ended);
}
