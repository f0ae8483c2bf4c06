//! The demo as its users meet it. Both servers and both clients are tested against each other,
//! and against programs that we did not write.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};

use testkit::echo::{self, Server};
use testkit::leaks::Holdings;
use testkit::{Program, Running, need, peer, skip, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day01-tcp-echo");
const SERVERS: [&str; 2] = ["server", "std-server"];
const CLIENTS: [&str; 2] = ["client", "std-client"];

fn start(role: &str) -> Running {
    Program::new(PROGRAM).args([role, "127.0.0.1:0"]).spawn()
}

/// Sends all of it and gives what comes back until the server ends the connection.
fn until_the_end(mut client: &TcpStream, text: &[u8]) -> String {
    client.write_all(text).unwrap();
    let mut heard = String::new();
    client.read_to_string(&mut heard).unwrap();
    heard
}

#[track_caller]
fn expect_echo(client: &TcpStream, text: &str) {
    assert_eq!(String::from_utf8_lossy(&peer::ask(client, text.as_bytes()).unwrap()), text);
}

#[test]
fn the_lesson_runs_by_itself() {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    for (who, times) in [("ann", 2), ("bob", 2)] {
        let end = format!("{who} has sent ## and hears");
        let found = done.stdout.lines().filter(|l| l.starts_with(&end) && l.ends_with("the end"));
        assert_eq!(found.count(), times, "{}", done.stdout);
    }
    assert!(done.stdout.contains("has ended without ##"), "{}", done.stdout);
    // The table of the queue, in this order.
    let mut rest = done.stdout.as_str();
    for part in [
        "first connect succeeds: 1 in the queue, the backlog is 1",
        "second connect succeeds: 2 in the queue, the backlog is 1",
        "third connect gets no answer in 300 ms (TimedOut): 2 in the queue",
        "accept takes one out: 1 in the queue",
        "next connect succeeds: 2 in the queue",
        "std chooses for us: 0 in the queue, the backlog is 128",
        "socket(SOCK_STREAM, 0): the protocol is TCP",
        "socket(SOCK_DGRAM, 0): the protocol is UDP",
    ] {
        let at = rest.find(part).unwrap_or_else(|| panic!("{part} is not in\n{}", done.stdout));
        rest = &rest[at..];
    }
}

/// What is said of SOCK_RAW is true with and without the capability.
#[test]
fn a_raw_socket_needs_a_capability() {
    let done = Program::new(PROGRAM).run();
    let raw = done.stdout.lines().find(|l| l.contains("SOCK_RAW")).unwrap();
    let may = raw.ends_with("with CAP_NET_RAW: a socket");
    assert!(may || raw.contains("without CAP_NET_RAW: Operation not permitted"), "{raw}");
    if !may {
        return;
    }
    if need::program("setpriv").is_none() {
        skip!("setpriv is not installed");
    }
    let done = Program::new("setpriv").args(["--bounding-set=-net_raw", PROGRAM]).run();
    if done.stderr.starts_with("setpriv: ") {
        skip!("no capability can be given up here: {}", done.stderr);
    }
    done.succeeded();
    assert!(done.stdout.contains("without CAP_NET_RAW: Operation not permitted"), "{done:?}");
}

#[test]
fn help_shows_the_roles() {
    echo::help_shows_the_roles(PROGRAM);
}

#[test]
fn mistakes_are_one_sentence() {
    echo::mistakes_are_one_sentence(PROGRAM);
}

#[test]
fn a_busy_port_is_refused() {
    for role in SERVERS {
        let mut server = start(role);
        let address = server.addr();
        let second = Program::new(PROGRAM).args([role, &address.to_string()]).run();
        second.failed(1, "Address already in use (EADDRINUSE)");
        expect_echo(&peer::connect(address).unwrap(), "still here\n");
    }
}

#[test]
fn the_mark_ends_the_conversation_however_it_arrives() {
    for role in SERVERS {
        let mut server = start(role);
        let address = server.addr();
        for (text, heard) in [
            ("##\n", ""),
            ("##\r\n", ""),
            ("one\n##\n", "one\n"),
            ("one\r\n##\n", "one\n"),
            ("a##b\n## \n##x\n###\n\n##\n", "a##b\n## \n##x\n###\n\n"),
            ("##\nnot heard any more", ""),
        ] {
            let client = peer::connect(address).unwrap();
            assert_eq!(until_the_end(&client, text.as_bytes()), heard, "{text:?}");
        }
        // In pieces that were received one by one: the answer says so.
        let client = peer::connect(address).unwrap();
        (&client).write_all(b"one\n#").unwrap();
        let mut answer = [0; 4];
        (&client).read_exact(&mut answer).unwrap();
        assert_eq!(until_the_end(&client, b"#\n"), "");
    }
}

/// It is served when the first has gone, and not before. Whatever it sent is not lost.
#[test]
fn the_next_client_waits_and_is_served() {
    for role in SERVERS {
        let mut server = start(role);
        let address = server.addr();
        let first = peer::connect(address).unwrap();
        expect_echo(&first, "hello\n");
        let second = peer::connect(address).unwrap();
        (&second).write_all(b"me too\n").unwrap();
        expect_echo(&first, "still first\n");
        assert_eq!(until_the_end(&first, b"##\n"), "");
        let mut answer = [0; 7];
        (&second).read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"me too\n");
    }
}

/// Each of them ends its own conversation and leaves nothing behind.
#[test]
fn bad_clients_do_not_end_the_server() {
    for role in SERVERS {
        let mut server = start(role);
        let address = server.addr();
        expect_echo(&peer::connect(address).unwrap(), "hello\n");
        server.line("ended without ##");
        let before = Holdings::of(server.pid());
        for _ in 0..3 {
            let talker = peer::connect(address).unwrap();
            (&talker).write_all(&[b'x'; 100]).unwrap();
            peer::reset(talker).unwrap();
            peer::reset(peer::connect(address).unwrap()).unwrap();
            // Not UTF-8, and part of a line at the end.
            let binary = peer::connect(address).unwrap();
            expect_raw_echo(&binary, b"\xff\xfe\x1b[2J\n");
            (&binary).write_all(b"no newline").unwrap();
            assert_eq!(peer::half_close(&binary).unwrap(), b"");
        }
        // Longer than it may be: the server neither keeps it nor answers it.
        let endless = peer::connect(address).unwrap();
        let sent = (&endless).write_all(&vec![b'x'; 64 * 1024]);
        let heard = (&endless).read_to_end(&mut Vec::new());
        assert!(sent.is_err() || heard.is_err() || heard.is_ok_and(|n| n == 0));
        server.line("a line of more than 1024 bytes");
        expect_echo(&peer::connect(address).unwrap(), "still here\n");
        until("nothing is left of them", || {
            before.leaked(&Holdings::of(server.pid())).is_empty().then_some(())
        });
        assert_eq!(server.stderr(), "");
    }
}

#[track_caller]
fn expect_raw_echo(client: &TcpStream, bytes: &[u8]) {
    assert_eq!(peer::ask(client, bytes).unwrap(), bytes);
}

/// A terminal that shows the server's output is not in the hands of its clients.
#[test]
fn what_clients_send_is_shown_harmless() {
    let mut server = start("server");
    let client = peer::connect(server.addr()).unwrap();
    expect_echo(&client, "\x1b[2J你好\n");
    let line = server.line("recv gave");
    assert!(line.contains(r#""\u{1b}[2J你好\n""#), "{line}");
}

/// No descriptor is left for a client: it waits, and the server does not spin.
#[test]
fn running_out_of_descriptors_is_waited_out() {
    for role in SERVERS {
        // 0, 1, 2 and the listener.
        let mut server = Program::new(PROGRAM).args([role, "127.0.0.1:0"]).max_files(4).spawn();
        let client = peer::connect(server.addr()).unwrap();
        until("it says that it has run out", || {
            server.stderr().contains("Too many open files").then_some(())
        });
        echo::expect_idle(&server);
        assert_eq!(server.stderr().lines().count(), 1, "once: {}", server.stderr());
        client.shutdown(Shutdown::Both).unwrap();
    }
}

/// The server has closed first, so its port is in TIME_WAIT: SO_REUSEADDR.
#[test]
fn it_can_start_again_at_once() {
    for role in SERVERS {
        let mut server = start(role);
        let address = server.addr();
        assert_eq!(until_the_end(&peer::connect(address).unwrap(), b"##\n"), "");
        drop(server);
        let mut again = Program::new(PROGRAM).args([role, &address.to_string()]).spawn();
        assert_eq!(again.addr(), address);
    }
}

#[test]
fn every_client_talks_to_every_server() {
    for server_role in SERVERS {
        let mut server = start(server_role);
        let address = server.addr().to_string();
        for role in CLIENTS {
            let mut client = Program::new(PROGRAM).args([role, &address]).stdin_pipe().spawn();
            client.type_in("one\n");
            client.line("one");
            client.type_in("两\na##b\n");
            client.line("两");
            client.line("a##b");
            // The input is still open: it is the mark that ends the client.
            client.type_in("##\n");
            let done = client.wait();
            done.succeeded();
            assert_eq!(done.stdout, "one\n两\na##b\n");
            server.line("## came");

            let mut client = Program::new(PROGRAM).args([role, &address]).stdin_pipe().spawn();
            client.type_in("no newline");
            client.close_stdin();
            let done = client.wait();
            done.succeeded();
            assert_eq!(done.stdout, "no newline\n");
            Program::new(PROGRAM).args([role, &address]).run().succeeded();
        }
    }
}

#[test]
fn a_server_that_goes_away_is_told() {
    for role in CLIENTS {
        let mut server = start("server");
        let address = server.addr().to_string();
        let mut client = Program::new(PROGRAM).args([role, &address]).stdin_pipe().spawn();
        client.type_in("one\n");
        client.line("one");
        // A line that no server takes is answered by the end, or by a reset.
        client.type_in("x".repeat(4000) + "\n");
        let done = client.wait();
        assert_eq!((done.status.code(), done.stderr.lines().count()), (Some(1), 1), "{done:?}");
    }
}

#[test]
fn the_client_talks_at_a_terminal() {
    echo::the_client_talks_at_a_terminal(PROGRAM);
}

#[test]
fn nc_and_bash_get_their_echo() {
    for role in SERVERS {
        echo::nc_gets_its_echo(Server { program: PROGRAM, role });
        echo::bash_gets_its_echo(Server { program: PROGRAM, role });
    }
}
