//! RFC 2347: how a transfer opens, on both sides.

use std::time::{Duration, Instant};

use capstone_tftp::tftp::options::{Accepted, Agreed, Ask};
use capstone_tftp::tftp::packet::{Code, Mode, ack, error, oack};
use capstone_tftp::tftp::{End, Sender, Timing};

use super::Stage;

/// RFC 2347: a server's OACK is repeated until ACK 0 comes, and no DATA before.
#[test]
fn an_oack_waits_for_ack_0() {
    let accepted = Accepted { agreed: Agreed::default(), oack: Some(oack(b"tsize\x009\0")) };
    let sender = Sender::answer(accepted, Timing::default());
    let mut stage = Stage { sender, file: &[7; 9], now: Instant::now() };
    assert_eq!(stage.sends(), "OACK");
    assert_eq!(stage.ack(1), "");
    assert_eq!(stage.waits().0, "OACK");
    assert_eq!(stage.ack(0), "1");
    assert_eq!(stage.ack(0), "");
}

/// RFC 2347: a client refuses by ERROR 8, which is the end.
#[test]
fn a_refused_oack() {
    let accepted = Accepted { agreed: Agreed::default(), oack: Some(oack(b"tsize\x009\0")) };
    let sender = Sender::answer(accepted, Timing::default());
    let mut stage = Stage { sender, file: &[7; 9], now: Instant::now() };
    stage.sends();
    assert_eq!(stage.gets(&error(Code::Options, "no")), "");
    let words = "no".to_owned();
    assert_eq!(stage.sender.end(), Some(&End::Refused { code: 8, words }));
}

fn client(file: &[u8], ask: Ask) -> Stage<'_> {
    let sender = Sender::ask(b"name", Mode::Octet, &ask, Timing::default()).unwrap();
    Stage { sender, file, now: Instant::now() }
}

const BLKSIZE: Ask = Ask { blksize: Some(8), windowsize: Some(2), timeout: None, tsize: None };

/// A WRQ is answered by an OACK, or by ACK 0 from a server that knows no options.
#[test]
fn a_client_opens() {
    let mut stage = client(&[7; 20], BLKSIZE);
    assert_eq!((stage.sends(), stage.sender.opened()), ("WRQ".to_owned(), false));
    assert_eq!(stage.waits().0, "WRQ");
    assert_eq!(stage.gets(&oack(b"blksize\x008\0windowsize\x002\0")), "1 2");
    assert!(stage.sender.opened());
    // The answer to the repeated WRQ.
    assert_eq!(stage.gets(&oack(b"blksize\x008\0windowsize\x002\0")), "");
    assert_eq!(stage.ack(2), "3");

    let mut stage = client(&[7; 600], BLKSIZE);
    stage.sends();
    assert_eq!(stage.ack(0), "1");
    assert_eq!(stage.sender.agreed(), &Agreed::default());
    assert_eq!(stage.ack(1), "2");
}

/// RFC 2349: what a client asked for is in force when the server has said so.
#[test]
fn a_client_keeps_the_timeout() {
    let mut stage = client(&[7; 20], Ask { timeout: Some(3), ..Ask::default() });
    stage.sends();
    assert_eq!(stage.waits(), ("WRQ".to_owned(), Duration::from_secs(1)));
    assert_eq!(stage.gets(&oack(b"timeout\x003\0")), "1");
    assert_eq!(stage.waits(), ("1".to_owned(), Duration::from_secs(3)));
    assert_eq!(stage.waits(), ("1".to_owned(), Duration::from_secs(3)));
}

#[test]
fn a_client_refuses_an_oack() {
    let mut stage = client(&[7; 20], BLKSIZE);
    stage.sends();
    assert_eq!(stage.gets(&oack(b"blksize\x009\0")), "ERROR 8");
    assert!(stage.sender.opened(), "the ERROR goes to whom sent the OACK");
    assert!(matches!(stage.sender.end(), Some(End::Failed { code: Code::Options, .. })));
}

/// While nobody has answered, noise is nobody's word; an ERROR is the server's.
#[test]
fn noise_before_the_answer() {
    let mut stage = client(&[7; 20], BLKSIZE);
    stage.sends();
    for noise in [&b"hello"[..], b"", b"\0\x03\0\x01", b"\0\x01f\0octet\0", &ack(7)] {
        assert_eq!(stage.gets(noise), "");
        assert!(!stage.sender.opened());
    }
    stage.gets(&error(Code::Exists, ""));
    assert_eq!(stage.sender.end().unwrap().to_string(), "file already exists");
}
