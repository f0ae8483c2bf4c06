//! An end in the middle of the work, and a new beginning at the same place.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use nix::sys::signal::Signal;
use testkit::{Program, until};

use crate::keen::asks;
use crate::peer::{Peer, content};
use crate::server::{HTTP, Server};

#[test]
fn by_epoll() {
    nothing_is_lost("epoll");
}

#[test]
fn by_thread() {
    nothing_is_lost("thread");
}

fn nothing_is_lost(model: &str) {
    let mut folder = tempfile::tempdir().unwrap();
    let file = content(20_000);
    fs::write(folder.path().join("a"), &file).unwrap();
    let mut at = "127.0.0.1:0".to_owned();
    // The second time on the same port, which the first server has just left.
    for _ in 0..2 {
        let server = Server::start(Program::new(HTTP), folder, &at, &["--model", model]);
        at = server.at.to_string();
        let answered = AtomicUsize::new(0);
        thread::scope(|scope| {
            let (file, answered, at) = (&file, &answered, server.at);
            let all = [true, false].repeat(4);
            let all: Vec<_> = all
                .into_iter()
                .map(|keeps| scope.spawn(move || asks(at, keeps, file, answered)))
                .collect();
            until("there is load", || (answered.load(Ordering::Relaxed) > 3000).then_some(()));
            server.running.signal(Signal::SIGTERM);
            for one in all {
                one.join().unwrap();
            }
        });
        folder = server.waits();
    }
    let server = Server::start(Program::new(HTTP), folder, &at, &["--model", model]);
    Peer::to(server.at).gets("/a", &file);
    server.ends();
}
