//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs::File;

use testkit::Program;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day03-bits");

fn lesson() -> String {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    done.stdout
}

/// Lines with blanks of any number taken for one.
fn expect(told: &str, lines: &[&str]) {
    let plain = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    for line in lines {
        assert!(told.lines().any(|l| plain(l) == plain(line)), "{line:?} is not in\n{told}");
    }
}

#[test]
fn the_five_values_of_the_course_and_the_edges() {
    let told = lesson();
    expect(
        &told,
        &[
            "a & b 00001010 10",
            "a | b 00001111 15",
            "a ^ b 00000101 5",
            "a << 2 00101100 44",
            "b >> 2 00000011 3",
            "!a 11110100 244",
            "!11_i8 11110100 -12",
            "-16_i8 >> 2 11111100 -4",
            "240_u8 >> 2 00111100 60",
            "200_u8 << 1 10010000 144 the highest bit is gone",
            "1_u8.checked_shl(7) Some(128)",
            "1_u8.checked_shl(8) None",
            "1_u8.wrapping_shl(8) 1",
            "1_u8.unbounded_shl(8) 0",
        ],
    );
    assert_eq!(told, lesson(), "it is the same on every run");
}

#[test]
fn flags_are_set_cleared_toggled_and_tested() {
    expect(
        &lesson(),
        &[
            "nothing 0000000000000000 0 set: none",
            "set POLLOUT |= 0000000000000101 2 set: POLLIN | POLLOUT",
            "clear POLLOUT &= ! 0000000000000001 1 set: POLLIN",
            "toggle POLLOUT ^= 0000000000000101 2 set: POLLIN | POLLOUT",
            "toggle again ^= 0000000000000001 1 set: POLLIN",
            "the answer 0000000000010001 2 set: POLLIN | POLLHUP",
            "answer == POLLIN false",
            "answer & POLLIN != 0 true",
            "any of POLLIN|POLLOUT (intersects) true",
            "all of POLLIN|POLLOUT (contains) false",
            "O_WRONLY & mask = 01 readable: false contains(O_RDONLY): true",
            "O_RDWR & mask = 10 readable: true contains(O_RDONLY): true",
            "from_bits None",
            "from_bits_truncate POLLIN",
        ],
    );
}

#[test]
fn the_flags_of_real_descriptors() {
    let told = lesson();
    let decoded = |what: &str| {
        let line = told.lines().find(|line| line.starts_with(&format!("  {what}  "))).unwrap();
        // Behind the number, which differs between architectures.
        let parts = line.split("  ").last().unwrap();
        parts.split(" | ").filter(|&p| p != "O_LARGEFILE").collect::<Vec<_>>().join(" | ")
    };
    for (what, parts) in [
        ("a pipe's reading end", "O_RDONLY"),
        ("a pipe's writing end", "O_WRONLY"),
        ("a file opened to append", "O_WRONLY | O_APPEND"),
        ("one that waits for the disk", "O_WRONLY | O_SYNC"),
        ("a socket", "O_RDWR"),
        ("append, O_NONBLOCK added", "O_WRONLY | O_APPEND | O_NONBLOCK"),
        ("append, O_NONBLOCK alone", "O_WRONLY | O_NONBLOCK"),
        ("O_RDONLY asked for", "O_WRONLY"),
    ] {
        assert_eq!(decoded(what), parts, "{what}");
    }
    expect(
        &told,
        &[
            "close-on-exec: by F_GETFD true, among the flags of F_GETFL false",
            "9 00001001 EBADF: Bad file number",
            "22 00010110 EINVAL: Invalid argument",
        ],
    );
}

#[test]
fn a_descriptor_of_the_shell() {
    let input = File::options().read(true).append(true).open("/dev/null").unwrap();
    let done = Program::new(PROGRAM).args(["fd", "0"]).stdin(input).run();
    done.succeeded();
    assert!(done.stdout.contains("O_RDWR | O_APPEND"), "{}", done.stdout);
    let done = Program::new(PROGRAM).args(["fd", "1"]).run();
    done.succeeded();
    assert!(done.stdout.contains("0o1  O_WRONLY\n"), "a pipe: {}", done.stdout);
    Program::new(PROGRAM).args(["fd", "2"]).run().succeeded();
}

#[test]
fn mistakes_are_one_sentence() {
    let run = |args: &[&str]| Program::new(PROGRAM).args(args).run();
    run(&["fd"]).failed(2, "the fd needs NUMBER");
    run(&["fd", "3"]).failed(2, "'3' is not 0, 1 or 2");
    run(&["bits"]).failed(2, "no role is called 'bits'");
    let help = run(&["--help"]);
    help.succeeded();
    assert!(help.stdout.contains("-- fd NUMBER"), "{}", help.stdout);
}
