//! RFC 1350 section 7: how a transfer ends before its time.

use capstone_tftp::tftp::End;
use capstone_tftp::tftp::options::Agreed;
use capstone_tftp::tftp::packet::Code;

use super::Stage;

/// RFC 1350 section 7: a packet that delay or duplication cannot explain is answered by ERROR 4, once,
/// and ends the transfer.
#[test]
fn illegal_packets() {
    for bad in [
        &b""[..],
        b"\0\x04",
        b"\0\x09\0\0",
        b"\0\x03\0\x01x",
        b"\0\x02f\0octet\0",
        b"\0\x06",
        b"\0\x06x\0",
    ] {
        let mut stage = Stage::new(Agreed::default(), &[7; 5000]);
        stage.sends();
        assert_eq!(stage.gets(bad), "ERROR 4", "{bad:?}");
        assert!(matches!(stage.sender.end(), Some(End::Failed { code: Code::Illegal, .. })));
        assert_eq!((stage.gets(bad), stage.ack(1)), (String::new(), String::new()));
        assert!(stage.sender.over());
    }
}

/// RFC 1350 section 7: an ERROR ends it, and is not answered.
#[test]
fn an_error_in_the_middle() {
    let mut stage = Stage::new(Agreed::default(), &[7; 5000]);
    stage.sends();
    assert_eq!(stage.gets(b"\0\x05\0\x03full\x1b[2J\0"), "");
    assert_eq!(stage.sender.end().unwrap().to_string(), "full\\u{1b}[2J");
    assert!(stage.sender.over());
}

/// What a driver says goes out as an ERROR.
#[test]
fn a_file_that_cannot_be_read() {
    let mut stage = Stage::new(Agreed::default(), &[7; 5000]);
    stage.sends();
    stage.sender.fail(Code::NotDefined, "the disk is broken");
    assert!(!stage.sender.over());
    assert_eq!(stage.sends(), "ERROR 0");
    assert!(stage.sender.over());
}
