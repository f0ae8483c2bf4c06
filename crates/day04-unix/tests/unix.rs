//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs::{self};
use std::io::Write as _;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use testkit::Program;
use testkit::lesson::Told;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day04-unix");

fn dir(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("unix-{name}-{}", std::process::id()));
    fs::create_dir(&dir).unwrap();
    dir
}

fn lesson() -> Told {
    Told::by(Program::new(PROGRAM))
}

#[test]
fn the_lesson_shows_every_fact_and_is_the_same_on_every_run() {
    let told = lesson();
    told.says([
        "- a regular file followed: - exists: true",
        "d a directory followed: d exists: true",
        "l a symbolic link followed: - exists: true",
        "l a broken link followed: NotFound exists: false",
        "p a FIFO followed: p exists: true",
        "s a socket followed: s exists: true",
        "c a character device followed: c exists: true",
        "stream: 3 + 3 bytes sent, one read gives 6: no borders, as with TCP",
        "the client has a name: false; its pid is known: true",
        "datagram: 3 and 4 bytes sent, reads give 3 and 4",
        "the sender can be answered: false",
        "pair: 4 bytes there, 5 bytes back, no name at all",
        "abstract: bind twice AddrInUse; after close bind works again: true",
        "bound and closed; the file is there: true",
        "bind again AddrInUse, EADDRINUSE",
        "connect ConnectionRefused, ECONNREFUSED",
        "remove Ok",
        "remove again NotFound, ENOENT",
        "connect NotFound, ENOENT",
        "a path of 107 bytes: Ok",
        "a path of 108 bytes: InvalidInput, without asking the kernel",
        "a living server is there: the new one gets AddrInUse",
        "a client connects: old server true, new server false",
        "a server that has gone: the new one gets Ok",
        "a file that is no socket: the new one gets AddrInUse, kept: true",
    ]);
    assert_eq!(told, lesson());
}

#[test]
fn server_and_client_and_a_second_server() {
    let dir = dir("roles");
    let path = dir.join("s");
    let path = path.to_str().unwrap();
    let mut server = Program::new(PROGRAM).args(["server", path]).spawn();
    server.line("listening on ");

    let mut client = Program::new(PROGRAM).args(["client", path]).stdin_pipe().spawn();
    client.type_in("hello\n");
    client.close_stdin();
    let done = client.wait();
    done.succeeded();
    assert_eq!(done.stdout, "Receive\n");
    server.line("6 bytes received and answered");

    // A peer that leaves without reading its answer, and one that says nothing.
    UnixStream::connect(path).unwrap().write_all(b"x").unwrap();
    drop(UnixStream::connect(path).unwrap());
    Program::new(PROGRAM).args(["client", path]).run().succeeded();

    Program::new(PROGRAM).args(["server", path]).run().failed(1, "Address already in use");
    // Killed, it leaves its file, and its successor replaces it.
    drop(server);
    Program::new(PROGRAM).args(["client", path]).run().failed(1, "Connection refused");
    Program::new(PROGRAM).args(["server", path]).spawn().line("listening on ");
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn nothing_is_left_in_the_temporary_directory() {
    let dir = dir("tmp");
    Program::new(PROGRAM).env("TMPDIR", &dir).run().succeeded();
    Program::example("unlink_first").env("TMPDIR", &dir).run().succeeded();
    // Fails unless it is empty.
    fs::remove_dir(&dir).unwrap();
}

#[test]
fn mistakes_are_one_sentence() {
    Program::new(PROGRAM).args(["serve"]).run().failed(2, "no role is called 'serve'");
    Program::new(PROGRAM).args(["server"]).run().failed(2, "the server needs PATH");
    Program::new(PROGRAM).args(["client", "/nowhere/s"]).run().failed(1, "No such file");
    Program::new(PROGRAM).args(["server", "/nowhere/s"]).run().failed(1, "No such file");
    let help = Program::new(PROGRAM).args(["--help"]).run();
    help.succeeded();
    assert!(help.stdout.contains("the whole lesson"), "{}", help.stdout);
}
