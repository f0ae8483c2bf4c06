//! Standard input in an event loop: a terminal, a pipe, a file, /dev/null, on all back ends.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::fs::File;
use std::io::Write as _;
use std::os::fd::AsFd;

use common::{Watch, on_all_back_ends};
use multiplex::{Backend, Deadline, Fill, LineSource, Ready, Token};
use sockets::framing;

on_all_back_ends!(
    two_lines_in_one_write_are_two_lines,
    a_file_is_read_to_its_end,
    nothing_is_an_end,
    a_line_too_long_costs_only_itself,
    a_terminal_gives_lines_and_an_end,
);

const LIMIT: usize = 64;

/// The loop that a program would write: wait, read once, take out all lines; to the end.
fn read_all(backend: Backend, file: impl AsFd) -> Vec<String> {
    let mut watch = Watch::new(backend);
    let mut source = LineSource::new(file, LIMIT);
    source.register(&mut *watch.0, Token(0)).unwrap();
    let mut lines = Vec::new();
    loop {
        let ready = source.is_always_ready();
        let deadline = if ready { Deadline::Now } else { Deadline::after(testkit::LIMIT) };
        let events = watch.wait(deadline);
        assert!(ready || !events.is_empty(), "it never became readable");
        let fill = source.fill().unwrap();
        loop {
            match source.next_line() {
                Ok(Some(line)) => lines.push(String::from_utf8(line.to_vec()).unwrap()),
                Ok(None) => break,
                Err(error) => lines.push(error.to_string()),
            }
        }
        if fill == Fill::End {
            lines.extend(
                source.last_line().unwrap().map(|l| String::from_utf8(l.to_vec()).unwrap()),
            );
            source.remove(&mut *watch.0).unwrap();
            assert!(!source.is_always_ready());
            assert_eq!(watch.ready(), [], "the end does not wake anybody again");
            return lines;
        }
    }
}

fn two_lines_in_one_write_are_two_lines(backend: Backend) {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let mut watch = Watch::new(backend);
    let mut source = LineSource::new(&reader, LIMIT);
    source.register(&mut *watch.0, Token(3)).unwrap();
    assert!(!source.is_always_ready());
    assert_eq!(watch.ready(), []);
    writer.write_all(b"one\ntwo\nthr").unwrap();
    assert_eq!(watch.ready(), [(3, Ready::READABLE)]);
    assert_eq!(source.fill().unwrap(), Fill::More);
    assert_eq!(watch.ready(), [], "the kernel has nothing any more, but the source has");
    assert_eq!(source.next_line().unwrap().unwrap(), "one");
    assert_eq!(source.next_line().unwrap().unwrap(), "two");
    assert_eq!(source.next_line().unwrap(), None);
    source.remove(&mut *watch.0).unwrap();
    writer.write_all(b"ee\nfour").unwrap();
    assert_eq!(watch.ready(), []);
    source.register(&mut *watch.0, Token(4)).unwrap();
    assert_eq!(watch.ready(), [(4, Ready::READABLE)]);
    drop(writer);
    assert_eq!(source.fill().unwrap(), Fill::More);
    assert_eq!(source.next_line().unwrap().unwrap(), "three");
    assert_eq!(source.next_line().unwrap(), None);
    assert_eq!(source.fill().unwrap(), Fill::End);
    assert_eq!(source.last_line().unwrap().unwrap(), "four");
    assert_eq!(source.last_line().unwrap(), None);
}

fn a_file_is_read_to_its_end(backend: Backend) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("lines");
    // More than one read's worth, and no newline at the end.
    let text: Vec<_> = (0..2000).map(|n| format!("line {n}")).collect();
    std::fs::write(&path, text.join("\n")).unwrap();
    assert_eq!(read_all(backend, File::open(&path).unwrap()), text);
}

fn nothing_is_an_end(backend: Backend) {
    assert_eq!(read_all(backend, File::open("/dev/null").unwrap()), [""; 0]);
}

fn a_line_too_long_costs_only_itself(backend: Backend) {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let long = "x".repeat(LIMIT + 1);
    writer.write_all(format!("a\n{long}\nb\n").as_bytes()).unwrap();
    drop(writer);
    let complaint = framing::Error::TooLong { limit: LIMIT }.to_string();
    assert_eq!(read_all(backend, reader), ["a", &complaint, "b"]);
}

fn a_terminal_gives_lines_and_an_end(backend: Backend) {
    let (mut pty, terminal) = match testkit::pty::Pty::open() {
        Ok(pty) => {
            let terminal = pty.terminal().unwrap();
            (pty, terminal)
        }
        Err(error) => testkit::skip!("no pseudo-terminal here: {error}"),
    };
    // Ctrl-D on an empty line is the end; what the line discipline edits never arrives.
    pty.press("hellp\x7fo\ntwo\n\x04").unwrap();
    assert_eq!(read_all(backend, terminal), ["hello", "two"]);
}
