//! The wire, byte for byte, through the program: what any client of the course relies on.

mod common;

use common::{Peer, Server};

#[test]
fn login_and_its_notice() {
    let server = Server::start();
    let ann = Peer::of(server.address);
    ann.sends(b"\x4c\x20ann");
    ann.hears(b"\x4f\x4b");
    let bob = Peer::of(server.address);
    bob.sends(b"\x4c\x20bob");
    bob.hears(b"OK");
    ann.hears(b"\x0a\xe6\xac\xa2\xe8\xbf\x8e\x20bob\x20\xe8\xbf\x9b\xe5\x85\xa5\xe8\x81\x8a\xe5\xa4\xa9\xe5\xae\xa4");
    ann.has_heard_all();
}

#[test]
fn a_taken_name_and_the_administrators_are_refused() {
    let server = Server::start();
    let [_ann] = Peer::all(server.address, ["ann"]);
    let bob = Peer::of(server.address);
    for login in ["L ann", "L 管理员"] {
        bob.sends(login);
        bob.hears(b"\xe8\xaf\xa5\xe7\x94\xa8\xe6\x88\xb7\xe5\xb7\xb2\xe5\xad\x98\xe5\x9c\xa8");
    }
    // Names are case-sensitive, and a refused one may try again.
    bob.sends("L Ann");
    bob.hears("OK");
}

#[test]
fn chat_goes_to_the_others_with_its_inner_blanks() {
    let server = Server::start();
    let [ann, bob, cat] = Peer::all(server.address, ["ann", "张三", "cat"]);
    for (request, notice) in [
        (
            "C 张三 你好",
            &b"\x0a\xe5\xbc\xa0\xe4\xb8\x89\x20\xe8\xaf\xb4\x3a\xe4\xbd\xa0\xe5\xa5\xbd"[..],
        ),
        ("C 张三 a  b ", b"\x0a\xe5\xbc\xa0\xe4\xb8\x89\x20\xe8\xaf\xb4\x3aa  b "),
        ("C 张三 ", b"\x0a\xe5\xbc\xa0\xe4\xb8\x89\x20\xe8\xaf\xb4\x3a"),
        ("C 张三", b"\x0a\xe5\xbc\xa0\xe4\xb8\x89\x20\xe8\xaf\xb4\x3a"),
    ] {
        bob.sends(request);
        ann.hears(notice);
        cat.hears(notice);
    }
    bob.has_heard_all();
}

#[test]
fn quit_is_answered_and_told() {
    let server = Server::start();
    let [ann, bob] = Peer::all(server.address, ["ann", "bob"]);
    bob.sends(b"\x51\x20bob");
    bob.hears(b"\x45\x58\x49\x54");
    ann.hears(b"\x0abob\xe9\x80\x80\xe5\x87\xba\xe4\xba\x86\xe8\x81\x8a\xe5\xa4\xa9\xe5\xae\xa4");
    // The name is free again.
    Peer::login(server.address, "bob");
}

#[test]
fn the_administrators_lines_go_to_all() {
    for model in ["poll", "fork"] {
        let mut server = Server::with(&["--model", model]);
        let [ann, bob] = Peer::all(server.address, ["ann", "bob"]);
        server.running.type_in("下课了\n\nlast\x1b words\n");
        for member in [&ann, &bob] {
            member.hears(
                b"\x0a\xe7\xae\xa1\xe7\x90\x86\xe5\x91\x98\x20\xe8\xaf\xb4\x3a\xe4\xb8\x8b\xe8\xaf\xbe\xe4\xba\x86",
            );
            member.hears("\n管理员 说:");
            member.hears("\n管理员 说:last␛ words");
        }
        let statistics = server.end();
        statistics.are(&[("announced", 3), ("members", 2)]);
    }
}

#[test]
fn the_newcomer_has_his_answer_before_anybody_hears_of_him() {
    let server = Server::start();
    let [ann] = Peer::all(server.address, ["ann"]);
    // All of them stay: a port that is given back may be the next one's, and has a name already.
    let mut all = Vec::new();
    for n in 0..100 {
        let new = Peer::of(server.address);
        new.sends(format!("L {n}"));
        ann.hears(format!("\n欢迎 {n} 进入聊天室"));
        new.socket.set_nonblocking(true).unwrap();
        new.hears("OK");
        all.push(new);
    }
}

#[test]
fn a_message_that_clients_of_the_course_can_receive_is_relayed_whole() {
    let server = Server::start();
    let [ann, bob] = Peer::all(server.address, ["ann", "bob"]);
    // The course's server cuts at 1,024 bytes: here that would be inside of a character.
    for characters in [339, 340, 341, 342, 679] {
        let text = "中".repeat(characters);
        ann.says(&text);
        bob.hears(format!("\nann 说:{text}"));
    }
    ann.says(&"中".repeat(680));
    ann.ping();
    bob.has_heard_all();
    server.end().are(&[("said", 5), ("too_long", 1), ("lost", 0)]);
}
