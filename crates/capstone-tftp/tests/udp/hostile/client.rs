//! Servers that do what they must not, and our client.

use std::net::{SocketAddr, UdpSocket};
use std::thread::JoinHandle;

use capstone_tftp::client::udp::{Error, Options};
use capstone_tftp::tftp::End;
use capstone_tftp::tftp::options::Ask;

use super::super::common::{get, options, patient, put};
use super::super::raw::{Peer, numbered};

/// A client that gets `file` from whoever answers, and the peer that does.
fn getting(ask: Ask) -> (Peer, JoinHandle<Result<Vec<u8>, Error>>) {
    let (listener, address) = listener();
    let options = Options { ask, timing: patient(), ..options() };
    let client = std::thread::spawn(move || get(address, "file", &options));
    (answering(&listener), client)
}

fn putting(ask: Ask, bytes: &'static [u8]) -> (Peer, JoinHandle<Result<u64, Error>>) {
    let (listener, address) = listener();
    let options = Options { ask, timing: patient(), ..options() };
    let client = std::thread::spawn(move || put(address, "file", &options, bytes));
    (answering(&listener), client)
}

fn listener() -> (UdpSocket, SocketAddr) {
    let listener = UdpSocket::bind("127.0.0.1:0").unwrap();
    listener.set_read_timeout(Some(testkit::LIMIT)).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Another socket, for the one who has asked.
fn answering(listener: &UdpSocket) -> Peer {
    let (_, from) = listener.recv_from(&mut [0; 600]).unwrap();
    let peer = Peer::of(from);
    peer.tid.set(Some(from));
    peer
}

#[track_caller]
fn ended<T: std::fmt::Debug>(client: JoinHandle<Result<T, Error>>) -> End {
    match client.join().unwrap() {
        Err(Error::Ended(end)) => end,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_stranger_is_sent_away_and_the_file_is_right() {
    let (server, client) = getting(Ask::default());
    server.sends(1, &[1; 512]);
    server.hears_ack(1);
    let stranger = Peer::of(server.server);
    stranger.tid.set(server.tid.get());
    stranger.says(b"\0\x05\0\0I am nobody\0");
    stranger.sends(2, b"evil");
    stranger.hears_error(5);
    server.sends(2, b"good");
    server.hears_ack(2);
    assert_eq!(client.join().unwrap().unwrap(), [&[1; 512][..], b"good"].concat());
    stranger.has_heard_all();
}

/// Before anybody has answered, everybody of that machine may be the one; but not another machine.
#[test]
fn another_machine_is_not_the_server() {
    let (server, client) = getting(Ask::default());
    let other = UdpSocket::bind("127.0.0.7:0").unwrap();
    other.send_to(&numbered(3, 1, b"evil"), server.tid.get().unwrap()).unwrap();
    server.sends(1, b"good");
    server.hears_ack(1);
    assert_eq!(client.join().unwrap().unwrap(), b"good");
}

#[test]
fn what_was_not_asked_for_is_refused() {
    let ask = || Ask { blksize: Some(1024), windowsize: Some(4), ..Ask::default() };
    for oack in [
        "blksize\x002048\0",
        "blksize\x007\0",
        "blksize\0x\0",
        "windowsize\x005\0",
        "windowsize\x000\0",
        "timeout\x001\0",
        "tsize\x001\0",
        "x\0y\0",
        "blksize\x001024\0blksize\x001024\0",
    ] {
        let (server, client) = getting(ask());
        server.says(&[b"\0\x06", oack.as_bytes()].concat());
        server.hears_error(8);
        assert!(matches!(ended(client), End::Failed { .. }), "{oack:?}");
    }
}

#[test]
fn a_server_may_ignore_all_options_or_lower_them() {
    let ask = || Ask { blksize: Some(1024), windowsize: Some(4), tsize: Some(0), timeout: Some(2) };
    let (server, client) = getting(ask());
    server.sends(1, b"as ever");
    server.hears_ack(1);
    assert_eq!(client.join().unwrap().unwrap(), b"as ever");

    let (server, client) = getting(ask());
    server.says(b"\0\x06WINDOWSIZE\x002\0BlkSize\x008\0");
    server.hears_ack(0);
    server.sends(1, b"12345678");
    server.sends(2, b"90");
    server.hears_ack(2);
    assert_eq!(client.join().unwrap().unwrap(), b"1234567890");
}

#[test]
fn too_much_data_and_what_is_no_packet_is_an_error() {
    let too_long = numbered(3, 2, &[0; 513]);
    for packet in [&too_long[..], b"\0\x04\0\x01", b"\0\x09", b"", b"\0\x02a\0octet\0"] {
        let (server, client) = getting(Ask::default());
        server.sends(1, &[1; 512]);
        server.hears_ack(1);
        server.says(packet);
        server.hears_error(4);
        assert!(matches!(ended(client), End::Failed { .. }));
    }
}

/// What a server says is shown on a terminal.
#[test]
fn words_of_a_server_are_harmless() {
    let (server, client) = getting(Ask::default());
    server.says(b"\0\x05\0\x01\x1b[2Jno \xff\nfile\0");
    let end = ended(client);
    assert!(!end.to_string().contains(char::is_control), "{end}");
    assert!(matches!(end, End::Refused { code: 1, .. }));
}

#[test]
fn a_client_that_writes_is_no_apprentice_either() {
    let bytes: &[u8] = &[7; 1500];
    let (server, client) = putting(Ask::default(), bytes);
    for block in 0..3 {
        for old in (0..=block).rev() {
            server.acks(old);
        }
        server.acks(block + 1);
        let at = usize::from(block) * 512;
        assert!(server.hears_data(block + 1) == bytes[at..bytes.len().min(at + 512)]);
    }
    server.acks(3);
    assert_eq!(client.join().unwrap().unwrap(), 1500);
    server.has_heard_all();
}

#[test]
fn a_server_may_refuse_what_comes() {
    let (server, client) = putting(Ask::default(), &[7; 1500]);
    server.acks(0);
    server.hears_data(1);
    server.says(b"\0\x05\0\x03full\0");
    assert_eq!(ended(client), End::Refused { code: 3, words: "full".into() });
}
