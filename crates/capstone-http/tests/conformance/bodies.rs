//! Content that clients send.

use capstone_http::server::Model;

use crate::peer::content;
use crate::start::start;

pub(crate) fn content_reaches_the_handler(model: Model) {
    let server = start(model);
    let mut peer = server.peer();
    for length in [0, 1, 16 << 10, 100_000] {
        let body = content(length);
        peer.says(format!(
            "PUT /echo/a%20b HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\n\r\n"
        ));
        peer.says(&body);
        let heard = peer.hears();
        assert!(heard.body == [b"PUT a b ", &*body].concat(), "{length}");

        peer.says("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
        for chunk in body.chunks(777) {
            peer.says(format!("{:x};name=value\r\n", chunk.len()));
            peer.says(chunk);
            peer.says("\r\n");
        }
        peer.says("0\r\nContent-Length: 5\r\nHost: other\r\n\r\n");
        let heard = peer.hears();
        assert!(heard.body == [b"POST  ", &*body].concat(), "{length}");
    }
    peer.says("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_eq!(peer.hears().text(), "GET  ");
    // The name of another path.
    peer.says("GET /echoes HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_eq!(peer.hears().status, 404);
    drop(peer);
    server.finish();
}

pub(crate) fn continue_is_said_only_when_it_goes_on(model: Model) {
    let server = start(model);
    server.write("a", b"hey");
    let mut peer = server.peer();
    let expect = "Expect: 100-continue\r\n";
    peer.says(format!("POST /echo HTTP/1.1\r\nHost: h\r\n{expect}Content-Length: 3\r\n\r\n"));
    assert_eq!(peer.hears().status, 100);
    peer.says("abc");
    assert_eq!(peer.hears().text(), "POST  abc");
    // Nothing follows, so there is nothing to wait for.
    peer.says(format!("GET /a HTTP/1.1\r\nHost: h\r\n{expect}\r\n"));
    assert_eq!(peer.hears().text(), "hey");
    peer.closes();
    peer.ends();

    for (path, length, status) in [("/echo", 100_001, 413), ("/a", 3, 405), ("/metrics", 3, 405)] {
        let mut peer = server.peer();
        let head = format!("POST {path} HTTP/1.1\r\nHost: h\r\n{expect}Content-Length: {length}");
        peer.says(format!("{head}\r\n\r\n"));
        let heard = peer.hears();
        // Whether the body comes in spite of that nobody knows.
        assert_eq!((heard.status, heard.field("Connection")), (status, Some("close")));
        peer.closes();
        peer.ends();
    }
    server.finish();
}

pub(crate) fn a_body_that_nobody_wants(model: Model) {
    let server = start(model);
    server.write("a", b"hey");
    let mut peer = server.peer();
    for length in [0, 1, 64 << 10] {
        peer.says(format!("GET /a HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\n\r\n"));
        peer.says(content(length));
        assert_eq!(peer.hears().text(), "hey");
    }
    peer.gets("/a", b"hey");
    peer.closes();
    peer.ends();
    for framing in ["Content-Length: 65537", "Transfer-Encoding: chunked"] {
        let mut peer = server.peer();
        peer.says(format!("POST /a HTTP/1.1\r\nHost: h\r\n{framing}\r\n\r\n"));
        let heard = peer.hears();
        assert_eq!((heard.status, heard.field("Connection")), (405, Some("close")));
        // In the middle of its body, and not cut off from the answer by a reset.
        peer.says(content(1000));
        peer.closes();
        peer.ends();
    }
    server.finish();
}

pub(crate) fn too_much_content(model: Model) {
    let server = start(model);
    let mut peer = server.peer();
    peer.says("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    for _ in 0..101 {
        peer.says("3e8\r\n");
        peer.says(content(1000));
        peer.says("\r\n");
    }
    let heard = peer.hears();
    assert_eq!((heard.status, heard.field("Connection")), (413, Some("close")));
    peer.closes();
    peer.ends();
    server.finish();
}

pub(crate) fn a_panic_costs_one_connection(model: Model) {
    let server = start(model);
    server.write("a", b"hey");
    for _ in 0..10 {
        let mut peer = server.peer();
        peer.gets("/a", b"hey");
        peer.says("GET /echo/panic HTTP/1.1\r\nHost: h\r\n\r\n");
        peer.ends_somehow();
    }
    let mut peer = server.peer();
    peer.gets("/a", b"hey");
    drop(peer);
    let counts = server.finish();
    assert_eq!((counts.clients, counts.panicked), (11, 10));
}
