//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::Program;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day02-stream");

/// The number behind `before`, in the one line that holds it.
fn number(text: &str, before: &str) -> u64 {
    let rest = text.lines().find_map(|line| line.split_once(before)).unwrap_or_else(|| {
        panic!("{before:?} is not in\n{text}");
    });
    let digits: String = rest.1.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

#[test]
fn the_whole_lesson() {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    let heads: Vec<_> = done.stdout.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(heads, ["recv", "send", "a full buffer"]);
}

#[test]
fn recv_waits_keeps_the_rest_and_ends_behind_it() {
    let done = Program::new(PROGRAM).args(["recv"]).run();
    done.succeeded();
    let text = &done.stdout;
    assert!(text.contains("sleeps in recvfrom, state S"), "{text}");
    assert!(text.contains("woken up with 1 byte"), "{text}");
    let reads: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("    ")).collect();
    let expected =
        ["read: 4 \"0123\"", "read: 4 \"4567\"", "read: 2 \"89\"", "read: 0 \"\"", "and again: 0"];
    assert_eq!(reads, expected);
    assert_eq!(number(text, "a read with no room gives "), 0);
    assert_eq!(number(text, ", and the next one "), 3);
    assert_eq!(number(text, "the peer has ended its side: "), 0);
    assert!(text.contains("it still reads our \"heard\""), "{text}");
    assert!(text.contains("Connection reset by peer"), "{text}");
}

#[test]
fn send_learns_of_a_gone_peer_one_write_later() {
    let done = Program::new(PROGRAM).args(["send"]).run();
    done.succeeded();
    let facts: Vec<_> = done.stdout.lines().filter_map(|line| line.strip_prefix("    ")).collect();
    let expected = [
        "first write:  Ok(3)",
        "second write: EPIPE, BrokenPipe",
        "first write:  ECONNRESET, ConnectionReset",
        "second write: EPIPE, BrokenPipe",
        "read:         Ok(0)",
    ];
    assert_eq!(facts, expected);
}

#[test]
fn a_full_buffer_holds_everything_that_was_taken() {
    let done = Program::new(PROGRAM).args(["full"]).run();
    done.succeeded();
    let text = &done.stdout;
    assert!(text.contains("read back: 32768 and 32768"), "{text}");
    let taken = number(text, "write took ");
    assert!(taken > 16 << 10 && taken < 4 << 20, "{text}");
    assert!(text.contains("and then: Resource temporarily unavailable"), "{text}");
    assert_eq!(number(text, "finds "), taken);
    assert!(text.contains("sleeps in sendto, state S"), "{text}");
    assert_eq!(number(text, "the peer reads "), 4 << 20);
    // write_all has lost count; the loop has not.
    assert!(text.contains("write_all without blocking: EAGAIN, WouldBlock"), "{text}");
    let part = number(text, "no number in it; ");
    assert!(part > 0 && part < 4 << 20, "{text}");
    assert!(text.contains("keeps count: 4194304 bytes sent, 4194304 received"), "{text}");
}

#[test]
fn help_shows_the_parts() {
    let done = Program::new(PROGRAM).args(["--help"]).run();
    done.succeeded();
    for part in ["the whole lesson", "-- recv", "-- send", "-- full"] {
        assert!(done.stdout.contains(part), "{}", done.stdout);
    }
}

#[test]
fn mistakes_are_one_sentence() {
    Program::new(PROGRAM).args(["receive"]).run().failed(2, "no role is called 'receive'");
    Program::new(PROGRAM).args(["send", "x"]).run().failed(2, "one argument too many");
}
