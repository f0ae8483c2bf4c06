//! The real TFTP's server: whatever its calls meet, each of its clients has the right bytes in the
//! end, because what is lost is said again; and what cannot be mended is one client's ERROR.

use std::net::SocketAddr;
use std::thread;

use capstone_tftp::client::udp::{Error, Options};
use capstone_tftp::tftp::End;
use capstone_tftp::tftp::options::Ask;
use testkit::faults::{Fault, survives};

use super::common::{get, options, put};
use super::{SOCKET, content, fails, program};

const CLIENTS: usize = 4;

/// Lockstep, and windows that go out as segments; blocks that are too long for these.
fn asks() -> [Ask; 3] {
    let ask = |blksize, windowsize| Ask {
        blksize: Some(blksize),
        windowsize: Some(windowsize),
        timeout: None,
        tsize: Some(0),
    };
    [Ask::default(), ask(1000, 8), ask(40_000, 2)]
}

/// One of everything.
fn talk(at: SocketAddr, number: usize, file: &[u8]) -> Result<(), Error> {
    for (turn, ask) in asks().into_iter().enumerate() {
        let options = Options { ask, ..options() };
        assert!(get(at, "file", &options)? == file, "another file with {ask:?}");
        let (name, own) = (format!("put{number}-{turn}"), &file[..20_000 + number]);
        put(at, &name, &options, own)?;
        assert!(get(at, &name, &options)? == own, "another upload with {ask:?}");
    }
    let nothing = get(at, "nowhere", &options());
    assert!(
        matches!(nothing, Err(Error::Ended(End::Refused { code: 1, .. } | End::GivenUp))),
        "{nothing:?}"
    );
    Ok(())
}

fn play(at: SocketAddr, file: &[u8]) -> Result<(), String> {
    thread::scope(|scope| {
        let all: Vec<_> =
            (0..CLIENTS).map(|number| scope.spawn(move || talk(at, number, file))).collect();
        all.into_iter().try_for_each(|one| {
            one.join().map_err(|_| "a client has other bytes")?.map_err(|error| error.to_string())
        })
    })
}

fn survive(faults: Vec<Fault>) {
    turning_away(0, faults);
}

/// So many requests are not heard, and asked again.
fn turning_away(requests: u32, faults: Vec<Fault>) {
    serve(faults, |at, file| play(at, file).map(|()| requests));
}

fn serve(faults: Vec<Fault>, play: impl FnOnce(SocketAddr, &[u8]) -> Result<u32, String>) {
    let file = content(100_000);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), &file).unwrap();
    let args = ["serve", folder.path().to_str().unwrap(), "--udp", "127.0.0.1:0"];
    // A request that is repeated late may find its upload done, and its file there.
    let args = [&args[..], &["--overwrite", "--log", "warn"]].concat();
    survives(&program("serve --udp"), &args, faults, |at| play(at, &file));
}

#[test]
fn interrupted_waits_and_calls() {
    survive(vec![fails("@wait", libc::EINTR).every(2), fails("sendmmsg", libc::EINTR).every(2)]);
    // A transfer that is alone sleeps at its own socket.
    let faults = vec![fails("@read", libc::EINTR).fd(SOCKET).every(2)];
    serve(faults, |at, file| talk(at, 0, file).map_err(|error| error.to_string()).map(|()| 0));
}

/// One client hears of it, and the next one of nothing.
#[test]
fn a_file_that_cannot_be_read() {
    serve(vec![fails("readv", libc::EIO).nth(2)], |at, file| {
        let error = get(at, "file", &options()).map(|_| "it has a file").unwrap_err();
        let Error::Ended(End::Refused { code: 0, words }) = &error else {
            return Err(error.to_string());
        };
        assert_eq!(words, "the file cannot be read");
        assert!(get(at, "file", &options()).map_err(|error| error.to_string())? == file);
        Ok(0)
    });
}

#[test]
fn receives_that_find_nothing() {
    survive(vec![fails("@read", libc::EAGAIN).fd(SOCKET).every(2)]);
}

/// ECONNREFUSED: somebody has gone, says ICMP. It is no reason to stop to listen.
#[test]
fn receives_that_fail() {
    for errno in [libc::ECONNREFUSED, libc::ENOMEM, libc::ENETDOWN] {
        survive(vec![fails("@read", errno).fd(SOCKET).every(3)]);
    }
}

#[test]
fn sends_without_room() {
    survive(vec![
        fails("@write", libc::EAGAIN).fd(SOCKET).every(2),
        fails("sendmmsg", libc::EAGAIN).every(2),
    ]);
}

/// What was not sent is lost like anything on the way.
#[test]
fn sends_that_fail() {
    for errno in [libc::ENOBUFS, libc::ENOMEM, libc::ECONNREFUSED, libc::EPERM] {
        survive(vec![
            fails("@write", errno).fd(SOCKET).nth(5).every(9),
            fails("sendmmsg", errno).nth(2).every(5),
        ]);
    }
}

/// The kernel or the network card cuts no segments, once or for good: the packets go one by one.
#[test]
fn no_segments() {
    for errno in [libc::EIO, libc::EINVAL, libc::EMSGSIZE] {
        survive(vec![fails("sendmsg", errno).every(1)]);
        survive(vec![fails("sendmsg", errno).every(3)]);
    }
}

/// A sandbox that knows no sendmmsg (seccomp(2)).
#[test]
fn no_sendmmsg() {
    survive(vec![fails("sendmmsg", libc::ENOSYS).every(1)]);
    survive(vec![fails("sendmmsg", libc::ENOSYS).every(1), fails("sendmsg", libc::EIO).every(1)]);
}

/// Who cannot be watched, or has no socket, asks again.
#[test]
fn no_memory_for_a_transfer() {
    turning_away(
        4,
        vec![
            // The listeners and the stop come first.
            fails("epoll_ctl", libc::ENOMEM).nth(9).every(4).times(4),
            fails("socket", libc::EMFILE).nth(5).every(3).times(4),
        ],
    );
}

#[test]
fn all_at_once() {
    survive(vec![
        fails("@wait", libc::EINTR).every(3),
        fails("@read", libc::EAGAIN).fd(SOCKET).every(5),
        fails("@read", libc::ECONNREFUSED).fd(SOCKET).nth(2).every(7),
        fails("@write", libc::EAGAIN).fd(SOCKET).every(4),
        fails("@write", libc::ENOBUFS).fd(SOCKET).nth(6).every(17),
        fails("sendmsg", libc::EIO).nth(3).every(2),
        fails("sendmmsg", libc::EAGAIN).every(3),
        fails("sendmmsg", libc::ENOMEM).nth(2).every(11),
    ]);
}
