//! The stream does not know where a request begins.

use std::thread;
use std::time::Duration;

use capstone_http::server::Model;

use crate::peer::{Peer, get};
use crate::start::start;

/// One of everything, and what is heard then.
fn story() -> String {
    [
        "\r\n".into(),
        get("/a"),
        "PUT /echo/p HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody".into(),
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n\
         3;x=\"y\"\r\none\r\n2\r\nto\r\n0\r\nT: u\r\n\r\n"
            .into(),
        "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".into(),
    ]
    .concat()
}

fn hears(mut peer: Peer, cut: usize) {
    for body in ["hey", "PUT p body", "POST  oneto", "hey"] {
        let heard = peer.hears();
        assert_eq!((heard.status, &*heard.text()), (200, body), "cut at {cut}");
    }
    peer.ends();
}

pub(crate) fn requests_cut_at_every_byte(model: Model) {
    let server = start(model);
    server.write("a", b"hey");
    let said = story();
    for cut in 1..said.len() {
        let mut peer = server.peer();
        peer.says(&said[..cut]);
        // Most of the time the server has read it by then.
        thread::yield_now();
        peer.says(&said[cut..]);
        hears(peer, cut);
    }
    assert_eq!(server.finish().done, said.len() as u64 - 1);
}

pub(crate) fn a_byte_at_a_time(model: Model) {
    let server = start(model);
    server.write("a", b"hey");
    let mut peer = server.peer();
    for byte in story().bytes() {
        peer.says([byte]);
        thread::sleep(Duration::from_micros(200));
    }
    hears(peer, 0);
    server.finish();
}
