//! Whoever speaks something else, or never comes to an end: an answer or an end of the connection,
//! and no more memory than the limits allow.

use std::io::{ErrorKind, Write as _};

use crate::memory::peak;
use crate::peer::Peer;
use crate::server::Server;

/// So many at once, each of which says so much more than may be kept.
const MANY: usize = 20;
const SAID: usize = 2 << 20;

/// For each of them: a body of 64 KiB, as much again while it grows, and everything else.
const KEPT: u64 = 256 << 10;

const CHUNKED: &str = "POST /api HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";

#[test]
fn by_epoll() {
    nobody_fills_the_memory("epoll");
}

#[test]
fn by_thread() {
    nobody_fills_the_memory("thread");
}

#[test]
fn by_pool() {
    nobody_fills_the_memory("pool");
}

fn nobody_fills_the_memory(model: &str) {
    let options = ["--model", model, "--data", "/api", "--max-body", "65536"];
    let server = Server::with(&options);
    Peer::to(server.at).gets("/a.txt", b"hello");
    let before = peak(server.pid());

    let length = |path: &str| {
        format!("POST {path} HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000000000\r\n\r\n")
    };
    let mut noise = vec![0; 4096];
    fastrand::fill(&mut noise);
    // A ClientHello as it begins, and the preface and the SETTINGS of HTTP/2.
    let tls = [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], &noise].concat();
    let http2 = [b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", &noise[..]].concat();
    for (begin, again, status) in [
        (&tls[..], &noise[..], 400),
        (&http2, &noise, 400),
        (&[&b"\0"[..], &noise].concat(), &noise, 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\n", b"X: y\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: h\r\nX: ", b"y", 431),
        (b"GET /", b"y", 414),
        (length("/api").as_bytes(), b"y", 413),
        (length("/a.txt").as_bytes(), b"y", 405),
        (CHUNKED.as_bytes(), b"5\r\nhello\r\n", 413),
        ([CHUNKED, "5"].concat().as_bytes(), b";x", 400),
        ([CHUNKED, "0\r\n"].concat().as_bytes(), b"X: y\r\n", 431),
    ] {
        let mut peers: Vec<Peer> = (0..MANY).map(|_| Peer::to(server.at)).collect();
        for peer in &mut peers {
            peer.says(begin);
        }
        let piece = again.repeat(1 + (32 << 10) / again.len());
        // In turns, so that all are in the middle of it together.
        for _ in 0..SAID / piece.len() {
            for peer in &mut peers {
                // Whoever is heard no longer has been answered.
                let _ = peer.stream.write_all(&piece);
            }
        }
        let begin = begin[..begin.len().min(60)].escape_ascii();
        for mut peer in peers {
            match peer.try_to_hear(false) {
                Ok(heard) => assert_eq!(heard.status, status, "{begin}"),
                // A reset, which can cost it the answer: it was still talking.
                Err(error) => assert_ne!(error.kind(), ErrorKind::WouldBlock, "{begin}"),
            }
            peer.ends_somehow();
        }
        let more = peak(server.pid()) - before;
        assert!(more < MANY as u64 * KEPT, "{more} bytes for {begin}");
    }
    Peer::to(server.at).gets("/a.txt", b"hello");
    server.ends();
}
