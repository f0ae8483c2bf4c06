//! What arrives, and what a sender is told.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;

use testkit::{Program, Running, need, peer, skip};

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
fn files_of_every_size_arrive() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut receiver = receiver(to.path());
    let address = receiver.addr().to_string();
    for (name, size) in [("empty", 0), ("one", 1), ("three MiB", 3 << 20)] {
        let content: Vec<u8> = (0..size).map(|n: u32| n.to_le_bytes()[1]).collect();
        let path = from.path().join(name);
        fs::write(&path, &content).unwrap();
        let done = Program::new(PROGRAM).args(["send", &address, path.to_str().unwrap()]).run();
        done.succeeded();
        assert!(done.stdout.starts_with(&format!("{size} bytes sent, CRC-32 ")), "{done:?}");
        // The answer comes behind the rename.
        assert!(fs::read(to.path().join(name)).unwrap() == content, "{name}");
        receiver.line(&format!("{name:?}, {size} bytes"));
    }
    assert_eq!(names(to.path()), ["empty", "one", "three MiB"]);
}

#[test]
fn a_file_of_the_same_name_is_replaced_whole() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut receiver = receiver(to.path());
    let (path, address) = (from.path().join("file"), receiver.addr().to_string());
    fs::write(to.path().join("file"), "the old and longer content").unwrap();
    fs::write(&path, "new").unwrap();
    Program::new(PROGRAM).args(["send", &address, path.to_str().unwrap()]).run().succeeded();
    assert_eq!(fs::read_to_string(to.path().join("file")).unwrap(), "new");
}

#[test]
fn while_it_comes_it_has_another_name() {
    let to = tempfile::tempdir().unwrap();
    let mut receiver = receiver(to.path());
    let mut sender = peer::connect(receiver.addr()).unwrap();
    sender.write_all(&header(b"file", 9)).unwrap();
    let mut go = [0; 3];
    sender.read_exact(&mut go).unwrap();
    assert_eq!(&go, b"go\n");
    let now = names(to.path());
    assert!(now.len() == 1 && now[0].starts_with(".incoming-"), "{now:?}");
    // "123456789" is what every CRC is checked with.
    sender.write_all(b"123456789\xcb\xf4\x39\x26").unwrap();
    sender.read_exact(&mut go).unwrap();
    assert_eq!(&go, b"ok\n");
    receiver.line("\"file\", 9 bytes, CRC-32 cbf43926");
    assert_eq!(names(to.path()), ["file"]);
}

#[test]
fn python_sends_a_file() {
    if need::program("python3").is_none() {
        skip!("python3 is not installed");
    }
    let to = tempfile::tempdir().unwrap();
    let mut receiver = receiver(to.path());
    let script = "import socket, struct, sys, zlib\n\
        s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))\n\
        data = '文件'.encode() * 100000\n\
        s.sendall(struct.pack('!H', 6) + '数据'.encode() + struct.pack('!Q', len(data)))\n\
        assert s.recv(3, socket.MSG_WAITALL) == b'go\\n'\n\
        s.sendall(data + struct.pack('!I', zlib.crc32(data)))\n\
        assert s.recv(3, socket.MSG_WAITALL) == b'ok\\n'";
    let port = receiver.addr().port().to_string();
    Program::new("python3").args(["-c", script, &port]).run().succeeded();
    assert_eq!(fs::read_to_string(to.path().join("数据")).unwrap(), "文件".repeat(100_000));
}

#[test]
fn a_sender_is_told_when_it_failed() {
    let dir = tempfile::tempdir().unwrap();
    let hidden = dir.path().join(".hidden");
    fs::write(&hidden, "x").unwrap();
    let mut receiver = receiver(dir.path());
    let address = receiver.addr().to_string();
    let send = |file: &str| Program::new(PROGRAM).args(["send", &address, file]).run();
    send(hidden.to_str().unwrap()).failed(1, "no: the name begins with a dot");
    send("/dev/null").failed(1, "is no ordinary file");
    send(dir.path().to_str().unwrap()).failed(1, "is no ordinary file");
    send("no such file").failed(1, "No such file or directory");
}

/// It takes the file, and vanishes before it says that it has it.
#[test]
fn a_sender_does_not_believe_its_own_kernel() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "text").unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let sender = Program::new(PROGRAM).args(["send", &address, file.to_str().unwrap()]).spawn();
    let (mut stream, _) = listener.accept().unwrap();
    stream.write_all(b"go\n").unwrap();
    stream.read_exact(&mut vec![0; header(b"file", 4).len() + 8]).unwrap();
    drop(stream);
    sender.wait().failed(1, "the receiver has gone");
}
