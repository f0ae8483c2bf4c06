//! RFC 2347: how a transfer opens, on both sides.

use capstone_tftp::tftp::options::{Accepted, Agreed, Ask};
use capstone_tftp::tftp::packet::{Code, Mode, error, oack};
use capstone_tftp::tftp::{End, Receiver, Timing};

use super::Stage;

/// A server repeats what opened the transfer until DATA 1 comes.
#[test]
fn a_server_opens() {
    let agreed = Agreed { blksize: 8, ..Agreed::default() };
    let accepted = Accepted { agreed, oack: Some(oack(b"blksize\x008\0")) };
    let mut stage = Stage::of(Receiver::answer(accepted, Timing::default()));
    assert_eq!((stage.sends(), stage.waits()), ("OACK".to_owned(), "OACK".to_owned()));
    assert_eq!((stage.data(2, 8), stage.data(0, 8)), (String::new(), String::new()));
    assert_eq!(stage.data(1, 8), "1");
    let mut stage = Stage::window(1);
    assert_eq!(
        (stage.waits(), stage.data(1, 8), stage.waits()),
        ("0".into(), "1".into(), "1".into())
    );
}

fn client() -> Stage {
    let ask = Ask { blksize: Some(8), tsize: Some(0), ..Ask::default() };
    Stage::of(Receiver::ask(b"name", Mode::Octet, &ask, Timing::default()).unwrap())
}

/// An RRQ is answered by an OACK, which ACK 0 confirms, again if it was lost.
#[test]
fn a_client_opens_with_options() {
    let mut stage = client();
    assert_eq!(
        (stage.sends(), stage.waits(), stage.receiver.opened()),
        ("RRQ".into(), "RRQ".into(), false)
    );
    let answer = oack(b"tsize\x0011\0blksize\x008\0");
    assert_eq!((stage.gets(&answer), stage.receiver.opened()), ("0".to_owned(), true));
    assert_eq!(stage.receiver.agreed().tsize, Some(11));
    assert_eq!((stage.gets(&answer), stage.waits()), ("0".to_owned(), "0".to_owned()));
    assert_eq!(stage.data(1, 8), "1");
    assert_eq!(stage.gets(&answer), "", "a late one");
    assert_eq!(stage.data(2, 3), "2");
}

/// RFC 2347: a server that knows no options answers by DATA 1, of 512 bytes.
#[test]
fn a_client_opens_without() {
    let mut stage = client();
    stage.sends();
    assert_eq!((stage.data(2, 512), stage.receiver.opened()), (String::new(), false));
    assert_eq!((stage.data(1, 512), stage.receiver.opened()), ("1".to_owned(), true));
    assert_eq!(stage.receiver.agreed(), &Agreed::default());
}

#[test]
fn a_client_refuses_an_oack() {
    let mut stage = client();
    stage.sends();
    assert_eq!(stage.gets(&oack(b"windowsize\x001\0")), "ERROR 8");
    assert!(matches!(stage.receiver.end(), Some(End::Failed { code: Code::Options, .. })));
}

#[test]
fn a_file_that_is_not_there() {
    let mut stage = client();
    stage.sends();
    assert_eq!(stage.gets(&error(Code::NotFound, "")), "");
    assert_eq!(stage.receiver.end().unwrap().to_string(), "file not found");
    assert!(stage.receiver.over());
}
