//! What the server tells its operator.

use std::fs;

use capstone_http::server::Model;
use testkit::until;

use crate::peer::get;
use crate::start::{Wish, start, start_with};

pub(crate) fn a_line_for_each_request(model: Model) {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let server = start_with(model, &Wish { log: Some(log.clone()), ..Wish::default() });
    server.write("a", b"hey");
    let mut peer = server.peer();
    peer.says(
        "GET /a?b HTTP/1.1\r\nHost: h\r\nReferer: http://r/\r\nUser-Agent: x \"\x1b[2J\"\r\n\r\n",
    );
    assert_eq!(peer.hears().status, 400);
    let mut peer = server.peer();
    peer.says(
        "GET /a?b HTTP/1.1\r\nHost: h\r\nReferer: http://r/\r\nUser-Agent: x \"\\y\"\r\n\r\n",
    );
    peer.says("HEAD /missing HTTP/1.1\r\nHost: h\r\n\r\n");
    peer.says("nonsense \"\n");
    peer.hears();
    peer.hears_head();
    peer.hears();
    peer.closes();
    peer.ends();
    let lines = until("all lines", || {
        let text = fs::read_to_string(&log).unwrap();
        (text.lines().count() == 4).then_some(text)
    });
    let lines: Vec<&str> = lines.lines().collect();
    for (line, end) in lines.iter().zip([
        "\"GET /a?b HTTP/1.1\" 400 ",
        "\"GET /a?b HTTP/1.1\" 200 3 \"http://r/\" \"x \\\"\\\\y\\\"\"",
        "\"HEAD /missing HTTP/1.1\" 404 0 \"-\" \"-\"",
        "\"nonsense \\\"\" 400 ",
    ]) {
        assert!(line.starts_with("127.0.0.1 - - ["), "{line}");
        // 21/Nov/2026:16:10:41 +0000
        assert_eq!(
            line.as_bytes()[15..42].iter().filter(|b| b":/".contains(b)).count(),
            5,
            "{line}"
        );
        assert!(line[41..].starts_with("] "), "{line}");
        assert!(line[43..].starts_with(end), "{line}");
    }
    server.finish();
}

/// A full disk costs lines and nothing else.
pub(crate) fn a_log_that_is_full(model: Model) {
    let wish = Wish { log: Some("/dev/full".into()), ..Wish::default() };
    let server = start_with(model, &wish);
    server.write("a", b"hey");
    let mut peer = server.peer();
    for _ in 0..100 {
        peer.gets("/a", b"hey");
    }
    until("they are counted", || {
        peer.says(get("/metrics"));
        let text = String::from_utf8(peer.hears().body).unwrap();
        let lost = text.lines().find_map(|line| line.strip_prefix("http_log_lines_lost_total "));
        (lost.unwrap().parse::<u64>().unwrap() >= 100).then_some(())
    });
    drop(peer);
    server.finish();
}

pub(crate) fn counters(model: Model) {
    let server = start(model);
    server.write("a", b"hey");
    for _ in 0..3 {
        let mut peer = server.peer();
        peer.gets("/a", b"hey");
        peer.says(get("/missing"));
        peer.hears();
        peer.closes();
        peer.ends();
    }
    let mut peer = server.peer();
    peer.says(get("/metrics"));
    let heard = peer.hears();
    assert_eq!(heard.field("Cache-Control"), Some("no-store"));
    let text = String::from_utf8(heard.body).unwrap();
    for line in [
        "http_responses_total{class=\"2xx\"} 3",
        "http_responses_total{class=\"4xx\"} 3",
        "http_connections_total 4",
    ] {
        assert!(text.lines().any(|it| it == line), "{text}");
    }
    drop(peer);
    server.finish();
}
