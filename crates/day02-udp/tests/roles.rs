//! The server and the client, with each other and with strangers.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::net::UdpSocket;

use testkit::{LIMIT, Program, Running, need, skip};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day02-udp");

fn server() -> Running {
    Program::new(PROGRAM).args(["server", "127.0.0.1:0"]).spawn()
}

fn socket() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(LIMIT)).unwrap();
    socket
}

#[test]
fn a_server_answers_whoever_asks() {
    let mut server = server();
    let address = server.addr();
    let (ann, bob) = (socket(), socket());
    ann.send_to(b"i am ann", address).unwrap();
    bob.send_to(b"", address).unwrap();
    let mut room = [0; 64];
    let (n, from) = ann.recv_from(&mut room).unwrap();
    assert_eq!((&room[..n], from), (&b"8 bytes: i am ann"[..], address));
    let n = bob.recv(&mut room).unwrap();
    assert_eq!(&room[..n], b"0 bytes: ", "an empty datagram is a message");
    server.line("8 bytes, \"i am ann\"");
    server.line("0 bytes, \"\"");
}

/// Control characters of a stranger do not reach the terminal, and neither does what is no text.
#[test]
fn what_strangers_send_is_shown_escaped() {
    let mut server = server();
    let client = socket();
    client.send_to(b"\x1b[2J\xff", server.addr()).unwrap();
    let line = server.line("5 bytes");
    assert!(line.contains("\\u{1b}[2J") && !line.contains('\x1b'), "{line:?}");
}

#[test]
fn an_answer_that_does_not_fit_costs_one_client() {
    let mut server = server();
    let (address, client) = (server.addr(), socket());
    client.send_to(&vec![b'.'; 65_507], address).unwrap();
    server.line("no answer to ");
    client.send_to(b"small", address).unwrap();
    let mut room = [0; 64];
    let n = client.recv(&mut room).unwrap();
    assert_eq!(&room[..n], b"5 bytes: small");
}

#[test]
fn the_client_asks_the_server() {
    let mut server = server();
    let address = server.addr().to_string();
    let done = Program::new(PROGRAM).args(["client", &address, "two words"]).run();
    done.succeeded();
    assert_eq!(done.stdout, "9 bytes: two words\n");
}

/// The first datagram is not answered, as if it had been lost.
#[test]
fn the_client_asks_again() {
    let server = socket();
    let address = server.local_addr().unwrap().to_string();
    let client = Program::new(PROGRAM).args(["client", &address, "?"]).spawn();
    let mut room = [0; 8];
    server.recv_from(&mut room).unwrap();
    let (n, from) = server.recv_from(&mut room).unwrap();
    assert_eq!(&room[..n], b"?");
    server.send_to(b"at last", from).unwrap();
    let done = client.wait();
    done.succeeded();
    assert_eq!(done.stdout, "at last\n");
}

#[test]
fn the_client_does_not_wait_for_ever() {
    let mute = socket();
    let address = mute.local_addr().unwrap().to_string();
    let client = Program::new(PROGRAM).args(["client", &address, "?"]);
    client.run().failed(1, "asked 3 times, no answer");
}

#[test]
fn nobody_there_is_told() {
    // Bound, and connected to somebody else: others find nobody here.
    let (deaf, other) = (socket(), socket());
    deaf.connect(other.local_addr().unwrap()).unwrap();
    let address = deaf.local_addr().unwrap().to_string();
    let client = Program::new(PROGRAM).args(["client", &address, "?"]);
    client.run().failed(1, "Connection refused");
}

#[test]
fn nc_is_a_client() {
    if need::program("nc").is_none() {
        skip!("nc is not installed");
    }
    let mut server = server();
    // -W 1: end after one answer. Not every nc has it.
    let command = format!("printf hello | nc -u -W 1 127.0.0.1 {}", server.addr().port());
    let done = Program::new("bash").args(["-c", &command]).run();
    if done.stderr.contains("invalid option") {
        skip!("this nc has no -W");
    }
    done.succeeded();
    assert_eq!(done.stdout, "5 bytes: hello");
}

#[test]
fn bash_is_a_client() {
    let mut server = server();
    let command = format!(
        "exec 3<>/dev/udp/127.0.0.1/{}; printf hello >&3; head -c 14 <&3",
        server.addr().port()
    );
    let done = Program::new("bash").args(["-c", &command]).run();
    done.succeeded();
    assert_eq!(done.stdout, "5 bytes: hello");
}
