//! Answers, and their order.

use std::io::{ErrorKind, Write as _};
use std::time::Duration;

use capstone_http::server::Model;

use crate::peer::{content, get};
use crate::start::start;

pub(crate) fn files_come_whole(model: Model) {
    let server = start(model);
    let mut peer = server.peer();
    for size in [0, 1, 1024, 16 << 10, (16 << 10) + 1, 3 << 20] {
        let file = content(size);
        server.write(&format!("f{size}"), &file);
        peer.gets(&format!("/f{size}"), &file);
        // From the cache this time, and by another spelling.
        peer.gets(&format!("/f{size}"), &file);
        peer.gets(&format!("/%66{size}?query"), &file);
    }
    peer.closes();
    peer.ends();
    assert_eq!(server.finish().done, 1);
}

pub(crate) fn head_says_what_get_would(model: Model) {
    let server = start(model);
    server.write("a.html", b"<p>");
    let mut peer = server.peer();
    for path in ["/a.html", "/", "/missing", "/metrics", "/echo/x"] {
        peer.says(get(path));
        let get = peer.hears();
        peer.says(format!("HEAD {path} HTTP/1.1\r\nHost: h\r\n\r\n"));
        let head = peer.hears_head();
        let without = |head: &str| {
            let lines = head.lines();
            let lines = lines.filter(|line| !line.starts_with("Date"));
            // The counters count, and what says the method is longer.
            let same = !["/metrics", "/echo/x"].contains(&path);
            let counted = move |line: &&str| same || !line.starts_with("Content-Length");
            lines.filter(counted).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(without(&get.head), without(&head.head));
        assert_eq!(get.status, head.status);
        assert!(head.field("Content-Length").is_some(), "{head:?}");
    }
    drop(peer);
    server.finish();
}

pub(crate) fn a_connection_goes_on_as_its_version_says(model: Model) {
    let server = start(model);
    server.write("a", b"hey");
    for (version, field, goes_on, said) in [
        ("1.1", "", true, None),
        ("1.1", "Connection: keep-alive\r\n", true, None),
        ("1.1", "Connection: x, Close\r\n", false, Some("close")),
        ("1.0", "", false, Some("close")),
        ("1.0", "Connection: Keep-Alive\r\n", true, Some("keep-alive")),
        ("1.0", "Connection: keep-alive, close\r\n", false, Some("close")),
    ] {
        let mut peer = server.peer();
        peer.says(format!("GET /a HTTP/{version}\r\nHost: h\r\n{field}\r\n"));
        let heard = peer.hears();
        assert_eq!((heard.status, &*heard.body), (200, &b"hey"[..]), "{version} {field}");
        assert_eq!(heard.field("Connection"), said, "{version} {field}");
        if goes_on {
            peer.gets("/a", b"hey");
        } else {
            peer.ends();
        }
    }
    server.finish();
}

pub(crate) fn pipelined_requests_are_answered_in_order(model: Model) {
    let server = start(model);
    let small: Vec<_> = (0..10).map(|n| content(n * 100)).collect();
    for (n, file) in small.iter().enumerate() {
        server.write(&format!("s{n}"), file);
    }
    let large = content(300_000);
    server.write("large", &large);
    let mut peer = server.peer();
    let (mut said, mut owed) = (String::new(), Vec::new());
    for n in 0..200 {
        match n % 20 {
            7 => {
                said += &get("/large");
                owed.push((200, large.clone()));
            }
            13 => {
                said += "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
                owed.push((200, b"POST  abc".to_vec()));
            }
            17 => {
                said += "GET /missing HTTP/1.1\r\nHost: h\r\n\r\n\r\n";
                owed.push((404, b"404 Not Found\n".to_vec()));
            }
            m => {
                said += &get(&format!("/s{}", m % 10));
                owed.push((200, small[m % 10].clone()));
            }
        }
    }
    said += "GET /s3 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    owed.push((200, small[3].clone()));
    // Behind the last request nothing is answered.
    said += &get("/s4");
    peer.says(said);
    for (number, (status, body)) in owed.into_iter().enumerate() {
        let heard = peer.hears();
        assert_eq!((heard.status, heard.body == body), (status, true), "{number}: {heard:?}");
    }
    peer.closes();
    peer.ends_somehow();
    server.finish();
}

/// Its requests stay in the kernel, or else memory would fill without end.
pub(crate) fn who_sends_more_than_it_reads_is_not_read_from(model: Model) {
    let server = start(model);
    let file = content(16 << 10);
    server.write("a", &file);
    let mut peer = server.peer();
    // Long ones, so that there are not too many answers for all that the kernel keeps.
    let request = format!("GET /a HTTP/1.1\r\nHost: h\r\nX: {}\r\n\r\n", "y".repeat(9000));
    let requests = request.repeat(100);
    // Who takes nothing for so long has stopped reading.
    peer.stream.set_write_timeout(Some(Duration::from_millis(200))).unwrap();
    let mut sent = 0;
    // More than all kernel buffers of a connection.
    while sent < 64 << 20 {
        match peer.stream.write(&requests.as_bytes()[sent % requests.len()..]) {
            Ok(n) => sent += n,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            Err(error) => panic!("{error}"),
        }
    }
    assert!(sent < 64 << 20, "it reads without end");
    for _ in 0..sent / request.len() {
        assert!(peer.hears().body == file);
    }
    drop(peer);
    server.finish();
}

pub(crate) fn conditions_and_ranges_reach_the_files(model: Model) {
    let server = start(model);
    let file = content(200_000);
    server.write("a", &file);
    let mut peer = server.peer();
    peer.says(get("/a"));
    let tag = peer.hears().field("ETag").unwrap().to_owned();
    peer.says(format!("GET /a HTTP/1.1\r\nHost: h\r\nIf-None-Match: {tag}\r\n\r\n"));
    let heard = peer.hears();
    assert_eq!((heard.status, heard.field("ETag")), (304, Some(&*tag)));
    peer.says("GET /a HTTP/1.1\r\nHost: h\r\nRange: bytes=1000-150999\r\n\r\n");
    let heard = peer.hears();
    assert_eq!(heard.status, 206);
    assert!(heard.body == file[1000..151_000]);
    peer.says("GET /a HTTP/1.1\r\nHost: h\r\nRange: bytes=0-0,-1\r\n\r\n");
    let heard = peer.hears();
    assert_eq!(heard.status, 206);
    assert!(heard.field("Content-Type").unwrap().starts_with("multipart/byteranges"));
    drop(peer);
    server.finish();
}
