//! Which numbers in a text are names, and which are not.

use super::super::names::Names;
use super::super::text::{rename, trim};
use crate::task::Task;

fn names() -> Names {
    Names {
        tasks: [(12_345, Task::FIRST), (42, Task { process: 2, thread: 3 }), (40_000, Task::FIRST)]
            .into(),
        ports: [(40_000, 1), (33_333, 2)].into(),
        inodes: [(7_795_821, 4), (900, 5)].into(),
        ..Names::default()
    }
}

fn renamed(text: &str) -> String {
    let folders = [("/home/ann/nine-days".into(), ".".into()), ("/var/tmp".into(), "/tmp".into())];
    let new = rename(text.as_bytes(), false, &mut names(), &folders);
    new.map_or_else(|| text.into(), |new| String::from_utf8(new).unwrap())
}

#[test]
fn a_number_that_stands_alone_is_a_name() {
    for (text, expected) in [
        ("I am 12345, you are (12345).", "I am P1, you are (P1)."),
        ("12345", "P1"),
        ("/proc/12345/fd/3", "/proc/P1/fd/3"),
        ("demo-12345_1.sock", "demo-P1_1.sock"),
        ("进程12345号", "进程P1号"),
        ("kill -12345", "kill -P1"),
        ("pid 42, pid=42, PID: 42", "pid P2.3, pid=P2.3, PID: P2.3"),
        ("[::1]:33333 and 33333", "[::1]:port#2 and port#2"),
        // Both a process and a port: the word before it decides.
        ("127.0.0.1:40000, port 40000, 40000", "127.0.0.1:port#1, port port#1, P1"),
        ("pipe:[7795821] socket:[55]", "pipe:[#4] socket:[#3]"),
        ("inode 7795821", "inode #4"),
        ("/tmp/.tmpk3mRwd/a /tmp/.tmpk3mRwd/b", "/tmp/.tmp#1/a /tmp/.tmp#1/b"),
        ("/tmp/day04-12345-1763707890123456789", "/tmp/day04-P1-time#1"),
        ("/home/ann/nine-days/src/main.rs", "./src/main.rs"),
        ("at \"/home/ann/nine-days\"", "at \".\""),
        ("/var/tmp/x", "/tmp/x"),
    ] {
        assert_eq!(renamed(text), expected);
        assert_eq!(renamed(expected), expected, "a second time");
    }
}

#[test]
fn a_number_that_may_be_an_amount_or_a_part_is_not() {
    for text in [
        "42 bytes, worker 42, child 42",
        "x12345, 12345ms, 0x12345, 012345, 123456, 112345",
        "1.12345 s, 12345.5 s",
        "900 of 900",
        "12345678901234567890 -9223372036854775808",
        "1763707890123456789 ns",
        "a.tmpk3mRwd .tmpk3mRwdx .tmpk3",
        "/home/ann/nine-days-old /x/home/ann/nine-days",
        "list:[5]",
        "",
    ] {
        assert_eq!(renamed(text), text);
    }
}

#[test]
fn what_touches_a_cut_is_left_alone_or_taken_away() {
    let cut = |text: &[u8]| rename(text, true, &mut names(), &[("/work".into(), ".".into())]);
    assert_eq!(cut(b"12345"), None);
    assert_eq!(cut(b"in /work"), None);
    assert_eq!(cut(b"12345 in /work").as_deref(), Some(&b"P1 in /work"[..]));
    for (text, left) in [
        ("pid 123", "pid "),
        ("/tmp/.tmpk3", "/tmp/"),
        ("/tmp/.tmpk3mRwd", "/tmp/"),
        ("7.tmpk3", ""),
        ("hello...", "hello..."),
        ("00000000000000000000", "00000000000000000000"),
    ] {
        let mut bytes = text.as_bytes().to_vec();
        trim(&mut bytes);
        assert_eq!(String::from_utf8(bytes).unwrap(), left);
    }
}

#[test]
fn bytes_that_are_no_text_stay() {
    let bytes = [0xff, b' ', b'1', b'2', b'3', b'4', b'5', 0, 0xe5];
    let renamed = rename(&bytes, false, &mut names(), &[]);
    assert_eq!(renamed.as_deref(), Some(&[0xff, b' ', b'P', b'1', 0, 0xe5][..]));
}
