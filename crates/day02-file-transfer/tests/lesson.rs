//! The demo as its users meet it.

use testkit::Program;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day02-file-transfer");

#[test]
fn the_whole_lesson() {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    let mut lines = done.stdout.lines();
    for part in [
        "received \"empty\", 0 bytes, CRC-32 00000000; equal to what was sent: true",
        "received \"一\", 1 bytes, CRC-32 d202ef8d; equal to what was sent: true",
        "received \"big\", 3145728 bytes",
        "\"../evil\": refused: the name contains a /",
        "the receiver said \"no: the name contains a /\"",
        "\"/etc/evil\": refused: the name contains a /",
        "\"..\": refused: the name begins with a dot",
        "\"\": refused: the name is empty",
        "\".bashrc\": refused: the name begins with a dot",
        "\"two\\nlines\": refused: the name contains a control character",
        "a length that lies: refused: 18446744073709551615 bytes are too much",
        "a wrong checksum: refused: the checksum is wrong",
        "the receiver said \"no: the checksum is wrong\"",
        "a sender that dies: refused: the stream ended after 500000 of 1000000 bytes",
        "in the directory: big, empty, 一",
    ] {
        // Each behind the one before.
        assert!(lines.any(|line| line.contains(part)), "{part:?} is not in\n{}", done.stdout);
    }
    assert_eq!(lines.next(), None);
    assert_eq!(done.stdout.matches("equal to what was sent: true").count(), 3);
}

#[test]
fn mistakes_are_one_sentence() {
    for (args, status, part) in [
        (&["receive", "127.0.0.1:0"][..], 2, "the receive needs DIR"),
        (&["send"], 2, "the send needs ADDR"),
        (&["send", "127.0.0.1", "x"], 2, "has no port"),
        (&["receive", "127.0.0.1:0", "/no such directory"], 1, "is no directory"),
        (&["receive", "192.0.2.1:0", "/"], 1, "EADDRNOTAVAIL"),
    ] {
        Program::new(PROGRAM).args(args).run().failed(status, part);
    }
}

#[test]
fn help_shows_the_roles() {
    let done = Program::new(PROGRAM).args(["--help"]).run();
    done.succeeded();
    for part in ["-- receive ADDR DIR", "-- send ADDR FILE"] {
        assert!(done.stdout.contains(part), "{}", done.stdout);
    }
}
