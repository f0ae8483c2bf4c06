//! The menu at a terminal, and the bar of a transfer.

use std::fs;

use testkit::pty::Pty;
use testkit::{Finished, Running, skip, until};

use crate::common::{Here, PIECE, Server, Way, big};

/// A client at a terminal of its own.
struct Desk {
    pty: Pty,
    here: Here,
    client: Running,
}

impl Desk {
    fn at(address: &str, here: Here) -> std::io::Result<Self> {
        let pty = Pty::open()?;
        pty.resize(80, 24)?;
        let program = here.program(&["client", address]).env("TERM", "xterm");
        let program = pty.attach_screen(program)?.stderr(pty.terminal()?);
        let client = program.spawn();
        let mut desk = Self { pty, here, client };
        desk.pty.shows("4 quit");
        desk.prompt();
        Ok(desk)
    }

    /// Waits until a line is asked for.
    #[track_caller]
    fn prompt(&mut self) {
        self.pty.shows("tftp> ");
    }

    #[track_caller]
    fn types(&mut self, keys: &str, shows: &str) {
        self.pty.press(keys).unwrap();
        self.pty.shows(shows);
    }

    fn wait(self) -> Finished {
        self.client.wait()
    }

    /// By Ctrl-D; the terminal is as it was.
    #[track_caller]
    fn ends(mut self) {
        self.pty.press("\x04").unwrap();
        let finished = self.client.wait();
        assert!(finished.status.success(), "{finished:#?}");
        assert!(self.pty.echoes().unwrap());
    }
}

macro_rules! desk {
    ($address:expr, $here:expr) => {
        match Desk::at($address, $here) {
            Ok(desk) => desk,
            Err(error) => skip!("there is no terminal: {error}"),
        }
    };
}

#[test]
fn tab_completes_commands_and_names_of_both_sides() {
    let (server, here) = (Server::start(), Here::new());
    for name in ["notes.txt", "two words", "文件", "e\x1b[2Jvil"] {
        fs::write(server.path(name), "hello").unwrap();
    }
    for name in ["mine one", "e\x1b[2Jvil"] {
        fs::write(here.path(name), "mine").unwrap();
    }
    let mut desk = desk!(&server.address(), here);
    desk.types("l\t", "list ");
    desk.types("\r", "  notes.txt");
    desk.prompt();
    desk.types("ge\tno\t", "get notes.txt");
    desk.types("\r", "got 'notes.txt'");
    desk.prompt();
    desk.types("get tw\t", "get two\\ words");
    desk.types("\r", "got 'two words': it is two words here");
    desk.prompt();
    desk.types("get 文\t copy\r", "got '文件': it is copy here");
    desk.prompt();
    // What a terminal would obey is never offered, and never shown.
    desk.types("get e\t", "get e");
    desk.types("\x15put e\t", "put e");
    desk.types("\x15put mi\t", "put mine\\ one");
    desk.types("\r", "sent: it is 'mine one' there");
    desk.prompt();
    // What was sent is known at once.
    desk.types("get mi\t", "get mine\\ one");
    desk.pty.fits("nothing of the evil name", |screen| !screen.contains("\x1b[2Jvil"));
    desk.pty.press("\x15").unwrap();
    let names = desk.here.names();
    assert_eq!(names, ["copy", "e\x1b[2Jvil", "mine one", "notes.txt", "two words"]);
    desk.ends();
}

#[test]
fn ctrl_c_takes_the_line_back_and_the_history_brings_it_again() {
    let (server, here) = (Server::start(), Here::new());
    let mut desk = desk!(&server.address(), here);
    desk.types("get nothing", "get nothing");
    desk.types("\x03", "tftp> ");
    desk.types("fly\r", "there is no command 'fly'");
    desk.prompt();
    desk.types("get other\r", "'other': there is no such file");
    desk.prompt();
    desk.types("\x1b[A", "get other");
    desk.types("\x1b[A", "fly");
    desk.types("\x03", "tftp> ");
    desk.types("help\r", "put LOCAL [NAME]");
    desk.prompt();
    // Mistakes are no failure of somebody who sits there.
    desk.types("quit\r", "");
    let finished = desk.wait();
    assert!(finished.status.success(), "{finished:#?}");
}

#[test]
fn ctrl_c_ends_a_transfer_and_nothing_else() {
    let (server, here) = (Server::with_big(), Here::new());
    // Past the names that the client asks for at the beginning.
    let way = Way::halting_after(server.tcp, PIECE);
    let mut desk = desk!(&way.address.to_string(), here);
    desk.types("get big\r", "big");
    let _halt = way.halted();
    desk.types("\x03", "interrupted: 'big': what has come is kept");
    desk.prompt();
    assert_eq!(desk.here.names().len(), 1);
    // It is over: what fails now has another reason.
    desk.types("get nothing\r", "'nothing': there is no such file");
    desk.prompt();
    desk.types("get big\r", "got 'big'");
    desk.prompt();
    assert_eq!(desk.here.names(), ["big"]);
    assert!(fs::read(desk.here.path("big")).unwrap() == big());
    desk.ends();
}

#[test]
fn a_bar_shows_how_far_it_has_come_and_goes_away() {
    let (server, here) = (Server::start(), Here::new());
    let name = "文件".repeat(20);
    fs::write(server.path(&name), big()).unwrap();
    let way = Way::halting_after(server.tcp, PIECE);
    let mut desk = desk!(&way.address.to_string(), here);
    desk.types(&format!("get {name}\r"), "/8.00 MiB");
    way.halted().go_on();
    desk.pty.shows("got '文件");
    desk.prompt();
    // A name is cut at 24 columns, two for each of its characters; and no bar is wider than a row.
    let width = |row: &str| row.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>();
    desk.pty.fits("rows of a bar", |screen| {
        let rows = screen.split(['\r', '\n']).filter(|row| row.contains("/8.00 MiB"));
        let rows: Vec<&str> = rows.map(|row| row.trim_start_matches("\x1b[2K")).collect();
        let fits = |row: &&str| row.matches("文件").count() == 6 && width(row) <= 80;
        !rows.is_empty() && rows.iter().all(fits)
    });
    desk.ends();
}

#[test]
fn a_dumb_terminal_gets_no_bar_and_no_colours() {
    let (server, here) = (Server::with_big(), Here::new());
    let Ok(mut pty) = Pty::open() else { skip!("there is no terminal") };
    let program = here.program(&["get", &server.address(), "big"]).env("TERM", "dumb");
    let program = pty.attach_screen(program).unwrap().stderr(pty.terminal().unwrap());
    program.run().succeeded();
    let program = here.program(&["client", &server.address()]).env("TERM", "dumb");
    let program = pty.attach_screen(program).unwrap().stderr(pty.terminal().unwrap());
    let client = program.spawn();
    pty.press("list\nquit\n").unwrap();
    pty.shows("     8388608  big");
    assert!(client.wait().status.success());
    pty.fits("no control sequence at all", |screen| !screen.contains('\x1b'));
}

#[test]
fn ended_from_outside_it_leaves_the_terminal_as_it_was() {
    let (server, here) = (Server::start(), Here::new());
    let desk = desk!(&server.address(), here);
    until("the editor has the terminal", || (!desk.pty.echoes().unwrap()).then_some(()));
    desk.client.signal(nix::sys::signal::Signal::SIGTERM);
    let Desk { pty, client, .. } = desk;
    assert_eq!(client.wait().status.code(), Some(128 + 15));
    assert!(pty.echoes().unwrap());
}
