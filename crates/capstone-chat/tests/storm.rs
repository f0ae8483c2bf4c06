//! A hundred thousand datagrams that make no sense, from strangers and from a member.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;
#[path = "common/mutate.rs"]
mod mutate;

use std::io::{self, Write as _};

use common::{Peer, Server};
use fastrand::Rng;

/// So many at a time fit into the server's receive buffer, whatever they are: what is lost there
/// could not be counted.
const BURST: usize = 50;

#[test]
fn a_hundred_thousand_datagrams_reach_nobody_and_are_counted() {
    const COUNT: usize = 100_000;
    let server = Server::start();
    let [ann, bob] = Peer::all(server.address, ["ann", "bob"]);
    let strangers = [(); 8].map(|()| Peer::of(server.address));
    let mut random = Rng::with_seed(20_260_101);
    for _ in 0..COUNT / BURST {
        for _ in 0..BURST {
            // A login would be one, however strange, and is another matter.
            let mut bytes = mutate::datagram(&mut random);
            while bytes.starts_with(b"L ") {
                bytes = mutate::datagram(&mut random);
            }
            random.choice(&strangers).unwrap().sends(&bytes);
        }
        // Nothing but the answer comes back.
        ann.ping();
    }
    ann.has_heard_all();
    bob.has_heard_all();
    strangers.iter().for_each(Peer::has_heard_all);
    ann.says("still here");
    bob.hears("\nann 说:still here");

    let statistics = server.end();
    let reasons = ["not_utf8", "no_such_request", "no_name", "too_long", "stranger", "not_yours"];
    let counts = reasons.map(|reason| format!("{reason} {}", statistics.get(reason)));
    let _ = writeln!(io::stdout(), "of {COUNT} datagrams: {}", counts.join(", "));
    assert_eq!(statistics.sum(&reasons), COUNT as u64);
    assert!(reasons.iter().all(|reason| statistics.get(reason) > 0), "{statistics:?}");
    statistics.are(&[("said", 1), ("refused", 0), ("members", 2), ("lost", 0)]);
}

/// A member says what he likes, and strangers try to log in: what the others hear of it is text
/// that is fit to be shown, in the protocol's words.
#[test]
fn whatever_a_member_says_what_is_heard_is_harmless() {
    let server = Server::start();
    let [ann, bob] = Peer::all(server.address, ["ann", "bob"]);
    let stranger = Peer::of(server.address);
    stranger.socket.set_nonblocking(true).unwrap();
    let mut random = Rng::with_seed(20_260_102);
    let mut heard = 0;
    for _ in 0..20_000 / BURST {
        for _ in 0..BURST {
            let noise = mutate::datagram(&mut random);
            match random.u8(0..3) {
                0 => stranger.sends([b"L ", &noise[..]].concat()),
                // Q ann would be obeyed.
                1 if !noise.starts_with(b"Q ann") => ann.sends(&noise),
                _ => ann.sends([b"C ann ", &noise[..]].concat()),
            }
        }
        bob.sends("L bob");
        loop {
            let bytes = bob.hears_any();
            if bytes == b"OK" {
                break;
            }
            check(&bytes);
            heard += 1;
        }
        while let Ok(length) = stranger.socket.recv(&mut [0; 2048]) {
            assert!(length > 0);
        }
    }
    assert!(heard > 1000, "{heard}");
    let statistics = server.end();
    statistics.are(&[("lost", 0)]);
    assert!(statistics.get("said") > 1000, "{statistics:?}");
}

fn check(bytes: &[u8]) {
    let text = str::from_utf8(bytes).unwrap_or_else(|_| panic!("{}", bytes.escape_ascii()));
    let line = text.strip_prefix('\n').unwrap_or_else(|| panic!("{text:?}"));
    assert!(!line.contains(|c: char| c.is_control() && c != '\t'), "{text:?}");
    assert!(bytes.len() <= 2048, "{}", bytes.len());
    let said =
        line.split_once(" 说:").is_some_and(|(name, _)| !name.contains(' ') && name != "管理员");
    let came = line.starts_with("欢迎 ") && line.ends_with(" 进入聊天室");
    let went = line.ends_with("退出了聊天室") && !line.contains(' ');
    assert!(said || came || went, "{text:?}");
}
