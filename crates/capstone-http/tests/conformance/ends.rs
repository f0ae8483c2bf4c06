//! Clients that leave.

use capstone_http::server::Model;

use crate::peer::{content, get};
use crate::start::start;

pub(crate) fn resets_in_the_middle(model: Model) {
    let server = start(model);
    let file = content(4 << 20);
    server.write("large", &file);
    for number in 0..60 {
        let mut peer = server.peer();
        match number % 3 {
            0 => peer.says("GET /large HTTP/1.1\r\nHo"),
            1 => peer.says("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nabc"),
            _ => {
                peer.says(get("/large"));
                peer.take(1000);
            }
        }
        sockets::tcp::reset_on_close(&peer.stream).unwrap();
    }
    let mut peer = server.peer();
    peer.gets("/large", &file);
    drop(peer);
    let counts = server.finish();
    assert_eq!(counts.clients, 61);
    assert_eq!(counts.done + counts.failed, 61);
}

/// A client that has said everything may close its side, and is answered.
pub(crate) fn a_closed_side_is_answered(model: Model) {
    let server = start(model);
    let file = content(300_000);
    server.write("large", &file);
    let mut peer = server.peer();
    peer.says(get("/large").repeat(5) + "GET /lar");
    peer.closes();
    for _ in 0..5 {
        assert!(peer.hears().body == file);
    }
    peer.ends();
    // One that says nothing at all.
    let peer = server.peer();
    peer.closes();
    peer.ends();
    assert_eq!(server.finish().done, 2);
}
