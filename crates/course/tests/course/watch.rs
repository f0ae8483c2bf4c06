//! Watching: a save gives a verdict, keys do what they say, and nothing is left running.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use testkit::pty::Pty;
use testkit::{proc, skip, until};

use crate::fixture::{SOLUTION, Workspace};
use crate::start::two;

const WRONG: &str = "pub fn answer() -> u32 { 0 }\n";

fn started() -> Workspace {
    let workspace = two();
    workspace.course(&["start", "4"]).run().succeeded();
    workspace
}

/// By a new file that is renamed over the old one, as many editors do it.
fn save_by_rename(workspace: &Workspace, name: &str, text: &str) {
    let source = workspace.source(name);
    let new = source.with_extension("rs~new");
    fs::write(&new, text).expect("a file");
    fs::rename(&new, &source).expect("a file");
}

#[test]
fn each_save_gives_a_verdict_however_it_is_saved() {
    let workspace = started();
    let mut watch = workspace.course(&["watch"]).spawn();
    watch.line("first-one does not pass yet.");
    watch.line("waiting for the next save; Ctrl-C ends");
    workspace.solve("first-one", WRONG);
    watch.line("it gave nothing at all");
    watch.line("waiting for the next save");
    save_by_rename(&workspace, "first-one", "pub fn answer() -> u32 { nonsense }\n");
    watch.line("first-one does not compile.");
    watch.line("waiting for the next save");
    save_by_rename(&workspace, "second-one", WRONG);
    watch.line("checking second-one");
    watch.line("waiting for the next save");
    save_by_rename(&workspace, "first-one", SOLUTION);
    watch.line("checking first-one");
    watch.line("first-one passes.");
    watch.line("Next, in another terminal: cargo course demo day04-tiny");
    watch.signal(nix::sys::signal::Signal::SIGTERM);
    assert_eq!(watch.wait().status.code(), Some(143));
    assert!(workspace.progress().contains("exercise first-one pass\n"));
}

#[test]
fn the_keys_do_what_they_say() {
    let Ok(mut pty) = Pty::open() else { skip!("this machine gives no terminals") };
    let workspace = started();
    workspace.set_progress("demo day04-tiny\n");
    let mut watch = pty.attach(workspace.course(&["watch", "first"])).unwrap().spawn();
    watch.line("waiting for the next save; h hint, n next, Enter again, q quit");
    assert!(!pty.echoes().unwrap());
    pty.press("h").unwrap();
    watch.line("first-one, hint 1 of 3");
    watch.line("Read.");
    pty.press("\n").unwrap();
    watch.line("checking first-one");
    watch.line("waiting");
    workspace.solve("first-one", SOLUTION);
    watch.line("first-one passes.");
    watch.line("Next: second-one");
    watch.line("n next, Enter again, q quit");
    pty.press("n").unwrap();
    watch.line("edit  work/day04/second-one/src/lib.rs");
    workspace.solve("second-one", SOLUTION);
    watch.line("second-one passes.");
    watch.line("That was the last one of all.");
    watch.line("q quit");
    pty.press("n").unwrap();
    watch.line("There is no other exercise that has not passed.");
    pty.press("q").unwrap();
    assert_eq!(watch.wait().status.code(), Some(0));
    assert!(pty.echoes().unwrap(), "the terminal is not as it was");
}

#[test]
fn work_that_is_deleted_meanwhile_is_said_and_can_be_started_again() {
    let Ok(mut pty) = Pty::open() else { skip!("this machine gives no terminals") };
    let workspace = started();
    let mut watch = pty.attach(workspace.course(&["watch", "first"])).unwrap().spawn();
    watch.line("waiting for the next save");
    fs::remove_dir_all(workspace.path("work")).unwrap();
    pty.press("\n").unwrap();
    watch.line("checking first-one");
    watch.line("waiting for the next save");
    let said = "course: first-one is not started (try: cargo course start first-one)\n";
    until("it says what is missing", || watch.stderr().ends_with(said).then_some(()));
    workspace.course(&["start", "first-one"]).run().succeeded();
    // Its inotify watch was that of a folder that is gone; it looks from time to time as well.
    workspace.solve("first-one", WRONG);
    watch.line("it gave nothing at all");
    watch.line("waiting for the next save");
    pty.press("q").unwrap();
    assert_eq!(watch.wait().status.code(), Some(0));
}

/// A source whose tests say who they are and do not end.
fn endless(word: &str) -> String {
    format!(
        "pub fn answer() -> u32 {{ println!(\"{word} {{}}\", std::process::id()); loop {{ std::thread::park(); }} }}\n"
    )
}

fn pid(line: &str) -> u32 {
    line.split(' ').next_back().and_then(|pid| pid.parse().ok()).expect("a pid")
}

#[test]
fn a_save_stops_the_check_that_runs_and_ctrl_c_stops_everything() {
    let Ok(mut pty) = Pty::open() else { skip!("this machine gives no terminals") };
    let workspace = started();
    workspace.solve("first-one", &endless("asleep"));
    let mut watch = pty.attach(workspace.course(&["watch"])).unwrap().spawn();
    let first = pid(&watch.line("asleep"));
    workspace.solve("first-one", &endless("again"));
    let second = pid(&watch.line("again"));
    assert_eq!(proc::stat(first), None, "the first check is still there");
    pty.press("\x03").unwrap();
    assert_eq!(watch.wait().status.code(), Some(130));
    assert_eq!(proc::stat(second), None, "the second check is still there");
    assert!(pty.echoes().unwrap(), "the terminal is not as it was");
    assert!(!workspace.progress().contains("tries"), "{}", workspace.progress());
}

#[test]
fn nothing_is_left_when_it_is_killed() {
    let workspace = started();
    workspace.solve("first-one", &endless("asleep"));
    let mut watch = workspace.course(&["watch"]).spawn();
    let tests = pid(&watch.line("asleep"));
    watch.signal(nix::sys::signal::Signal::SIGKILL);
    until("the tests have ended", || {
        let ended = proc::stat(tests).is_none_or(|stat| stat.state == 'Z');
        ended.then_some(())
    });
}

/// inotify(7): how many instances one user may have.
#[test]
fn without_inotify_it_looks_by_itself() {
    let own = fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
    let flags = if own { "-U" } else { "-rU" };
    let limit = "/proc/sys/user/max_inotify_instances";
    let script = format!("echo 0 > {limit} && exec {} watch", env!("CARGO_BIN_EXE_course"));
    let works = format!("echo 0 > {limit}");
    let unshare =
        |script: &str| testkit::Program::new("unshare").args([flags, "-r", "sh", "-c", script]);
    if std::process::Command::new("unshare")
        .args([flags, "-r", "sh", "-c", &works])
        .status()
        .map_or(true, |s| !s.success())
    {
        skip!("this machine gives no user namespaces");
    }
    let workspace = started();
    let mut watch = workspace.set_up(unshare(&script)).spawn();
    watch.line("waiting for the next save");
    workspace.solve("first-one", WRONG);
    watch.line("it gave nothing at all");
}

#[test]
fn what_is_not_started_cannot_be_watched() {
    let workspace = two();
    workspace.course(&["watch"]).run().failed(1, "nothing is started (try: cargo course start)");
    let sentence = "first-one is not started (try: cargo course start first-one)";
    workspace.course(&["watch", "first"]).run().failed(1, sentence);
}
