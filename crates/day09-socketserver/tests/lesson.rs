//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::io::{Read as _, Write as _};

use testkit::leaks::Holdings;
use testkit::{Program, need, peer, skip, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day09-socketserver");

const EXECUTORS: [&str; 5] = ["iterative", "fork", "thread", "pool", "epoll"];

#[test]
fn the_lesson_shows_what_it_teaches() {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    let count = |part: &str| done.stdout.lines().filter(|line| line.ends_with(part)).count();
    assert_eq!(count("3 clients, served by the thread that serves"), 8, "{}", done.stdout);
    assert_eq!(count("3 clients, served by 3 children"), 4);
    assert_eq!(count("3 clients, served by 3 other threads"), 4);
    assert_eq!(count("3 clients, served by 1 other thread"), 4);
    for (python, transport, executor) in [
        ("TCPServer", "Tcp", "Iterative"),
        ("UDPServer", "Udp", "Iterative"),
        ("ForkingTCPServer", "Tcp", "Fork"),
        ("ForkingUDPServer", "Udp", "Fork"),
        ("ForkingUnixStreamServer", "Unix", "Fork"),
        ("ThreadingTCPServer", "Tcp", "Thread"),
        ("ThreadingUnixDatagramServer", "UnixDgram", "Thread"),
        ("-", "Tcp", "Multiplexed"),
    ] {
        let words = [python, transport, executor, "3", "clients,"];
        let mut lines = done.stdout.lines();
        let found = lines.any(|line| line.split_whitespace().take(5).eq(words));
        assert!(found, "{words:?} is not in\n{}", done.stdout);
    }
    for part in [
        "cat is connected, has sent, and hears nothing: Some(WouldBlock)",
        "bob says what is not allowed and hears \"\"",
        "cat takes the free place and hears 6",
        "3 clients: 2 done, 1 failed; at most 2 at once",
        "the handler says: stop was called; serving has ended: false",
        "serving has ended: 1 client, 1 done",
    ] {
        assert_eq!(count(part), 1, "{part}\n{}", done.stdout);
    }
}

#[test]
fn the_lesson_says_the_same_on_every_run() {
    let run = || Program::new(PROGRAM).run().stdout;
    let first = run();
    for _ in 0..3 {
        assert_eq!(run(), first);
    }
}

#[test]
fn help_and_mistakes() {
    let help = Program::new(PROGRAM).args(["--help"]).run();
    help.succeeded();
    assert!(help.stdout.contains("-- server ADDR [EXECUTOR]\n"), "{}", help.stdout);
    for (args, status, part) in [
        (&["server"][..], 2, "the server needs ADDR"),
        (&["sever"], 2, "no role is called 'sever'"),
        (&["server", "127.0.0.1"], 2, "has no port"),
        (&["server", "127.0.0.1:0", "mixin"], 2, "no executor is called 'mixin': take iterative"),
        (&["server", "192.0.2.1:0"], 1, "Cannot assign requested address (EADDRNOTAVAIL)"),
    ] {
        Program::new(PROGRAM).args(args).run().failed(status, part);
    }
}

#[test]
fn every_executor_serves_many_and_keeps_nothing() {
    for executor in EXECUTORS {
        let mut server = Program::new(PROGRAM).args(["server", "127.0.0.1:0", executor]).spawn();
        let address = server.addr();
        let first = peer::connect(address).unwrap();
        assert_eq!(peer::ask(&first, b"hello").unwrap(), b"hello");
        assert_eq!(peer::half_close(&first).unwrap(), b"");
        drop(first);
        let sockets = || {
            let held = Holdings::of(server.pid());
            let sockets = held.descriptors.values().filter(|what| what.starts_with("socket:"));
            (sockets.count(), held.children.len())
        };
        for _ in 0..20 {
            let mut client = peer::connect(address).unwrap();
            client.write_all(b"hello again").unwrap();
            client.shutdown(std::net::Shutdown::Write).unwrap();
            let mut text = String::new();
            client.read_to_string(&mut text).unwrap();
            assert_eq!(text, "hello again", "{executor}");
        }
        until("the listener is all that is left", || (sockets() == (1, 0)).then_some(()));
    }
}

#[test]
fn nc_gets_its_echo_from_every_executor() {
    if need::program("nc").is_none() {
        skip!("nc is not installed");
    }
    for executor in EXECUTORS {
        let mut server = Program::new(PROGRAM).args(["server", "127.0.0.1:0", executor]).spawn();
        let port = server.addr().port();
        let command = format!("printf 'hello from outside\\n' | nc -N 127.0.0.1 {port}");
        let done = Program::new("bash").args(["-c", &command]).run();
        done.succeeded();
        assert_eq!(done.stdout, "hello from outside\n", "{executor}");
    }
}

#[test]
fn a_busy_port_is_refused() {
    let mut server = Program::new(PROGRAM).args(["server", "127.0.0.1:0", "epoll"]).spawn();
    let address = server.addr().to_string();
    let second = Program::new(PROGRAM).args(["server", &address, "fork"]).run();
    second.failed(1, "Address already in use (EADDRINUSE)");
}

/// What the lesson says about Python, asked of Python.
#[test]
fn python_is_as_the_lesson_says() {
    if need::program("python3").is_none() {
        skip!("python3 is not installed");
    }
    let script = "
from socketserver import *
class Right(ForkingMixIn, TCPServer): pass
class Wrong(TCPServer, ForkingMixIn): pass
print(Right.process_request is ForkingMixIn.process_request)
print(Wrong.process_request is BaseServer.process_request)
print(TCPServer.allow_reuse_address, TCPServer.request_queue_size, ForkingMixIn.max_children)
print(ForkingMixIn.block_on_close, UDPServer.max_packet_size)
";
    let done = Program::new("python3").args(["-c", script]).run();
    done.succeeded();
    assert_eq!(done.stdout, "True\nTrue\nFalse 5 40\nTrue 8192\n");
}
