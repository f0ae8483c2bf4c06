//! What kills or fools the course's server, and does neither to this one.

mod common;

use std::net::UdpSocket;
use std::time::Instant;

use common::{Peer, Server};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use testkit::{leaks::Holdings, until};

/// Each of these ends the course's server, or cheats it.
const BAD: [&[u8]; 14] = [
    b"",
    b"L",
    b"C",
    b"Q",
    b"Q nobody",
    b"C nobody hello",
    b"C  hello",
    b"Q ",
    b"\xff\xfe\xfd",
    b"C ann \xe4\xbd",
    b"C ann \xed\xa0\x80",
    b"\0\0\0\0",
    b"X ann hello",
    b"OK",
];

#[test]
fn bad_datagrams_have_no_effect_and_are_counted() {
    let server = Server::start();
    let [ann, bob] = Peer::all(server.address, ["ann", "bob"]);
    let stranger = Peer::of(server.address);
    for bad in BAD {
        stranger.sends(bad);
        bob.sends(bad);
    }
    bob.ping();
    let reasons = ["not_utf8", "no_such_request", "no_name", "stranger", "not_yours"];
    let statistics = until("all are counted", || {
        let statistics = server.statistics();
        (statistics.sum(&reasons) == 28).then_some(statistics)
    });
    statistics.are(&[("not_utf8", 6), ("no_such_request", 8), ("no_name", 10)]);
    statistics.are(&[("stranger", 2), ("not_yours", 2), ("members", 2)]);
    bob.says("still here");
    ann.hears("\nbob 说:still here");
    for peer in [&ann, &bob, &stranger] {
        peer.has_heard_all();
    }
}

#[test]
fn nobody_speaks_or_quits_for_somebody_else() {
    let server = Server::start();
    let [ann, bob] = Peer::all(server.address, ["ann", "bob"]);
    let stranger = Peer::of(server.address);
    for peer in [&bob, &stranger] {
        for spoofed in ["C ann fake", "Q ann", "C 管理员 fake", "Q 管理员"] {
            peer.sends(spoofed);
        }
    }
    bob.ping();
    until("all are counted", || (server.statistics().get("not_yours") == 8).then_some(()));
    ann.says("I was never away");
    bob.hears("\nann 说:I was never away");
    for peer in [&ann, &bob, &stranger] {
        peer.has_heard_all();
    }
}

/// The key of the child that reads the administrator's lines is known to nobody else.
#[test]
fn nobody_speaks_for_the_administrator_in_the_fork_model_either() {
    let mut server = Server::with(&["--model", "fork"]);
    let [ann] = Peer::all(server.address, ["ann"]);
    let stranger = Peer::of(server.address);
    for forged in [&b"C \xe7\xae\xa1\xe7\x90\x86\xe5\x91\x98 fake"[..], &[0; 40], &[b'k'; 40]] {
        stranger.sends(forged);
        ann.sends(forged);
    }
    ann.ping();
    server.running.type_in("the real one\n");
    ann.hears("\n管理员 说:the real one");
    let reasons = ["not_utf8", "no_such_request", "not_yours"];
    until("all are counted", || (server.statistics().sum(&reasons) == 6).then_some(()));
    ann.has_heard_all();
}

/// Somebody who comes to have the child's address, after its end, has no key.
#[test]
fn the_address_of_the_administrators_child_is_not_enough() {
    let server = Server::with(&["--model", "fork"]);
    // Nobody else has sent anything to the server yet.
    let end = format!(":{:04X}", server.address.port());
    let sockets = std::fs::read_to_string("/proc/net/udp").unwrap();
    let fields = sockets.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let own = fields.filter(|fields| fields[2].ends_with(&end)).map(|fields| fields[1]).next();
    let port = u16::from_str_radix(own.unwrap().split_once(':').unwrap().1, 16).unwrap();
    let children = || Holdings::of(server.running.pid()).children;
    let child = Pid::from_raw(children().first_key_value().unwrap().0.cast_signed());
    kill(child, Signal::SIGKILL).unwrap();
    until("it is gone", || children().is_empty().then_some(()));

    let [ann] = Peer::all(server.address, ["ann"]);
    let forger = UdpSocket::bind(("127.0.0.1", port)).unwrap();
    for forged in [&b"fake"[..], &[b'k'; 40]] {
        forger.send_to(forged, server.address).unwrap();
    }
    until("both are counted", || (server.statistics().get("no_such_request") == 2).then_some(()));
    ann.has_heard_all();
}

#[test]
fn a_repeated_login_is_answered_again_and_told_once() {
    let server = Server::start();
    let [ann, bob] = Peer::all(server.address, ["ann", "bob"]);
    bob.ping();
    bob.ping();
    ann.says("once");
    bob.hears("\nann 说:once");
    for peer in [&ann, &bob] {
        peer.has_heard_all();
    }
    server.end().are(&[("joined", 2), ("again", 4), ("members", 2)]);
}

#[test]
fn an_address_has_one_name() {
    let server = Server::start();
    let [ann, bob] = Peer::all(server.address, ["ann", "bob"]);
    for other in ["L ann2", "L ann3", "L bob"] {
        ann.sends(other);
        ann.hears("该用户已存在");
    }
    bob.says("you get this once");
    ann.hears("\nbob 说:you get this once");
    for peer in [&ann, &bob] {
        peer.has_heard_all();
    }
}

#[test]
fn names_that_deceive_are_refused() {
    let server = Server::start();
    let [ann] = Peer::all(server.address, ["ann"]);
    let peer = Peer::of(server.address);
    let long = "x".repeat(65);
    for name in ["", "a\nb", "a\0", "\x1b[31mred", "tab\t", "管理员\u{200b}", "a\u{3000}b", &long]
    {
        peer.sends(format!("L {name}"));
        peer.hears("该用户名不可用");
    }
    peer.sends(b"L a\xff");
    let longest = "x".repeat(64);
    peer.sends(format!("L {longest}"));
    peer.hears("OK");
    ann.hears(format!("\n欢迎 {longest} 进入聊天室"));
    ann.has_heard_all();
}

#[test]
fn texts_cannot_move_a_cursor_or_forge_a_line() {
    let server = Server::start();
    let [ann, bob] = Peer::all(server.address, ["ann", "bob"]);
    for (text, shown) in [
        ("hi\n管理员 说:leave now", "hi␊管理员 说:leave now"),
        ("\x1b[2J\x1b]0;title\x07", "␛[2J␛]0;title␇"),
        ("a\0b\rc\x7f", "a␀b␍c␡"),
        ("\u{9b}2J\u{202e}abc", "\u{fffd}2J\u{fffd}abc"),
        ("tab\there, 中文, 🙂", "tab\there, 中文, 🙂"),
    ] {
        ann.says(text);
        bob.hears(format!("\nann 说:{shown}"));
    }
}

#[test]
fn the_silent_are_shown_out() {
    let server = Server::with(&["--idle", "1"]);
    let before = Instant::now();
    let [ann] = Peer::all(server.address, ["ann"]);
    // It says nothing: the server ends it, and not before its time.
    ann.hears("EXIT");
    assert!(before.elapsed().as_millis() >= 1000);
    server.statistics().are(&[("evicted", 1), ("members", 0)]);
    // The name is free.
    Peer::login(server.address, "ann");
}

#[test]
fn a_room_takes_as_many_as_it_is_told() {
    let server = Server::with(&["--max-members", "2"]);
    let [_ann, bob] = Peer::all(server.address, ["ann", "bob"]);
    let cat = Peer::of(server.address);
    cat.sends("L cat");
    cat.hears("聊天室已满");
    bob.sends("Q bob");
    bob.hears("EXIT");
    cat.sends("L cat");
    cat.hears("OK");
}

#[test]
fn the_log_is_not_forged_either() {
    let server = Server::with(&["--log", "debug"]);
    let [ann] = Peer::all(server.address, ["ann"]);
    ann.sends("C ann x\nlevel=warn event=end members=7\x1b[2J");
    ann.ping();
    let told = until("the server tells of it", || {
        let text = server.running.stderr();
        text.contains("event=said").then_some(text)
    });
    let started = |line: &str| line.starts_with("level=debug ") || line.starts_with("level=info ");
    assert!(told.lines().all(started) && !told.contains('\x1b'), "{told:?}");
}
