//! What framing costs when a peer means ill. A test binary of its own: memory is counted for the
//! whole process.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use sockets::framing::{Decoder as _, Error, Lines};

fn resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    kilobytes.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

#[test]
fn an_endless_line_does_not_fill_the_memory() {
    let mut decoder = Lines::with_limit(1024);
    let before = resident_bytes();
    let mut errors = 0;
    for _ in 0..4096 {
        decoder.push(&[b'x'; 16 * 1024]);
        match decoder.next() {
            Err(Error::TooLong { limit: 1024 }) => errors += 1,
            other => assert_eq!(other, Ok(None)),
        }
    }
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < 8 << 20, "64 MiB passed through and {grown} bytes stayed");
    assert_eq!(errors, 1, "it is reported once");
    decoder.push(b"\nnext\n");
    assert_eq!(decoder.next().unwrap().unwrap(), "next");
}
