//! The same room while the kernel interrupts, has no room and refuses: cargo test -p capstone-chat
//! --features faults --test faults -- --nocapture. Twenty members come, speak, and two of them quit.
//! Whatever is lost, nobody hears anything twice, out of order, or that was not said; and where a
//! fault can be made good by another call, nothing is lost.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::net::SocketAddr;
use std::time::Duration;

use common::{CHAT, Peer};
use testkit::faults::{Act, Fault, Server, Talk, survives};

const MEMBERS: usize = 20;
const ROUNDS: usize = 5;

/// What a datagram may meet.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    Arrives,
    MayBeLost,
}

/// A member, and all that it has heard but answers.
struct Member {
    peer: Peer,
    heard: Vec<String>,
}

impl Member {
    /// Asks until there is an answer: what came before it has been heard then.
    fn ask(&mut self, question: &str, answer: &str, fate: Fate) -> Result<(), String> {
        for _ in 0..100 {
            self.peer.sends(question);
            let mut bytes = [0; 2048];
            while let Ok(length) = self.peer.socket.recv(&mut bytes) {
                let text = String::from_utf8_lossy(&bytes[..length]);
                if text == answer {
                    return Ok(());
                }
                // Of an answer that was late.
                if text != "OK" {
                    self.heard.push(text.into_owned());
                }
            }
            if fate == Fate::Arrives {
                break;
            }
        }
        Err(format!("{} gets no {answer} for {question}", self.peer.name))
    }
}

fn play(server: SocketAddr, fate: Fate) -> Result<u32, String> {
    let mut members = Vec::new();
    for number in 0..MEMBERS {
        let peer = Peer { name: format!("m{number:02}"), ..Peer::of(server) };
        if fate == Fate::MayBeLost {
            peer.socket.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
        }
        members.push(Member { peer, heard: Vec::new() });
    }
    let mut said: Vec<(usize, String)> = Vec::new();
    for (number, member) in members.iter_mut().enumerate() {
        let name = member.peer.name.clone();
        member.ask(&format!("L {name}"), "OK", fate)?;
        said.push((number, format!("\n欢迎 {name} 进入聊天室")));
    }
    for round in 0..ROUNDS {
        for (number, member) in members.iter_mut().enumerate() {
            let name = member.peer.name.clone();
            member.peer.says(&round.to_string());
            said.push((number, format!("\n{name} 说:{round}")));
            // Requests reach a server, as loopback does it, but answers need not reach us.
            member.ask(&format!("L {name}"), "OK", fate)?;
        }
    }
    // Everybody gets what there was before his answer.
    for member in &mut members {
        member.ask(&format!("L {}", member.peer.name), "OK", fate)?;
    }
    for (number, member) in members.iter().enumerate() {
        let here = said.iter().position(|(by, _)| *by == number).unwrap();
        let owed = said[here..].iter().filter(|(by, _)| *by != number).map(|(_, text)| text);
        let owed: Vec<&String> = owed.collect();
        let heard: Vec<&String> = member.heard.iter().collect();
        let mut rest = owed.iter();
        if !heard.iter().all(|text| rest.any(|other| other == text)) {
            return Err(format!("{} hears {heard:?}, and is owed {owed:?}", member.peer.name));
        }
        if fate == Fate::Arrives && heard.len() != owed.len() {
            let name = &member.peer.name;
            return Err(format!("{name} hears {} messages of {}", heard.len(), owed.len()));
        }
    }
    // The room knows who is in it: a name is taken, and free when its owner has quit.
    let [first, second, ..] = &mut members[..] else { return Err("nobody is there".into()) };
    let stranger = Peer::of(server);
    stranger.socket.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    let mut stranger = Member { peer: stranger, heard: Vec::new() };
    stranger.ask("L m00", "该用户已存在", Fate::MayBeLost)?;
    first.peer.sends("Q m00");
    second.peer.sends("Q m01");
    stranger.ask("L m00", "OK", Fate::MayBeLost)?;
    Ok(0)
}

fn survive(faults: Vec<Fault>, fate: Fate) {
    let root = env!("CARGO_MANIFEST_DIR");
    let server = Server { program: CHAT.into(), root, role: "server", talk: Talk::Echo };
    survives(&server, &["server", "127.0.0.1:0"], faults, |address| play(address, fate));
}

fn fails(call: &'static str, errno: i32) -> Fault {
    Fault::on(&[call], Act::Error(errno))
}

#[test]
fn interrupted_waits() {
    survive(vec![fails("@wait", libc::EINTR).every(2)], Fate::Arrives);
}

#[test]
fn receives_that_find_nothing() {
    survive(vec![fails("recvmmsg", libc::EAGAIN).every(2)], Fate::Arrives);
    survive(vec![fails("recvmmsg", libc::EINTR).every(2)], Fate::Arrives);
}

/// ECONNREFUSED: a member has gone, says ICMP. It is no reason to stop to listen.
#[test]
fn receives_that_are_told_of_others() {
    survive(vec![fails("recvmmsg", libc::ECONNREFUSED).every(2)], Fate::Arrives);
    survive(vec![fails("recvmmsg", libc::EHOSTUNREACH).every(3)], Fate::Arrives);
    survive(vec![fails("recvmmsg", libc::ENOMEM).every(3)], Fate::Arrives);
}

#[test]
fn sends_without_room() {
    survive(vec![fails("sendmmsg", libc::EAGAIN).every(2)], Fate::Arrives);
    survive(vec![fails("sendmmsg", libc::EINTR).every(2)], Fate::Arrives);
}

/// The kernel cannot cut segments, or says so: everything goes one by one.
#[test]
fn no_segments() {
    survive(vec![fails("sendmmsg", libc::EIO).every(5)], Fate::MayBeLost);
}

#[test]
fn sends_that_fail() {
    for errno in [libc::ENOBUFS, libc::EPERM, libc::ECONNREFUSED, libc::EMSGSIZE, libc::EINVAL] {
        survive(vec![fails("sendmmsg", errno).every(3)], Fate::MayBeLost);
    }
}

#[test]
fn all_at_once() {
    let faults = vec![
        fails("@wait", libc::EINTR).every(3),
        fails("recvmmsg", libc::EAGAIN).every(3),
        fails("recvmmsg", libc::ECONNREFUSED).nth(2).every(5),
        fails("sendmmsg", libc::EAGAIN).every(3),
        fails("sendmmsg", libc::ENOBUFS).nth(4).every(7),
        fails("sendmmsg", libc::EPERM).nth(5).every(11),
        fails("sendmmsg", libc::ECONNREFUSED).nth(6).every(13),
    ];
    survive(faults, Fate::MayBeLost);
}
