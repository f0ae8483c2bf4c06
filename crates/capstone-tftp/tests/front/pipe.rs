//! The menu without a terminal.

use std::fs;

use testkit::Finished;

use crate::common::{Here, Server};

fn menu(server: &Server, here: &Here, lines: &str) -> Finished {
    let mut client = here.program(&["client", &server.address()]).stdin_pipe().spawn();
    client.type_in(lines);
    client.close_stdin();
    client.wait()
}

#[test]
fn commands_come_from_a_pipe() {
    let (server, here) = (Server::start(), Here::new());
    fs::write(server.path("two words"), "hello").unwrap();
    let finished = menu(&server, &here, "list\nget 'two words' a\n3 a b\n\n1\nquit\nlist\n");
    finished.succeeded();
    let lines = [
        "           5  two words",
        "got 'two words': it is a here",
        "sent: it is 'b' there",
        "           5  b",
        "           5  two words",
    ];
    assert_eq!(finished.stdout.lines().collect::<Vec<_>>(), lines);
    assert_eq!(fs::read(here.path("a")).unwrap(), b"hello");
}

#[test]
fn the_end_of_the_input_is_the_end() {
    let (server, here) = (Server::start(), Here::new());
    menu(&server, &here, "").succeeded();
    // The last line needs no newline.
    let finished = menu(&server, &here, "help");
    finished.succeeded();
    assert!(finished.stdout.contains("2 get NAME [LOCAL]"), "{finished:#?}");
}

#[test]
fn a_failure_is_told_and_the_rest_is_done() {
    let (server, here) = (Server::start(), Here::new());
    fs::write(server.path("a"), "hello").unwrap();
    let finished = menu(&server, &here, "get nothing\nfly\nget a\nquit\n");
    assert_eq!(finished.status.code(), Some(1));
    let told = "capstone-tftp: 'nothing': there is no such file\n\
        capstone-tftp: there is no command 'fly' (try: help)\n\
        capstone-tftp: 2 of 3 commands failed\n";
    assert_eq!(finished.stderr, told);
    assert_eq!(here.names(), ["a"]);
}

#[test]
fn a_server_that_has_begun_anew_is_connected_to_again() {
    let (server, here) = (Server::start(), Here::new());
    fs::write(server.path("a"), "hello").unwrap();
    let mut client = here.program(&["client", &server.address()]).stdin_pipe().spawn();
    client.type_in("list\n");
    client.line("           5  a");
    let at = server.address();
    let Server { folder, running, .. } = server;
    running.signal(nix::sys::signal::Signal::SIGTERM);
    running.wait();
    let server = Server::over(folder, &at, &[]);
    // A put is never repeated, and so finds out before it begins.
    fs::write(here.path("b"), "mine").unwrap();
    client.type_in("put b\nget a\nquit\n");
    client.wait().succeeded();
    assert_eq!(here.names(), ["a", "b"]);
    assert_eq!(fs::read(server.path("b")).unwrap(), b"mine");
    server.end();
}
