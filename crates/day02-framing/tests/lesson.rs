//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};

use testkit::{Program, Running, need, peer, skip};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day02-framing");

fn server() -> Running {
    Program::new(PROGRAM).args(["server", "127.0.0.1:0"]).spawn()
}

/// Sends all, ends its side and gives the answers.
fn answers(client: &TcpStream, text: &[u8]) -> String {
    { client }.write_all(text).unwrap();
    String::from_utf8(peer::half_close(client).unwrap()).unwrap()
}

#[test]
fn the_whole_lesson() {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    let text = &done.stdout;
    assert!(
        text.contains("5 sends, and one read gives 19 bytes: \"onetwothreefourfive\""),
        "{text}"
    );
    let first = text.split("and the first read gives ").nth(1).unwrap();
    let first: usize = first.lines().next().unwrap().parse().unwrap();
    assert!(first > 0 && first < 500_000, "{text}");
    assert!(text.contains("reads to get all 500000"), "{text}");
    for how in ["with a mark", "with a length"] {
        let line = format!("{how}: 4 messages of 3, 500000, 0, 6 bytes, equal to what was sent");
        assert!(text.contains(&line), "{text}");
    }
    let (_, refused) = text.split_once("refused:").unwrap();
    for part in [
        "a length that lies: a message of 4294967295 bytes, the limit is 1048576",
        "an end inside a message: failed to fill whole buffer",
        "an end inside a length: failed to fill whole buffer",
        "a line without an end: a line above the limit of 1048576 bytes",
        "a mark inside a message: the message contains the mark",
    ] {
        assert!(refused.contains(part), "{part:?} is not in {refused}");
    }
    assert!(!refused.contains("taken as"), "{refused}");
}

#[test]
fn messages_do_not_depend_on_how_the_stream_was_cut() {
    let mut server = server();
    let address = server.addr();
    let expected = "message 1: 3 bytes\nmessage 2: 0 bytes\nmessage 3: 6 bytes\n";
    let text = "one\n\n粘包\n".as_bytes();
    assert_eq!(answers(&peer::connect(address).unwrap(), text), expected, "in one send");

    let client = peer::connect(address).unwrap();
    peer::drip(&client, text, std::time::Duration::from_millis(1)).unwrap();
    assert_eq!(String::from_utf8(peer::half_close(&client).unwrap()).unwrap(), expected);
    server.line("3 messages");
    server.line("3 messages");
}

#[test]
fn a_message_is_answered_before_the_stream_ends() {
    let mut server = server();
    let mut client = peer::connect(server.addr()).unwrap();
    let mut heard = BufReader::new(client.try_clone().unwrap());
    for n in 1..4 {
        client.write_all(b"ab").unwrap();
        client.write_all(b"c\n").unwrap();
        let mut line = String::new();
        heard.read_line(&mut line).unwrap();
        assert_eq!(line, format!("message {n}: 3 bytes\n"));
    }
}

#[test]
fn half_a_message_is_none_and_a_long_one_is_refused() {
    let mut server = server();
    let address = server.addr();
    assert_eq!(answers(&peer::connect(address).unwrap(), b"half"), "");
    server.line("unexpected end of file");

    let mut client = peer::connect(address).unwrap();
    // It may be refused, and reset, while this is still being sent.
    let _ = client.write_all(&vec![b'.'; (1 << 20) + 1]);
    server.line("a line above the limit of 1048576 bytes");
    let _ = client.shutdown(Shutdown::Both);

    let longest = [vec![b'.'; 1 << 20], b"\n".to_vec()].concat();
    let client = peer::connect(address).unwrap();
    assert_eq!(answers(&client, &longest), "message 1: 1048576 bytes\n");
}

#[test]
fn a_client_that_resets_costs_only_itself() {
    let mut server = server();
    let address = server.addr();
    let mut talker = peer::connect(address).unwrap();
    talker.write_all(b"one\n").unwrap();
    talker.read_exact(&mut [0; 5]).unwrap();
    peer::reset(talker).unwrap();
    server.line("Connection reset by peer");
    assert_eq!(answers(&peer::connect(address).unwrap(), b"x\n"), "message 1: 1 bytes\n");
}

#[test]
fn nc_is_a_client() {
    if need::program("nc").is_none() {
        skip!("nc is not installed");
    }
    let mut server = server();
    let command = format!("printf 'a\\nbc\\n' | nc -N 127.0.0.1 {}", server.addr().port());
    let done = Program::new("bash").args(["-c", &command]).run();
    done.succeeded();
    assert_eq!(done.stdout, "message 1: 1 bytes\nmessage 2: 2 bytes\n");
}

#[test]
fn help_and_mistakes() {
    let done = Program::new(PROGRAM).args(["--help"]).run();
    done.succeeded();
    assert!(done.stdout.contains("-- server ADDR"), "{}", done.stdout);
    for (args, status, part) in [
        (&["server"][..], 2, "the server needs ADDR"),
        (&["client"], 2, "no role is called 'client'"),
        (&["server", "127.0.0.1"], 2, "has no port"),
        (&["server", "192.0.2.1:0"], 1, "EADDRNOTAVAIL"),
    ] {
        Program::new(PROGRAM).args(args).run().failed(status, part);
    }
    let mut server = server();
    let second = Program::new(PROGRAM).args(["server", &server.addr().to_string()]);
    second.run().failed(1, "Address already in use (EADDRINUSE)");
}
