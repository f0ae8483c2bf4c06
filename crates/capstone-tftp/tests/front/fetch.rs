//! list and get, as scripts use them.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt as _;

use crate::common::{Here, Server, tftp};

#[test]
fn a_list_is_a_line_for_each_file_and_harmless() {
    let server = Server::start();
    for name in [&b"b"[..], b"a", b"e\x1b[2J\nvil", "文件".as_bytes(), b"no\xfftext", b".hidden"]
    {
        fs::write(server.folder.path().join(OsStr::from_bytes(name)), name).unwrap();
    }
    fs::create_dir(server.path("folder")).unwrap();
    let listed = tftp(&["list", &server.address()]).run();
    listed.succeeded();
    let lines = [
        "           1  a",
        "           1  b",
        "           9  e␛[2J␊vil",
        "           7  no\u{fffd}text",
        "           6  文件",
    ];
    assert_eq!(listed.stdout.lines().collect::<Vec<_>>(), lines);
}

#[test]
fn a_file_comes_under_its_own_name_or_another() {
    let (server, here) = (Server::start(), Here::new());
    fs::create_dir(server.path("folder")).unwrap();
    fs::create_dir(here.path("into")).unwrap();
    fs::write(server.path("folder/文件"), "hello").unwrap();
    let at = server.address();
    here.run(&["get", &at, "folder/文件"]).succeeded();
    here.run(&["get", &at, "/folder/文件", "other"]).succeeded();
    here.run(&["get", &at, "folder/文件", "into"]).succeeded();
    for path in ["文件", "other", "into/文件"] {
        assert_eq!(fs::read(here.path(path)).unwrap(), b"hello", "{path}");
    }
    fs::write(server.path("empty"), "").unwrap();
    here.run(&["get", &at, "empty"]).succeeded();
    assert_eq!(fs::read(here.path("empty")).unwrap(), b"");
    let shown = here.run(&["get", &at, "folder/文件", "-"]);
    shown.succeeded();
    assert_eq!(shown.stdout, "hello");
    assert_eq!(here.names(), ["empty", "into", "other", "文件"]);
}

#[test]
fn a_file_that_is_here_stays_unless_somebody_says_otherwise() {
    let (server, here) = (Server::start(), Here::new());
    let at = server.address();
    fs::write(server.path("a"), "theirs").unwrap();
    for args in [&["get", &at, "a"][..], &["get", &at, "a", "b"]] {
        let local = args.last().unwrap();
        fs::write(here.path(local), "mine").unwrap();
        here.run(args).failed(1, "there is a file of that name here, which only --overwrite");
        assert_eq!(fs::read(here.path(local)).unwrap(), b"mine");
    }
    fs::create_dir(here.path("c")).unwrap();
    fs::create_dir(here.path("c/a")).unwrap();
    here.run(&["get", "--overwrite", &at, "a", "c"]).failed(1, "a directory of that name");
    here.run(&["get", "--overwrite", &at, "a"]).succeeded();
    assert_eq!(fs::read(here.path("a")).unwrap(), b"theirs");
    assert_eq!(here.names(), ["a", "b", "c"]);
}

#[test]
fn a_servers_name_leads_nowhere_else() {
    let (server, here) = (Server::start(), Here::new());
    let at = server.address();
    fs::write(server.path("a"), "x").unwrap();
    let inside = here.path("inside");
    fs::create_dir(&inside).unwrap();
    for name in ["..", "../", "a/..", ""] {
        tftp(&["get", &at, name]).in_dir(&inside).run().failed(1, "no name that a file here");
    }
    tftp(&["get", &at, "../a"]).in_dir(&inside).run().failed(1, "'../a'");
    assert_eq!(here.names(), ["inside"]);
    assert!(crate::common::names(&inside).is_empty());
}

#[test]
fn what_goes_wrong_names_the_file_and_the_reason() {
    let (server, here) = (Server::start(), Here::new());
    let at = server.address();
    fs::create_dir(server.path("folder")).unwrap();
    fs::write(server.path("a"), "x").unwrap();
    here.run(&["get", &at, "nothing"]).failed(1, "'nothing': there is no such file");
    here.run(&["get", &at, "folder"]).failed(1, "'folder': this is not an ordinary file");
    here.run(&["get", &at, "no\x1b[2J"]).failed(1, "'no␛[2J': there is no such file");
    here.run(&["get", &at, &"n".repeat(5000)]).failed(1, "the name is too long");
    here.run(&["get", &at, "a", "nowhere/a"]).failed(1, "'a': ");
    assert!(here.names().is_empty());
}

#[test]
fn a_reader_that_has_gone_is_no_failure() {
    let server = Server::with_big();
    let at = server.address();
    for args in [&["list", &at][..], &["get", &at, "big", "-"]] {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let finished = tftp(args).stdout(writer).run();
        assert!(finished.status.success() && finished.stderr.is_empty(), "{finished:#?}");
    }
    server.end();
}

#[test]
fn without_a_terminal_nothing_but_the_file_is_shown() {
    let (server, here) = (Server::with_big(), Here::new());
    here.run(&["get", &server.address(), "big"]).succeeded();
    assert!(fs::read(here.path("big")).unwrap() == crate::common::big());
}
