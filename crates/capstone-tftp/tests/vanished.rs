//! Peers who ask and are never heard of again: what they cost, and for how long. These tests look at
//! this whole process, so they run one by one.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

#[path = "udp/common.rs"]
mod common;
#[allow(dead_code, reason = "these tests use a part of it")]
#[path = "udp/raw.rs"]
mod raw;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use capstone_tftp::server::udp::Options;
use capstone_tftp::tftp::End;
use common::{Served, at_once, get, noise, options, patient, rules};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use raw::{Peer, request};
use testkit::leaks::Holdings;
use testkit::{need, skip, until};

static ALONE: Mutex<()> = Mutex::new(());

const VANISHED: usize = 500;

fn alone() -> std::sync::MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 1024
}

/// Half of them read and half write, all with the largest windows that there are, and those who read
/// answer once, so that their windows are filled.
#[test]
fn five_hundred_who_vanish_are_given_up_and_cost_little() {
    let _alone = alone();
    if let Err(why) = need::descriptors(4 * VANISHED as u64) {
        skip!("{why}");
    }
    let server = Served::hopeless();
    server.write("file", &noise(8 << 20, 1));
    let (before, memory) = (Holdings::now(), resident());
    let largest = ["blksize=65464", "windowsize=65535"];
    let peers: Vec<Peer> = (0..VANISHED)
        .map(|number| {
            let (opcode, name) = if number % 2 == 0 { (1, "file") } else { (2, "new") };
            let peer = Peer::ask(server.address, &request(opcode, name, "octet", &largest));
            // One window of a megabyte must be there at least: more than one peer's buffer holds.
            if number % 2 == 0 {
                peer.hears();
                peer.acks(0);
            }
            peer
        })
        .collect();
    // Whoever is there is served while they are waited for.
    assert_eq!(get(server.address, "file", &options()).unwrap().len(), 8 << 20);
    let grown = resident().saturating_sub(memory);
    assert!(grown < 400 << 20, "{} MiB for {VANISHED} peers", grown >> 20);
    let told = server.until_told(VANISHED + 1);
    let given_up = told.iter().filter(|one| one.end == End::GivenUp).count();
    assert_eq!(given_up, VANISHED);
    drop(peers);
    let later = until("what they held is given back", || {
        let now = Holdings::now();
        (now.descriptors.len() <= before.descriptors.len()).then_some(now)
    });
    assert_eq!(before.leaked(&later), "");
    assert_eq!(server.files().len(), 1, "nothing of the uploads is left");
}

/// No descriptor is left for a new transfer: who asks again when there are some is served.
#[test]
fn without_descriptors_who_asks_again_is_served() {
    let _alone = alone();
    let server = Served::hopeless();
    server.write("file", b"here");
    let peers: Vec<Peer> = (0..20).map(|_| Peer::of(server.address)).collect();
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    let used = Holdings::now().descriptors.keys().max().map_or(0, |&fd| u64::from(fd) + 1);
    setrlimit(Resource::RLIMIT_NOFILE, used + 10, hard).unwrap();
    // Five of them at most have a socket and a file at the same time; they are given up, and others
    // come in. Fewer than five when both workers have a socket each and lack the file, so all ask
    // again whenever one has been given up, as clients do.
    let mut ended = 0;
    while ended < 6 {
        for peer in &peers {
            peer.asks(b"\0\x01file\0octet\0");
        }
        ended = server.until_told(ended + 1).len();
    }
    setrlimit(Resource::RLIMIT_NOFILE, soft, hard).unwrap();
    assert_eq!(get(server.address, "file", &options()).unwrap(), b"here");
    until("it is told as done", || {
        server.told.lock().unwrap().iter().any(|one| one.end == End::Done).then_some(())
    });
}

/// A full table has room for those who are there: who was silent since it asked gives way.
#[test]
fn the_silent_give_way_to_the_living() {
    let _alone = alone();
    let small = Options { transfers: 1, ..at_once(patient()) };
    let server = Served::with("127.0.0.1:0", rules(), small);
    server.write("file", &noise(2000, 1));
    let start = Instant::now();
    // Two workers with one transfer each; whoever is dealt to a worker that has one is not heard.
    let busy: Vec<Peer> =
        (0..20).map(|_| Peer::ask(server.address, b"\0\x01file\0octet\0")).collect();
    assert_eq!(get(server.address, "file", &options()).unwrap().len(), 2000);
    assert!(
        start.elapsed() >= Duration::from_secs(3),
        "those who have just asked keep their place"
    );
    let told = server.until_told(2);
    assert!(told.iter().any(|one| one.end == End::Done));
    drop(busy);
}

/// One address may not take all places.
#[test]
fn a_peer_has_its_share() {
    let _alone = alone();
    let options = Options { of_one_peer: 1, ..at_once(patient()) };
    let server = Served::with("127.0.0.1:0", rules(), options);
    server.write("file", b"here");
    let greedy: Vec<Peer> =
        (0..20).map(|_| Peer::ask(server.address, b"\0\x01file\0octet\0")).collect();
    // From another address there is room at once.
    let other = std::net::UdpSocket::bind("127.0.0.9:0").unwrap();
    other.set_read_timeout(Some(testkit::LIMIT)).unwrap();
    other.send_to(b"\0\x01file\0octet\0", server.address).unwrap();
    let mut bytes = [0; 600];
    let length = other.recv(&mut bytes).unwrap();
    assert_eq!(&bytes[..length], b"\0\x03\0\x01here");
    let heard = greedy.iter().filter(|peer| {
        peer.socket.set_nonblocking(true).unwrap();
        peer.socket.recv(&mut [0; 600]).is_ok()
    });
    assert!(heard.count() <= 2, "one for each worker");
}
