//! Messages that cannot arrive: members who have gone, and a notice that is too long for UDP.

mod common;

use common::{Peer, Server};

/// Their kernel answers "port unreachable" to everything. Nobody else notices.
#[test]
fn members_who_have_gone_cost_the_others_nothing() {
    let server = Server::start();
    let names: [String; 40] = std::array::from_fn(|number| format!("m{number}"));
    let mut all = Vec::from(Peer::all(server.address, names.each_ref().map(String::as_str)));
    // Every second one, without a word.
    let mut number = 0;
    all.retain(|_| {
        number += 1;
        number % 2 == 0
    });
    for n in 0..50 {
        let (ann, others) = all.split_first().unwrap();
        ann.says(&n.to_string());
        for other in others {
            other.hears(format!("\nm1 说:{n}"));
        }
    }
    server.end().are(&[("members", 40), ("said", 50), ("lost", 0)]);
}

#[test]
fn a_relay_that_is_too_long_for_udp_is_counted() {
    let server = Server::with(&["--longest", "65535"]);
    let [ann, bob, cat] = Peer::all(server.address, ["ann", "bob", "cat"]);
    // The request is as long as UDP can carry, and the notice is three bytes longer.
    let longest = 65_507 - "C ann ".len();
    ann.says(&"x".repeat(longest));
    ann.says(&"y".repeat(longest - 3));
    for other in [&bob, &cat] {
        other.hears(format!("\nann 说:{}", "y".repeat(longest - 3)));
    }
    server.end().are(&[("said", 2), ("lost", 2), ("lost_EMSGSIZE", 2)]);
}
