//! The demo as its users meet it, beside the module that it is about.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::net::UdpSocket;

use testkit::{Program, Running, skip};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day03-pack");

/// What python3 prints, if this machine has it and it starts.
fn python(script: &str) -> Option<String> {
    let probe = std::process::Command::new("python3").args(["-c", "import struct"]).output();
    if !probe.is_ok_and(|done| done.status.success()) {
        return None;
    }
    let done = Program::new("python3").args(["-c", script]).run();
    done.succeeded();
    Some(done.stdout)
}

fn start() -> (Running, String) {
    let mut server = Program::new(PROGRAM).args(["server", "127.0.0.1:0"]).spawn();
    let address = server.addr().to_string();
    (server, address)
}

fn lesson() -> String {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    done.stdout
}

#[test]
fn the_lesson_shows_every_fact() {
    let told = lesson();
    for line in [
        "  to_be_bytes  01 02 03 04   network order: \"!\" or \">\"",
        "  to_le_bytes  04 03 02 01   \"<\"",
        "  written by one order and read by the other: 0x04030201, and no error",
        "  repr(C)          8 bytes, at 0 and 4, aligned to 4",
        "  repr(C, packed)  5 bytes, at 0 and 1, aligned to 1",
        "  on the wire      5 bytes: 63 00 00 01 02",
        "  00 00 00 01 61 62 00 00 3f c0 00 00   id 1, name 'ab', level 1.5",
        "  ff ff ff ff e6 b0 b4 00 80 00 00 00   id 4294967295, name '水', level -0.0",
        "  00 00 00 07 00 00 00 00 7f c0 00 00   id 7, name '', level NaN",
        "  -0.0 came back with its sign: true; == 0.0: true",
        "  NaN came back as NaN: true; == itself: false",
        "  NaN came back bit by bit: true",
        "  '你好' has 6 bytes, and there is room for 4",
        "  the answer: id 2, name '水', level -0.0",
        "  refused: a record has 12 bytes, and 11 have come",
        "  refused: a record has 12 bytes, and 13 have come or more",
    ] {
        assert!(told.lines().any(|l| l == line), "{line:?} is not in\n{told}");
    }
    assert_eq!(told, lesson(), "it is the same on every run");
}

#[test]
fn python_packs_the_same_bytes() {
    let script = "
import struct
print(struct.calcsize('@ci'), struct.calcsize('=ci'), struct.calcsize('!I4sf'))
for r in ((1, b'ab', 1.5), (2**32 - 1, '水'.encode(), -0.0), (7, b'', float('nan'))):
    print(' '.join('%02x' % b for b in struct.pack('!I4sf', *r)))
print(' '.join('%02x' % b for b in struct.pack('!ci', b'c', 258)))
";
    let Some(packed) = python(script) else { skip!("python3 is not installed") };
    let mut lines = packed.lines();
    assert_eq!(lines.next(), Some("8 5 12"));
    let told = lesson();
    for line in lines {
        assert!(told.contains(line), "Python's {line} is not in\n{told}");
    }
}

#[test]
fn python_talks_to_the_server() {
    let (mut server, address) = start();
    let script = format!(
        "
import socket, struct
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(30)
s.connect(('127.0.0.1', {}))
s.send(struct.pack('!I4sf', 258, b'pump', 0.75))
print(struct.unpack('!I4sf', s.recv(64)))
",
        address.rsplit(':').next().unwrap()
    );
    let Some(answer) = python(&script) else { skip!("python3 is not installed") };
    assert_eq!(answer, "(258, b'pump', 1.5)\n");
    server.line("id 258, name 'pump', level 0.75");
}

#[test]
fn the_server_survives_what_is_no_record() {
    let (mut server, address) = start();
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    for (bytes, said) in [
        (&b""[..], "and 0 have come"),
        (b"hello", "and 5 have come"),
        (&[0xff; 5000], "and 13 have come or more"),
        (b"\0\0\0\x01\x1b[2J\0\0\0\0", "name '\u{fffd}[2J'"),
    ] {
        stranger.send_to(bytes, &address).unwrap();
        server.line(said);
    }
    // Its answer goes to a port where nobody is any more.
    drop(stranger);
    let done = Program::new(PROGRAM).args(["client", &address, "7", "水", "--", "-0.0"]).run();
    done.succeeded();
    assert_eq!(done.stdout, "  the answer: id 7, name '水', level -0.0\n");
    testkit::echo::expect_idle(&server);
}

#[test]
fn mistakes_are_one_sentence() {
    let run = |args: &[&str]| Program::new(PROGRAM).args(args).run();
    run(&["server"]).failed(2, "the server needs ADDR");
    run(&["server", "127.0.0.1"]).failed(2, "has no port");
    run(&["client", "127.0.0.1:9", "1"]).failed(2, "the client needs NAME");
    run(&["client", "127.0.0.1:9", "-1", "a", "1"]).failed(2, "invalid option '-1'");
    run(&["client", "127.0.0.1:9", "4294967296", "a", "1"]).failed(2, "is not a number from 0");
    run(&["client", "127.0.0.1:9", "1", "pumps", "1"]).failed(2, "'pumps' has 5 bytes");
    run(&["client", "127.0.0.1:9", "1", "a", "x"]).failed(2, "'x' is not a number");
    let (_server, address) = start();
    run(&["server", &address]).failed(1, "Address already in use (EADDRINUSE)");
    // Bound and silent: nothing listens to the client's record.
    let silent = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    run(&["client", &address, "1", "a", "1"]).failed(1, "no answer within two seconds");
    let help = run(&["--help"]);
    help.succeeded();
    assert!(help.stdout.contains("-- client ADDR ID NAME LEVEL"), "{}", help.stdout);
}
