//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use testkit::{Program, Running, echo};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day02-udp");

fn server() -> Running {
    Program::new(PROGRAM).args(["server", "127.0.0.1:0"]).spawn()
}

#[test]
fn the_whole_lesson() {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    let mut lines = done.stdout.lines();
    assert!(lines.next().unwrap().starts_with("server on 127.0.0.1:"), "{}", done.stdout);
    for part in [
        "\"hello\" → \"5 bytes: hello\"",
        "\"世界\" → \"6 bytes: 世界\"",
        "three reads give [3, 0, 5] bytes",
        "recv gives 4, \"0123\", and no error",
        "by recvmsg: 4 bytes and MSG_TRUNC",
        "asked with MSG_TRUNC: 10 bytes and MSG_TRUNC",
        "the next read: \"next\"",
        "65507 bytes: 65507 sent, 65507 received in one read",
        "65508 bytes: EMSGSIZE",
        "not connected: send_to gives Ok(1)",
        "not connected: send_to gives Ok(1)",
        "connected: send gives Ok(1)",
        "connected: recv gives ECONNREFUSED",
        "a stranger writes to a connected socket: ECONNREFUSED",
        "hears: \"from the server\"",
        "argument 1: \"two words\", 9 bytes",
        "argument 2: \"\", 0 bytes",
        "argument 3: \"里\", 3 bytes",
        "is not UTF-8; the program says: day02-udp: caf",
        "exit status: 2",
    ] {
        // Each behind the one before.
        assert!(lines.any(|line| line.contains(part)), "{part:?} is not in\n{}", done.stdout);
    }
}

#[test]
fn mistakes_are_one_sentence() {
    for (args, status, part) in [
        (&["server"][..], 2, "the server needs ADDR"),
        (&["client", "127.0.0.1:1"], 2, "the client needs MESSAGE"),
        (&["client", "127.0.0.1", "x"], 2, "has no port"),
        (&["client", "127.0.0.1:1", "two", "words"], 2, "one argument too many"),
        (&["server", "192.0.2.1:0"], 1, "Cannot assign requested address"),
    ] {
        Program::new(PROGRAM).args(args).run().failed(status, part);
    }
    let word = OsStr::from_bytes(b"caf\xe9");
    let args = [OsStr::new("client"), OsStr::new("127.0.0.1:1"), word];
    Program::new(PROGRAM).args(args).run().failed(2, "is not UTF-8");
    let mut server = server();
    let second = Program::new(PROGRAM).args(["server", &server.addr().to_string()]);
    second.run().failed(1, "Address already in use");
}

#[test]
fn help_shows_the_roles() {
    echo::help_shows_the_roles(PROGRAM);
}
