//! How a transfer ends: dallying, patience, and RFC 1350 section 7.

use std::time::Duration;

use capstone_tftp::tftp::options::{Accepted, Agreed};
use capstone_tftp::tftp::packet::{Code, error};
use capstone_tftp::tftp::{End, Receiver, Taken, Timing};

use super::Stage;

/// RFC 1350 section 6: "dallying", until nobody asks any more.
#[test]
fn the_last_ack_is_said_again() {
    let mut stage = Stage::window(2);
    assert_eq!((stage.blocks([1]), stage.data(2, 3)), (String::new(), "2".to_owned()));
    assert!(!stage.receiver.over());
    assert_eq!(
        (stage.data(1, 8), stage.data(2, 3), stage.data(3, 0)),
        (String::new(), "2".into(), String::new())
    );
    assert_eq!((stage.waits(), stage.receiver.over()), (String::new(), true));
    assert_eq!((stage.data(2, 3), stage.receiver.deadline()), (String::new(), None));
    assert_eq!(stage.got.len(), 11);
}

/// A peer that asks for it for ever is not listened to for ever.
#[test]
fn dallying_is_bounded() {
    let mut stage = Stage::window(1);
    stage.data(1, 0);
    assert_eq!((0..20).filter(|_| stage.data(1, 0) == "1").count(), 10);
    stage.waits();
    assert!(stage.receiver.over());
}

/// The last block is acknowledged when it is safe; if it cannot be stored, that is what is said.
#[test]
fn a_full_disk_at_the_end() {
    let mut stage = Stage::window(1);
    let Taken::Last(b"x") = stage.receiver.receive(b"\0\x03\0\x01x", stage.now) else {
        panic!("not the last block")
    };
    assert_eq!(stage.receiver.deadline(), None);
    stage.receiver.fail(Code::Full, "no space left");
    assert_eq!(stage.sends(), "ERROR 3");
    assert!(stage.receiver.over());
}

#[test]
fn silence_is_given_up() {
    let mut stage = Stage::window(4);
    stage.blocks([1, 2]);
    for _ in 0..10 {
        assert_eq!(stage.waits(), "2");
        // Old blocks are no progress.
        stage.data(1, 8);
    }
    assert_eq!((stage.waits(), stage.receiver.end()), (String::new(), Some(&End::GivenUp)));
}

/// RFC 1350 section 7: an ERROR is not answered, not even by the ACK that was due before it came.
#[test]
fn an_error_behind_a_block() {
    let mut stage = Stage::window(1);
    let _ = stage.receiver.receive(b"\0\x03\0\x01eightlet", stage.now);
    assert!(stage.receiver.unsent().is_some());
    let _ = stage.receiver.receive(&error(Code::Full, "full"), stage.now);
    assert!(stage.receiver.unsent().is_none() && stage.receiver.over());
}

/// A peer that repeats itself is alive, and yet nothing comes of it.
#[test]
fn a_peer_that_repeats_itself_is_given_up() {
    let mut stage = Stage::window(1);
    stage.data(1, 8);
    for _ in 0..700 {
        stage.now += Duration::from_millis(100);
        stage.receiver.expire(stage.now);
        stage.data(1, 8);
    }
    assert_eq!(stage.receiver.end(), Some(&End::GivenUp));
}

/// RFC 1350 section 7; a block may be short, but not longer than agreed.
#[test]
fn illegal_packets() {
    let oversized = [b"\0\x03\0\x01", &[0; 9][..]].concat();
    for bad in [
        &b""[..],
        b"\0\x03\0",
        b"\0\x09\0\0",
        b"\0\x04\0\x01",
        b"\0\x01f\0octet\0",
        b"\0\x06",
        &oversized,
    ] {
        let mut stage = Stage::window(1);
        assert_eq!(stage.gets(bad), "ERROR 4", "{bad:?}");
        assert_eq!((stage.gets(bad), stage.data(1, 8)), (String::new(), String::new()));
        assert!(stage.receiver.over() && stage.got.is_empty());
    }
}

/// A sender that has missed nothing but lost a block repeats it by time alone (RFC 1123 section
/// 4.2.3.1), and many count that time anew whenever they hear the same ACK: so it is said again soon
/// once, and then a sender that waits for five seconds has the word.
#[test]
fn a_sender_is_left_time_to_repeat_what_was_lost() {
    let mut stage = Stage::window(1);
    assert_eq!(stage.data(1, 8), "1");
    assert_eq!(stage.waits(), "1");
    for _ in 0..3 {
        let pause = stage.receiver.deadline().unwrap() - stage.now;
        assert!(pause > Duration::from_secs(5), "{pause:?}");
        assert_eq!(stage.waits(), "1");
    }
    assert_eq!(stage.data(2, 8), "2");
    let pause = stage.receiver.deadline().unwrap() - stage.now;
    assert!(pause < Duration::from_secs(5), "{pause:?}");
}

/// The pause is what was agreed (RFC 2349), and the sender is given two of them when it has to repeat.
#[test]
fn the_pause_that_was_agreed() {
    let timeout = Some(Duration::from_secs(7));
    let agreed = Agreed { blksize: 8, timeout, ..Agreed::default() };
    let mut stage = Stage::of(Receiver::answer(Accepted { agreed, oack: None }, Timing::default()));
    for pauses in [1, 2, 2] {
        stage.sends();
        let pause = stage.receiver.deadline().unwrap() - stage.now;
        assert_eq!(pause, pauses * Duration::from_secs(7));
        stage.now += pause;
        stage.receiver.expire(stage.now);
    }
    stage.data(1, 0);
    assert_eq!(stage.receiver.deadline().unwrap() - stage.now, Duration::from_secs(14));
}
