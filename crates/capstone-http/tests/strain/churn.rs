//! Many who come and go, and those who come when there is no descriptor left.

use std::fs::File;

use testkit::leaks::Holdings;
use testkit::{Program, until};

use crate::counter;
use crate::memory::memory;
use crate::peer::{Peer, get};
use crate::server::{HTTP, Server};

#[test]
fn by_epoll() {
    come_and_go("epoll", 2000, 200);
}

#[test]
fn by_thread() {
    come_and_go("thread", 1000, 100);
}

#[test]
fn by_pool() {
    come_and_go("pool", 1000, 100);
}

#[test]
fn by_fork() {
    come_and_go("fork", 200, 40);
}

#[test]
fn by_the_iterative_one() {
    come_and_go("iterative", 500, 100);
}

fn come_and_go(model: &str, clients: usize, resets: usize) {
    let mut options = vec!["--model", model, "--metrics", "/metrics"];
    if model == "pool" {
        // Each of them shall have had its turn in the first round.
        options.extend(["--max-connections", "8"]);
    }
    let server = Server::with(&options);
    File::create(server.folder.path().join("large")).unwrap().set_len(64 << 20).unwrap();
    let mut before = None;
    let mut first = None;
    for _ in 0..2 {
        for number in 0..clients {
            let mut peer = Peer::to(server.at);
            if number % 2 == 0 {
                peer.gets("/a.txt", b"hello");
            }
        }
        for _ in 0..resets {
            let mut peer = Peer::to(server.at);
            peer.says(get("/large"));
            peer.take(1000);
            sockets::tcp::reset_on_close(&peer.stream).unwrap();
        }
        until("all have gone", || (counter(server.at, "http_connections_open") == 1).then_some(()));
        let now = memory(server.pid());
        // All that it needs it has had the first time.
        assert!(now <= *before.get_or_insert(now) + (1 << 20), "{before:?} bytes, then {now}");
        first.get_or_insert_with(|| Holdings::of(server.pid()));
    }
    let first = first.unwrap();
    let total = counter(server.at, "http_connections_total");
    assert!(total >= 2 * (clients + resets) as u64, "{total}");
    until("nothing of it is left", || {
        let now = Holdings::of(server.pid());
        // What the cache has opened may stay for a while.
        let few = now.descriptors.len() <= first.descriptors.len() + 4;
        let threads = now.threads.len() <= first.threads.len();
        (few && threads && now.children.is_empty()).then_some(())
    });
    server.ends();
}

#[test]
fn out_of_descriptors() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::new(HTTP).max_files(64);
    let server = Server::start(program, folder, "127.0.0.1:0", &["--metrics", "/metrics"]);
    let mut peers = Vec::new();
    for _ in 0..300 {
        let mut peer = Peer::to(server.at);
        peer.says(get("/metrics"));
        assert_eq!(peer.hears().status, 200);
        // They stay, as far as they may.
        peers.push(peer);
    }
    drop(peers);
    server.ends();
}

#[test]
fn as_many_descriptors_as_the_hard_limit_grants() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::new("sh").args(["-c", "ulimit -S -n 256; exec \"$0\" \"$@\"", HTTP]);
    let server = Server::start(program, folder, "127.0.0.1:0", &[]);
    // The keeper listens before the server begins: only an answer says that it has.
    let mut peer = Peer::to(server.at);
    peer.says(get("/"));
    peer.hears();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.pid())).unwrap();
    let files = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
    let (soft, hard) = files.trim().split_once(' ').unwrap();
    assert_ne!(soft, "256", "{limits}");
    assert!(hard.trim_start().starts_with(soft), "{limits}");
    server.ends();
}
