//! The real TFTP's client: its file is the right one, or it says what went wrong and leaves none.

use std::fs;

use testkit::faults::{Fault, ends};

use super::common::Served;
use super::{SOCKET, content, fails, program};

/// Both ways, in lockstep and with windows.
fn survive(faults: impl Fn() -> Vec<Fault>) {
    let server = Served::start();
    let at = server.address.to_string();
    let bytes = content(40_000);
    let scratch = tempfile::tempdir().unwrap();
    let path = |name: &str| scratch.path().join(name).to_str().unwrap().to_owned();
    let (local, back) = (path("local"), path("back"));
    fs::write(&local, &bytes).unwrap();
    for how in [&["--plain"][..], &["--blksize", "1000", "--windowsize", "8"]] {
        for (way, files) in [("put", [&local, "file"]), ("get", ["file", &back])] {
            let args = [&[way, "--udp"], how, &[&at], &files].concat();
            let Some((status, said)) = ends(&program(way), &args, faults()) else { return };
            assert_eq!(status, 0, "{said}");
        }
        assert!(server.read("file") == bytes, "another upload");
        assert!(fs::read(&back).unwrap() == bytes, "another file");
        fs::remove_file(&back).unwrap();
    }
}

#[test]
fn interrupted_waits() {
    survive(|| vec![fails("@wait", libc::EINTR).every(2)]);
}

#[test]
fn receives_that_fail() {
    for errno in [libc::EAGAIN, libc::ECONNREFUSED, libc::ENOMEM] {
        survive(|| vec![fails("@read", errno).fd(SOCKET).every(3)]);
    }
}

#[test]
fn sends_that_fail() {
    for errno in [libc::EAGAIN, libc::ENOBUFS, libc::ENOMEM, libc::ECONNREFUSED] {
        survive(|| vec![fails("@write", errno).fd(SOCKET).nth(2).every(9)]);
    }
}
