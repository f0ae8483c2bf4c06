//! A panic in the interface.

use testkit::Program;
use testkit::pty::Pty;

use super::*;

#[test]
#[ignore = "runs at a terminal that the test below gives it"]
fn panics_with_the_screen_taken() {
    let _screen = Screen::enter().unwrap();
    panic!("the picture is torn");
}

#[test]
fn a_panic_gives_the_terminal_back_and_is_read_there() {
    let Ok(mut pty) = Pty::open() else { testkit::skip!("this machine gives no terminals") };
    pty.resize(80, 24).unwrap();
    let ignored = "tui::screen::tests::panics_with_the_screen_taken";
    let program = Program::new(std::env::current_exe().unwrap());
    let program = program.args(["--exact", ignored, "--ignored", "--nocapture"]);
    let running = pty.attach_screen(program).unwrap().spawn();
    // The other screen, and the usual one again.
    pty.shows("\x1b[?1049h");
    pty.shows("\x1b[?1049l");
    let done = running.wait();
    assert!(done.stderr.contains("the picture is torn"), "{done:#?}");
    assert!(pty.echoes().unwrap(), "the terminal was not given back");
}
