//! Time limits: each kind of waiting has its own, and only its own.

use std::io::{Read as _, Write as _};
use std::thread;
use std::time::{Duration, Instant};

use capstone_http::connection::Times;
use capstone_http::server::Model;

use crate::peer::{content, get};
use crate::start::{Running, Wish, start_with};

const SHORT: Duration = Duration::from_millis(200);

/// One that is not over, even on a busy machine, when a peer has paused so long.
const LONG: Duration = Duration::from_millis(800);
const PAUSE: Duration = Duration::from_millis(320);

fn impatient(model: Model, change: impl FnOnce(&mut Times)) -> Running {
    let mut wish = Wish::default();
    change(&mut wish.times);
    let server = start_with(model, &wish);
    server.write("a", b"hey");
    server
}

pub(crate) fn the_silent_are_dropped_without_a_word(model: Model) {
    let server = impatient(model, |times| times.header = SHORT);
    let since = Instant::now();
    server.peer().ends();
    assert!(since.elapsed() >= SHORT, "{:?}", since.elapsed());
    server.finish();

    let server = impatient(model, |times| times.idle = LONG);
    let mut peer = server.peer();
    let since = Instant::now();
    peer.gets("/a", b"hey");
    // An answer begins the time anew.
    thread::sleep(PAUSE);
    peer.gets("/a", b"hey");
    peer.ends();
    assert!(since.elapsed() >= LONG + PAUSE, "{:?}", since.elapsed());
    assert_eq!(server.finish().failed, 0);
}

pub(crate) fn half_a_head_is_told_so(model: Model) {
    let server = impatient(model, |times| times.header = SHORT);
    let mut peer = server.peer();
    let since = Instant::now();
    peer.says("GET /a HTTP/1.1\r\nHo");
    let heard = peer.hears();
    assert_eq!((heard.status, heard.field("Connection")), (408, Some("close")));
    assert!(since.elapsed() >= SHORT);
    peer.ends();
    // One that drips has no more time than one that does not.
    let mut peer = server.peer();
    peer.gets("/a", b"hey");
    let since = Instant::now();
    while peer.stream.write_all(b"G").is_ok() {
        thread::sleep(Duration::from_millis(2));
        assert!(since.elapsed() < testkit::LIMIT, "it drips for ever");
        peer.stream.set_nonblocking(true).unwrap();
        let heard = peer.stream.peek(&mut [0]).is_ok();
        peer.stream.set_nonblocking(false).unwrap();
        if heard {
            break;
        }
    }
    assert!(since.elapsed() >= SHORT);
    // It was answered before what it says now was read; a reset may have cost the answer.
    if let Ok(heard) = peer.try_to_hear(false) {
        assert_eq!(heard.status, 408);
    }
    drop(peer);
    server.finish();
}

pub(crate) fn half_a_body_is_told_so(model: Model) {
    let server = impatient(model, |times| times.body = LONG);
    let mut peer = server.peer();
    let since = Instant::now();
    peer.says("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 60000\r\n\r\n");
    // With 16 KiB at a time it may take longer than once.
    for _ in 0..3 {
        peer.says(content(17_000));
        thread::sleep(PAUSE);
    }
    let heard = peer.hears();
    assert_eq!((heard.status, heard.field("Connection")), (408, Some("close")));
    assert!(since.elapsed() >= LONG + PAUSE * 2);
    peer.ends();
    server.finish();
}

pub(crate) fn who_reads_nothing_is_dropped(model: Model) {
    for many in [false, true] {
        let server = impatient(model, |times| times.write = SHORT);
        server.write("large", &content(32 << 20));
        server.write("small", &content(16 << 10));
        let mut peer = server.peer();
        let since = Instant::now();
        let said = if many { get("/small").repeat(2000) } else { get("/large") };
        peer.says(said);
        // The grace is long, but it has only this one to wait for.
        let counts = server.finish();
        assert_eq!(counts.failed, 1, "{counts:?}");
        assert!(since.elapsed() >= SHORT);
    }
}

/// As long as it gets ahead, it may take as long as it takes.
pub(crate) fn who_reads_slowly_is_not(model: Model) {
    let server = impatient(model, |times| times.write = LONG);
    let file = content(32 << 20);
    server.write("large", &file);
    let (mut peer, since) = (server.peer(), Instant::now());
    peer.says("GET /large HTTP/1.0\r\n\r\n");
    let mut all = Vec::new();
    // Large pieces, because the kernel takes several MiB from the server before anybody reads.
    while (&mut peer.stream).take(4 << 20).read_to_end(&mut all).unwrap() > 0 {
        thread::sleep(PAUSE);
    }
    assert!(all.ends_with(&file), "{} bytes", all.len());
    assert!(since.elapsed() > LONG * 2);
    assert_eq!(server.finish().failed, 0);
}
