//! The map, the list, the help, and where they are written to.

use std::fs::{self, File};

use testkit::pty::Pty;
use testkit::{Program, skip};

use crate::fixture::Workspace;

fn three_demos() -> Workspace {
    Workspace::new().with("day04-tiny", 4, "4.02").with("day04-first", 4, "4.01").with(
        "day01-zero",
        1,
        "1.02",
    )
}

#[test]
fn the_map_names_the_one_next_demo() {
    let workspace = three_demos();
    let map = workspace.course(&[]).run();
    map.succeeded();
    assert!(map.stdout.contains("  [ ] day04-first  All of day04-first\n  [ ] day04-tiny   All"));
    assert!(!map.stdout.contains("library"), "{}", map.stdout);
    assert_eq!(map.stdout.matches("nothing yet").count(), 7);
    assert!(
        map.stdout.ends_with("0 of 3 demos run. Next, 20 min:\n  cargo course demo day01-zero\n")
    );

    workspace.set_progress("demo day01-zero\nsomething else\ndemo day04-tiny\n");
    let map = workspace.course(&[]).run();
    map.succeeded();
    assert!(map.stdout.contains("  [ ] day04-first  All of day04-first\n  [x] day04-tiny   All"));
    assert!(map.stdout.ends_with("\n  cargo course demo day04-first\n"), "{}", map.stdout);
}

#[test]
fn the_list_has_the_broken_twins_and_the_sum() {
    let workspace = three_demos();
    fs::create_dir(workspace.path("crates/day04-tiny/examples")).unwrap();
    fs::write(workspace.path("crates/day04-tiny/examples/leak.rs"), "fn main() {}").unwrap();
    let list = workspace.course(&["list"]).run();
    list.succeeded();
    let tiny = "  day04-tiny    20 min  All of day04-tiny
    About day04-tiny.
    broken twin: cargo run -p day04-tiny --example leak
";
    assert!(list.stdout.contains(tiny), "{}", list.stdout);
    assert!(list.stdout.contains("\n3 demos, 1 h. "), "{}", list.stdout);
}

/// Nothing is assumed about the demos there, but that each describes itself in full.
#[test]
fn the_real_workspace_can_be_read_from_anywhere() {
    let elsewhere = tempfile::tempdir().unwrap();
    for args in [&[][..], &["list"]] {
        let course = Program::new(env!("CARGO_BIN_EXE_course")).args(args);
        let page = course.in_dir(elsewhere.path()).run();
        assert!(page.status.success(), "{page:#?}");
    }
}

#[test]
fn a_demo_that_does_not_describe_itself_is_named() {
    let course = "[package.metadata.course]\nday = 4\nminutes = \"20\"\n";
    let workspace = three_demos().with_package("day04-bad", course, "fn main() {}");
    for args in [&[][..], &["list"], &["demo", "day01-zero"]] {
        workspace.course(args).run().failed(1, "course: day04-bad: 'minutes' in [package.meta");
    }
}

#[test]
fn progress_that_cannot_be_read_is_a_warning() {
    let workspace = three_demos();
    fs::create_dir_all(workspace.path("work/progress")).unwrap();
    let map = workspace.course(&[]).run();
    map.failed(0, "course: work/progress cannot be read");
    assert!(map.stdout.contains("0 of 3 demos run"), "{}", map.stdout);
}

#[test]
fn progress_of_which_nothing_is_known_is_a_warning_and_is_kept() {
    let workspace = three_demos();
    let newer = "nine-days 7\nlesson day01-zero as of monday\n";
    workspace.set_progress(newer);
    let map = workspace.course(&[]).run();
    map.failed(0, "course: no line of work/progress is one that is known here; all of it is kept");
    workspace.course(&["demo", "day01-zero"]).run().succeeded();
    assert_eq!(workspace.progress(), format!("{newer}demo day01-zero\n"));
    workspace.course(&[]).run().succeeded();
    workspace.set_progress(" \n");
    workspace.course(&[]).run().succeeded();
}

#[test]
fn what_cargo_cannot_read_is_said_by_cargo() {
    let workspace = three_demos();
    fs::write(workspace.path("Cargo.toml"), "[workspace").unwrap();
    let map = workspace.course(&[]).run();
    assert_eq!(map.status.code(), Some(1));
    assert!(map.stderr.starts_with("error: "), "{}", map.stderr);
    assert!(map.stderr.ends_with("course: cargo cannot read the workspace\n"), "{}", map.stderr);
}

#[test]
fn a_reader_that_left_is_no_failure_and_a_full_disk_is() {
    let workspace = three_demos();
    for args in [&[][..], &["list"], &["doctor"], &["help"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        workspace.course(args).stdout(writer).run().succeeded();
        let full = File::options().write(true).open("/dev/full").unwrap();
        workspace.course(args).stdout(full).run().failed(1, "course: No space left on device");
    }
}

#[test]
fn colour_is_for_a_terminal_that_wants_it() {
    let workspace = Workspace::new();
    for (name, value, first_day) in [
        ("TERM", "xterm", "\r\n\x1b[1mDay 1"),
        ("TERM", "dumb", "\r\n\r\nDay 1"),
        ("NO_COLOR", "1", "\r\n\r\nDay 1"),
    ] {
        let Ok(mut pty) = Pty::open() else { skip!("this machine gives no terminals") };
        let course = workspace.course(&[]).env("TERM", "xterm").env("NO_COLOR", "");
        pty.attach_screen(course.env(name, value)).unwrap().spawn().wait().succeeded();
        pty.shows(first_day);
    }
}

#[test]
fn help_is_a_success_and_a_mistake_is_status_2() {
    let workspace = Workspace::new();
    for help in ["help", "--help", "-h"] {
        let help = workspace.course(&[help]).run();
        help.succeeded();
        assert!(help.stdout.contains("\n  cargo course demo NAME [-- ARGS]\n"), "{}", help.stdout);
    }
    let lits = workspace.course(&["lits"]).run();
    lits.failed(2, "course: no command is called 'lits'; did you mean 'list'? (try: ");
    workspace.course(&["demo"]).run().failed(2, "demo needs the NAME of one");
}
