//! RFC 2347, 2348, 2349, 7440: what a server accepts, and what a client makes of the answer.

use std::time::Duration;

use capstone_tftp::tftp::options::{Agreed, Ask, Limits, for_reading, for_writing};
use capstone_tftp::tftp::packet::{Packet, Pairs, parse};

/// Options as they stand in a packet, `|` for NUL.
fn pairs(text: &str) -> Vec<u8> {
    [b"\0\x06", text.replace('|', "\0").as_bytes()].concat()
}

fn read(oack: &[u8]) -> Pairs<'_> {
    let Packet::Oack(pairs) = parse(oack).unwrap() else { panic!("no OACK") };
    pairs
}

/// A server's answer to an RRQ, `|` for NUL; empty without OACK. Small limits, a file of 700 bytes.
fn answered(asked: &str) -> String {
    let limits = Limits { blksize: 1428, windowsize: 64, memory: 40_000, timeout: 255 };
    let accepted = for_reading(read(&pairs(asked)), &limits, Some(700));
    let oack = accepted.oack.unwrap_or_else(|| pairs(""));
    String::from_utf8(oack[2..].to_vec()).unwrap().replace('\0', "|")
}

/// RFC 2347: "If the server does not support any options or does not wish to, it ignores them", and
/// then answers as RFC 1350 has it. Case and order do not matter.
#[test]
fn unknown_options_are_ignored_and_known_ones_found_in_any_order_and_case() {
    assert_eq!(answered(""), "");
    assert_eq!(answered("multicast||colour|red|"), "");
    assert_eq!(answered("colour|red|TSize|0|BLKSIZE|600|"), "blksize|600|tsize|700|");
    assert_eq!(answered("tsize|0|blksize|600|"), answered("blksize|600|tsize|0|"));
}

/// RFC 2347: an option may be given once. The first one counts, and is answered once.
#[test]
fn an_option_that_is_repeated_counts_once() {
    assert_eq!(answered("blksize|600|blksize|700|"), "blksize|600|");
    assert_eq!(answered("blksize|x|blksize|700|"), "");
}

/// RFC 2348: 8 to 65,464; the answer is no more than what was asked.
#[test]
fn blksize() {
    for (asked, answer) in [
        ("8", "blksize|8|"),
        ("512", "blksize|512|"),
        ("1428", "blksize|1428|"),
        ("1429", "blksize|1428|"),
        ("65464", "blksize|1428|"),
        ("65465", "blksize|1428|"),
        ("99999999999", "blksize|1428|"),
        ("7", ""),
        ("0", ""),
        ("-1", ""),
        ("+600", ""),
        (" 600", ""),
        ("", ""),
        ("0x200", ""),
        ("99999999999999999999999", ""),
    ] {
        assert_eq!(answered(&format!("blksize|{asked}|")), answer, "{asked}");
    }
}

/// RFC 2349: 1 to 255 seconds, echoed or left out.
#[test]
fn timeout() {
    for (asked, answer) in [
        ("1", "timeout|1|"),
        ("255", "timeout|255|"),
        ("0", ""),
        ("256", ""),
        ("1.5", ""),
        ("", ""),
    ] {
        assert_eq!(answered(&format!("timeout|{asked}|")), answer, "{asked}");
    }
    let accepted = for_reading(read(&pairs("timeout|3|")), &Limits::default(), None);
    assert_eq!(accepted.agreed.timeout, Some(Duration::from_secs(3)));
    let impatient = Limits { timeout: 10, ..Limits::default() };
    assert_eq!(for_reading(read(&pairs("timeout|11|")), &impatient, None).oack, None);
}

/// RFC 2349: the server says the size to a reader, and echoes that of a writer.
#[test]
fn tsize() {
    assert_eq!(answered("tsize|0|"), "tsize|700|");
    let limits = Limits::default();
    assert_eq!(for_reading(read(&pairs("tsize|0|")), &limits, None).oack, None);
    let written = for_writing(read(&pairs("tsize|5000000000|")), &limits);
    assert_eq!(written.agreed.tsize, Some(5_000_000_000));
    assert_eq!(written.oack.unwrap(), pairs("tsize|5000000000|"));
}

/// RFC 7440 section 3: 1 to 65,535 blocks, answered by no more; never more than memory allows.
#[test]
fn windowsize() {
    for (asked, answer) in [
        ("windowsize|1|", "windowsize|1|"),
        ("windowsize|64|", "windowsize|64|"),
        ("windowsize|65|", "windowsize|64|"),
        ("windowsize|65535|", "windowsize|64|"),
        ("windowsize|65536|", ""),
        ("windowsize|0|", ""),
        // 40,000 bytes are 27 blocks of 1,432.
        ("windowsize|64|blksize|1428|", "blksize|1428|windowsize|27|"),
    ] {
        assert_eq!(answered(asked), answer, "{asked}");
    }
    let none = Limits { memory: 0, windowsize: 0, ..Limits::default() };
    assert_eq!(for_reading(read(&pairs("windowsize|9|")), &none, None).agreed.windowsize, 1);
}

const ALL: Ask =
    Ask { blksize: Some(1428), windowsize: Some(16), timeout: Some(2), tsize: Some(0) };

#[test]
fn what_a_client_asks_for() {
    assert_eq!(ALL.pairs(), pairs("blksize|1428|timeout|2|tsize|0|windowsize|16|")[2..]);
    assert_eq!(Ask::default().pairs(), b"");
    // Nobody sends what no server may accept.
    let wild = Ask { blksize: Some(1), windowsize: Some(65_535), timeout: Some(0), tsize: None };
    assert_eq!(wild.pairs(), pairs("blksize|8|timeout|1|windowsize|32767|")[2..]);
}

/// RFC 2347: options that the OACK does not name are not in force.
#[test]
fn an_oack_that_a_client_accepts() {
    let judge = |oack: &str| ALL.judge(read(&pairs(oack))).unwrap();
    assert_eq!(judge(""), Agreed::default());
    assert_eq!(judge("BlkSize|1000|").blksize, 1000);
    let timeout = Some(Duration::from_secs(2));
    let all = Agreed { blksize: 1428, windowsize: 9, timeout, tsize: Some(7) };
    assert_eq!(judge("windowsize|9|tsize|7|timeout|2|blksize|1428|"), all);
}

/// RFC 2347: an OACK with what was not asked for is refused by ERROR 8; 2348, 2349 and 7440: so are
/// values that are no answer.
#[test]
fn an_oack_that_a_client_refuses() {
    for oack in [
        "colour|red|",
        "||",
        "blksize|1429|",
        "blksize|7|",
        "blksize|many|",
        "blksize|512|blksize|512|",
        "blksize|512|BLKSIZE|512|",
        "windowsize|17|",
        "windowsize|0|",
        "timeout|3|",
        "timeout|0|",
        "tsize|-1|",
    ] {
        ALL.judge(read(&pairs(oack))).expect_err(oack);
    }
    for oack in ["blksize|512|", "windowsize|1|", "timeout|2|", "tsize|0|"] {
        Ask::default().judge(read(&pairs(oack))).expect_err(oack);
    }
}
