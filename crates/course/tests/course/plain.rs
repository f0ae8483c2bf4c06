//! Where no colour is wanted, no escape sequence comes: neither ours nor the compiler's.

use testkit::pty::Pty;
use testkit::{Program, skip};

use crate::fixture::{SOLUTION, Workspace};
use crate::start::two;

/// What decides, and whether colours come. The first one proves that the others are no accident.
const TERMINALS: [(&str, &str, bool); 3] =
    [("TERM", "xterm", true), ("TERM", "dumb", false), ("NO_COLOR", "1", false)];

/// Standard error is at the terminal as well: that is where the compiler speaks. CI is set, because
/// then cargo, left alone, colours even a dumb terminal.
fn at_a_screen(pty: &Pty, workspace: &Workspace, args: &[&str], terminal: (&str, &str)) -> Program {
    let script = "unset CARGO_TERM_COLOR CLICOLOR_FORCE; exec \"$@\" 2>&1";
    let program = Program::new("sh").args(["-c", script, "sh", env!("CARGO_BIN_EXE_course")]);
    let program = workspace.set_up(program.args(args)).env("CI", "true");
    let program = program.env("TERM", "xterm").env("NO_COLOR", "");
    pty.attach_screen(program.env(terminal.0, terminal.1)).expect("a descriptor")
}

#[track_caller]
fn has_escapes(pty: &mut Pty, wanted: bool, end: &str) {
    pty.fits(&format!("{end:?} with escapes: {wanted}"), |screen| {
        screen.contains(end) && screen.contains('\x1b') == wanted
    });
}

#[test]
fn check_says_it_in_plain_text() {
    let workspace = two();
    workspace.course(&["start", "first-one"]).run().succeeded();
    for (name, value, colours) in TERMINALS {
        for (source, end) in [
            ("pub fn answer() -> u32 { nonsense }\n", "does not compile"),
            ("pub fn answer() -> u32 { 0 }\n", "does not pass yet"),
            (SOLUTION, "passes."),
        ] {
            let Ok(mut pty) = Pty::open() else { skip!("this machine gives no terminals") };
            workspace.solve("first-one", source);
            let check = at_a_screen(&pty, &workspace, &["check", "first-one"], (name, value));
            check.spawn().wait();
            has_escapes(&mut pty, colours, end);
        }
    }
}

#[test]
fn watch_says_it_in_plain_text() {
    let workspace = two();
    workspace.course(&["start", "first-one"]).run().succeeded();
    for (name, value, colours) in TERMINALS {
        let Ok(mut pty) = Pty::open() else { skip!("this machine gives no terminals") };
        workspace.set_progress("");
        workspace.solve("first-one", "pub fn answer() -> u32 { nonsense }\n");
        let watch = at_a_screen(&pty, &workspace, &["watch", "first-one"], (name, value)).spawn();
        pty.shows("does not compile");
        pty.shows("Enter again, q quit");
        pty.press("h").unwrap();
        pty.shows("Read.");
        workspace.solve("first-one", SOLUTION);
        pty.shows("passes.");
        pty.shows("n next, Enter again, q quit");
        pty.press("q").unwrap();
        assert_eq!(watch.wait().status.code(), Some(0));
        has_escapes(&mut pty, colours, "q quit");
    }
}
