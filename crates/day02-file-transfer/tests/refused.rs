//! What a receiver must not believe, and what then stays in the directory: nothing.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;

use testkit::{Program, Running, peer};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day02-file-transfer");

fn receiver(dir: &Path) -> Running {
    let args = ["receive", "127.0.0.1:0", dir.to_str().unwrap()];
    Program::new(PROGRAM).args(args).spawn()
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn header(name: &[u8], length: u64) -> Vec<u8> {
    let size = u16::try_from(name.len()).unwrap();
    [&size.to_be_bytes()[..], name, &length.to_be_bytes()].concat()
}

#[test]
fn a_transfer_that_breaks_leaves_nothing() {
    let to = tempfile::tempdir().unwrap();
    let mut receiver = receiver(to.path());
    let address = receiver.addr();
    fs::write(to.path().join("file"), "old").unwrap();
    // Cut at every place: in the header, between, in the content, in the checksum.
    let whole = [&header(b"file", 3)[..], b"new", &[0; 4]].concat();
    for end in 0..whole.len() {
        let mut sender = peer::connect(address).unwrap();
        sender.write_all(&whole[..end]).unwrap();
        drop(sender);
        receiver.line("nothing received");
    }
    // And by a RST, in the middle of the content.
    let mut sender = peer::connect(address).unwrap();
    sender.write_all(&header(b"file", 1000)).unwrap();
    sender.read_exact(&mut [0; 3]).unwrap();
    sender.write_all(b"a part").unwrap();
    peer::reset(sender).unwrap();
    receiver.line("nothing received");
    assert_eq!(names(to.path()), ["file"]);
    assert_eq!(fs::read_to_string(to.path().join("file")).unwrap(), "old");
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let outside = tempfile::tempdir().unwrap();
    let to = outside.path().join("dir");
    fs::create_dir_all(to.join("sub")).unwrap();
    let mut receiver = receiver(&to);
    let address = receiver.addr();
    let absolute = outside.path().join("evil");
    let long = [b'x'; 256];
    for name in [
        &b"../evil"[..],
        b"..",
        b".",
        b"",
        b"sub/evil",
        b"/",
        b".profile",
        b"a\0b",
        b"a\x1b[2Jb",
        b"caf\xe9",
        &long,
        absolute.to_str().unwrap().as_bytes(),
    ] {
        let mut sender = peer::connect(address).unwrap();
        sender.write_all(&header(name, 4)).unwrap();
        let mut answer = String::new();
        sender.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("no: the name "), "{name:?}: {answer}");
        receiver.line("nothing received: the name ");
    }
    // A directory is not replaced.
    let mut sender = peer::connect(address).unwrap();
    sender.write_all(&[&header(b"sub", 0)[..], &[0; 4]].concat()).unwrap();
    let mut answer = String::new();
    sender.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("go\nno: Is a directory"), "{answer}");
    assert_eq!(names(&to), ["sub"]);
    assert_eq!(names(outside.path()), ["dir"]);
}

#[test]
fn a_wrong_checksum_and_a_huge_length_are_refused() {
    let to = tempfile::tempdir().unwrap();
    let mut receiver = receiver(to.path());
    let address = receiver.addr();
    for (message, said) in [
        ([&header(b"file", 4)[..], b"text\0\0\0\0"].concat(), "go\nno: the checksum is wrong\n"),
        (header(b"file", (1 << 30) + 1), "no: 1073741825 bytes are too much"),
    ] {
        let mut sender = peer::connect(address).unwrap();
        sender.write_all(&message).unwrap();
        let mut answer = String::new();
        sender.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with(said), "{answer}");
    }
    assert_eq!(names(to.path()), [""; 0]);
}
