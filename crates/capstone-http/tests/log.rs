//! The access log's file fails, and recovers.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use capstone_http::log::AccessLog;
use nix::fcntl::{FcntlArg, OFlag, fcntl};

/// Without room for lines, as a full disk is, until it is read from.
#[test]
fn trouble_is_told_once_and_so_is_its_end() {
    let (mut reader, writer) = io::pipe().unwrap();
    fcntl(&writer, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).unwrap();
    let (say, said) = channel();
    let tell = move |written: Result<u64, &io::Error>| {
        say.send(written.map_err(io::Error::kind)).unwrap();
    };
    let log = AccessLog::behind(File::from(OwnedFd::from(writer)), tell).unwrap();
    // More than a pipe takes.
    let line = [&[b'x'; 999][..], b"\n"].concat();
    (0..200).for_each(|_| assert!(log.push(&line)));
    assert_eq!(said.recv().unwrap(), Err(io::ErrorKind::WouldBlock));
    let reader = thread::spawn(move || {
        let mut text = String::new();
        reader.read_to_string(&mut text).unwrap();
        text
    });
    let lost = loop {
        log.push(b"again\n");
        if let Ok(told) = said.recv_timeout(Duration::from_millis(100)) {
            break told.unwrap();
        }
    };
    assert_eq!(lost, log.lost());
    assert!(lost > 0);
    drop(log);
    assert!(reader.join().unwrap().ends_with("again\n"));
}
