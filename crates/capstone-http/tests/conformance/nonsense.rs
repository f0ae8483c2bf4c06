//! What is refused, and what becomes of the connection then.

use std::io::Write as _;

use capstone_http::server::Model;

use crate::peer::get;
use crate::start::start;

pub(crate) fn what_cannot_be_understood_ends_the_connection(model: Model) {
    let server = start(model);
    server.write("a", b"hey");
    let long = format!("GET /{} HTTP/1.1\r\nHost: h\r\n\r\n", "x".repeat(9000));
    let fields = format!("GET / HTTP/1.1\r\nHost: h\r\n{}\r\n", "A: b\r\n".repeat(100));
    for (said, status) in [
        // A TLS client, one of HTTP/2, one of something else.
        (&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00\r\n"[..], 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"SSH-2.0-OpenSSH_9.2\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505),
        (b"GET /\r\n", 400),
        (b"get / http/1.1\r\nHost: h\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nHost: h\n\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\n X: y\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nX: a\rb\r\n\r\n", 400),
        (b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        (b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: +3\r\n\r\nabc", 400),
        (b"POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (b"POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
        (b"POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nExpect: wonders\r\n\r\n", 417),
        (b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000000000\r\n\r\n", 413),
        (b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n", 413),
        (long.as_bytes(), 414),
        (fields.as_bytes(), 431),
    ] {
        let mut peer = server.peer();
        peer.says(said);
        // What follows is no request any more, whatever it looks like.
        let _ = peer.stream.write_all(get("/a").as_bytes());
        let heard = peer.hears();
        let said = said.escape_ascii();
        assert_eq!(heard.status, status, "{said}: {heard:?}");
        assert_eq!(heard.field("Connection"), Some("close"), "{said}");
        peer.closes();
        peer.ends();
    }
    assert_eq!(server.finish().failed, 0);
}

pub(crate) fn what_is_not_to_be_had_does_not(model: Model) {
    let server = start(model);
    server.write("a", b"hey");
    server.write(".hidden", b"no");
    let mut peer = server.peer();
    for (request, status) in [
        ("GET /b", 404),
        ("GET /.hidden", 404),
        ("GET /%2ehidden", 404),
        ("GET /..", 400),
        ("GET /%2e%2e/%2e%2e/etc/passwd", 400),
        ("GET /a%2fb", 400),
        ("GET /a%00", 400),
        ("GET /a%zz", 400),
        ("POST /a", 405),
        ("DELETE /a", 405),
        ("TRACE /a", 405),
        ("BREW /a", 501),
        ("OPTIONS /a", 204),
        ("OPTIONS *", 204),
        ("POST /metrics", 405),
        ("GET http://h/a", 200),
    ] {
        peer.says(format!("{request} HTTP/1.1\r\nHost: h\r\n\r\n"));
        let heard = peer.hears();
        assert_eq!(heard.status, status, "{request}: {heard:?}");
        assert_eq!(heard.field("Allow").is_some(), [405, 204].contains(&status), "{request}");
        assert_eq!(heard.field("Connection"), None, "{request}");
    }
    peer.gets("/a", b"hey");
    drop(peer);
    server.finish();
}

/// Whoever never comes to an end is told so, and heard no longer.
pub(crate) fn endless_heads_and_bodies(model: Model) {
    let server = start(model);
    for (begin, again, status) in [
        ("GET / HTTP/1.1\r\nHost: h\r\n", "X: y\r\n", 431),
        ("GET / HTTP/1.1\r\nHost: h\r\nX: ", "yyyyyyyyyy", 431),
        ("GET /", "yyyyyyyyyy", 414),
        (
            "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
            "5\r\nhello\r\n",
            413,
        ),
        ("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0", ";x", 400),
        (
            "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            "X: yyyyy\r\n",
            431,
        ),
    ] {
        let mut peer = server.peer();
        peer.says(begin);
        let piece = again.repeat(1000);
        // Until it listens no more; or until this is more than everything that it may keep.
        for _ in 0..1000 {
            if peer.stream.write_all(piece.as_bytes()).is_err() {
                break;
            }
        }
        // Some of it was not read, so the answer may be lost; the connection is over in any case.
        match peer.try_to_hear(false) {
            Ok(heard) => assert_eq!(heard.status, status, "{begin}"),
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
        }
        peer.ends_somehow();
    }
    server.finish();
}
