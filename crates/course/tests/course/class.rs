//! Progress, for oneself and for an instructor, and what an instructor's table stands.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Command;

use testkit::Program;

use crate::fixture::{SOLUTION, Workspace};
use crate::start::two;

fn at_work() -> Workspace {
    let workspace = two();
    workspace.course(&["start", "4"]).run().succeeded();
    workspace.solve("first-one", SOLUTION);
    workspace.course(&["check", "first-one"]).run().succeeded();
    workspace.course(&["hint", "second-one"]).run().succeeded();
    workspace
}

const EXPORTED: &str = "nine-days progress 1\ndemos 0 of 1\nexercise first-one pass tries 0 hints 0\n\
    exercise second-one started tries 0 hints 1\nnow second-one\n";

#[test]
fn progress_is_shown_and_exported() {
    let workspace = at_work();
    let shown = workspace.course(&["progress"]).run();
    shown.succeeded();
    let expected = "Day 4  poll, epoll, Unix sockets, processes in /proc, fork\n  \
        0 of 1 demo, 1 of 2 exercises\n\nStarted: second-one, 0 tries, 1 hint\n";
    assert_eq!(shown.stdout, expected);
    for _ in 0..2 {
        workspace.course(&["progress", "--export", "ada.txt"]).run().succeeded();
        assert_eq!(fs::read_to_string(workspace.path("ada.txt")).unwrap(), EXPORTED);
    }
    assert_eq!(workspace.course(&["progress", "--export", "-"]).run().stdout, EXPORTED);
}

#[test]
fn an_export_costs_nobody_a_file() {
    let workspace = at_work();
    for file in ["Cargo.toml", "crates", "work/day04/first-one/src/lib.rs"] {
        let export = workspace.course(&["progress", "--export", file]).run();
        export.failed(1, &format!("{file} is there already and is no progress: it stays as it is"));
    }
    workspace.course(&["progress", "--export", "no/where"]).run().failed(1, "no/where cannot be");
}

#[test]
fn a_class_is_a_table_and_files_of_strangers_are_harmless() {
    let workspace = at_work();
    let write = |name: &str, text: &[u8]| fs::write(workspace.path(name), text).unwrap();
    write("ada.txt", EXPORTED.as_bytes());
    write("bo.txt", EXPORTED.replace("tries 0 hints 1", "tries 8 hints 3").as_bytes());
    write(
        "evil.txt",
        b"nine-days progress 1\nnow \x1b[2J\xff\nexercise \x1b]0;x\x07 pass tries 1 hints 1\n",
    );
    write("zero.txt", b"");
    fs::File::create(workspace.path("huge.txt")).unwrap().set_len(1 << 40).unwrap();
    assert!(Command::new("mkfifo").arg(workspace.path("fifo.txt")).status().unwrap().success());
    let mut files: Vec<OsString> = [
        "ada.txt",
        "bo.txt",
        "evil.txt",
        "zero.txt",
        "huge.txt",
        "fifo.txt",
        "gone.txt",
        ".",
        "/dev/zero",
    ]
    .map(Into::into)
    .into();
    let raw = OsStr::from_bytes(b"\x1b[31m\xff.txt");
    fs::write(workspace.path(raw), EXPORTED).unwrap();
    files.push(raw.into());
    let course = Program::new(env!("CARGO_BIN_EXE_course")).args(["class"]).args(files);
    let class = workspace.set_up(course).run();
    class.succeeded();
    let expected = "\
name           demos  passed  given up  now at
ada                0     1/2         0  second-one, 0 tries, 1 hint
bo                 0     1/2         0  second-one, 8 tries, 3 hints  stuck?
evil               0     0/2         0  -
zero           is no progress
huge           is too large for a progress
fifo           is no file
gone           cannot be read: No such file or directory (os error 2)
               is no file
zero           is no file
\u{fffd}[31m\u{fffd}         0     1/2         0  second-one, 0 tries, 1 hint

second-one: 3 at it, 1 of them after 5 tries or more
";
    let table: Vec<_> =
        class.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
    let wanted: Vec<_> =
        expected.lines().map(|line| line.split_whitespace().collect::<Vec<_>>()).collect();
    assert_eq!(table, wanted, "{}", class.stdout);
    workspace.course(&["class"]).run().failed(2, "class needs the FILEs");
}

#[test]
fn a_schedule_is_for_all_days_or_one() {
    let workspace = two();
    let all = workspace.course(&["schedule"]).run();
    all.succeeded();
    assert!(
        all.stdout.contains("\n  1 demo 20 min, 2 exercises 1 h: 1 h 20 min\n"),
        "{}",
        all.stdout
    );
    let day = workspace.course(&["schedule", "4"]).run();
    let end =
        "  09:50  second-one   30 min  exercise: the answer of second-one\n  10:20  the end\n";
    assert!(day.stdout.contains(end), "{}", day.stdout);
    workspace.course(&["schedule", "10"]).run().failed(2, "'10' is no day from 1 to 9");
}
