//! The demo as its users meet it. Nothing here leaves the loopback device.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::{Program, need, skip};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day02-broadcast");

#[test]
fn the_whole_lesson() {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    let text = &done.stdout;
    let (_, lesson) = text.split_once("without SO_BROADCAST\n").unwrap();
    let expected = "  to 127.255.255.255: EACCES, Permission denied
  to 255.255.255.255: EACCES, Permission denied
with SO_BROADCAST
  to 127.255.255.255: Ok(18)
  to 255.255.255.255: Ok(18)
  to 127.0.0.1: Ok(12)
  ann, bound to 127.255.255.255, hears: to 127.255.255.255
  bob, bound to 127.255.255.255, hears: to 127.255.255.255
  cat, bound to 255.255.255.255, hears: to 255.255.255.255
  dan, bound to 127.0.0.1, hears: to 127.0.0.1
  eve, bound to 0.0.0.0, hears: to 127.255.255.255, to 255.255.255.255
  and 0 datagrams more
";
    assert_eq!(lesson, expected);
}

#[test]
fn the_networks_of_this_machine() {
    let done = Program::new(PROGRAM).args(["interfaces"]).run();
    done.succeeded();
    let loopback = "lo: 127.0.0.1/8, broadcast none, highest address 127.255.255.255";
    assert!(done.stdout.contains(loopback), "{}", done.stdout);
}

#[test]
fn one_sends_and_two_receive() {
    let receive = |address: &str| Program::new(PROGRAM).args(["receive", address]).spawn();
    let mut ann = receive("127.255.255.255:0");
    let address = ann.addr().to_string();
    let mut bob = receive(&address);
    bob.addr();
    let done = Program::new(PROGRAM).args(["send", &address, "hello, all"]).run();
    done.succeeded();
    assert_eq!(done.stdout, format!("10 bytes sent to {address}\n"));
    ann.line("\"hello, all\"");
    bob.line("\"hello, all\"");
}

#[test]
fn python_is_heard() {
    if need::program("python3").is_none() {
        skip!("python3 is not installed");
    }
    let mut ann = Program::new(PROGRAM).args(["receive", "127.255.255.255:0"]).spawn();
    let script = "import socket, sys\n\
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n\
        s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)\n\
        s.sendto('广播\\x1b'.encode(), ('127.255.255.255', int(sys.argv[1])))";
    let port = ann.addr().port().to_string();
    Program::new("python3").args(["-c", script, &port]).run().succeeded();
    ann.line("\"广播\\u{1b}\"");
}

#[test]
fn mistakes_are_one_sentence() {
    for (args, status, part) in [
        (&["receive"][..], 2, "the receive needs ADDR"),
        (&["send", "127.0.0.1:1"], 2, "the send needs MESSAGE"),
        (&["send", "[::1]:1", "x"], 2, "has no broadcast"),
        (&["receive", "127.0.0.1"], 2, "has no port"),
        (&["receive", "192.0.2.1:0"], 1, "Cannot assign requested address"),
        (&["receiver"], 2, "no role is called 'receiver'"),
    ] {
        Program::new(PROGRAM).args(args).run().failed(status, part);
    }
    // Somebody who does not share.
    let alone = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = alone.local_addr().unwrap().to_string();
    let second = Program::new(PROGRAM).args(["receive", &address]);
    second.run().failed(1, "Address already in use");
}

#[test]
fn help_shows_the_roles() {
    let done = Program::new(PROGRAM).args(["--help"]).run();
    done.succeeded();
    for part in ["-- receive ADDR", "-- send ADDR MESSAGE", "-- interfaces"] {
        assert!(done.stdout.contains(part), "{}", done.stdout);
    }
}
