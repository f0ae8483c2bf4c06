//! The end of a server.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use capstone_http::server::Model;
use testkit::until;

use crate::keen::asks;
use crate::peer::{content, get};
use crate::start::{Wish, start, start_with};

pub(crate) fn the_idle_go_and_the_busy_finish(model: Model) {
    let server = start(model);
    let file = content(16 << 20);
    server.write("large", &file);
    server.write("a", b"hey");
    let mut busy = server.peer();
    busy.says(get("/large"));
    let begun = busy.take(1000);
    if model != Model::Iterative {
        let (mut idle, mut half) = (server.peer(), server.peer());
        idle.gets("/a", b"hey");
        half.says("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na");
        // They are inside: in a model that takes one after the other it would be asked too early.
        let mut other = server.peer();
        other.gets("/a", b"hey");
        server.stop();
        idle.ends();
        half.says("bc");
        let heard = half.hears();
        assert_eq!((&*heard.text(), heard.field("Connection")), ("POST  abc", Some("close")));
        half.ends();
    }
    server.stop();
    let rest = busy.take((16 << 20) - 1000);
    let all = [begun, rest].concat();
    let start = all.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    assert!(all[start..] == file[..all.len() - start]);
    assert!(busy.take(start) == file[file.len() - start..]);
    busy.ends();
    let counts = server.ended();
    assert_eq!(counts.clients, counts.done);
}

pub(crate) fn no_longer_than_the_grace(model: Model) {
    let server = start_with(model, &Wish { grace: Duration::from_millis(300), ..Wish::default() });
    server.write("large", &content(32 << 20));
    let mut busy = server.peer();
    busy.says(get("/large"));
    busy.take(1000);
    let since = Instant::now();
    server.stop();
    let counts = server.ended();
    assert_eq!(counts.failed, 1);
    assert!(since.elapsed() >= Duration::from_millis(300));
}

/// Clients ask and ask while the server is stopped: whoever could send a request is answered.
pub(crate) fn nothing_that_was_asked_is_lost(model: Model) {
    let clients = if model == Model::Iterative { 1 } else { 8 };
    let server = start(model);
    let file = content(20_000);
    server.write("a", &file);
    let at = server.at;
    let answered = AtomicUsize::new(0);
    thread::scope(|scope| {
        let all: Vec<_> = (0..clients)
            .map(|number| {
                let (file, answered) = (&file, &answered);
                scope.spawn(move || asks(at, number % 2 == 0, file, answered))
            })
            .collect();
        until("there is load", || (answered.load(Ordering::Relaxed) > 200).then_some(()));
        server.stop();
        for one in all {
            one.join().unwrap();
        }
    });
    let counts = server.ended();
    assert_eq!(counts.failed, 0, "{counts:?}");
}

pub(crate) fn the_port_is_free_at_once(model: Model) {
    let server = start(model);
    server.write("a", b"hey");
    let address: &'static str = server.at.to_string().leak();
    for _ in 0..20 {
        let mut peer = server.peer();
        // The server closes first, and its side goes into TIME_WAIT.
        peer.says("GET /a HTTP/1.0\r\n\r\n");
        assert_eq!(peer.hears().text(), "hey");
        peer.ends();
    }
    server.finish();
    let again = start_with(model, &Wish { address, ..Wish::default() });
    again.write("a", b"you");
    again.peer().gets("/a", b"you");
    again.finish();
}
