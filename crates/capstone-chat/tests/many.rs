//! Five thousand members: what they cost, and that all of them are served.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use capstone_chat::room::{Event, Limits, Room};
use common::{CHAT, Peer, Server};
use nix::sys::signal::Signal;
use nix::sys::socket::setsockopt;
use nix::sys::socket::sockopt::UdpGroSegment;
use nix::time::{ClockId, clock_gettime};
use socket2::SockRef;
use testkit::{LIMIT, Program, need, proc, skip, until};

const MEMBERS: usize = 5000;

#[test]
fn five_thousand_members_in_64_mib() {
    if let Err(why) = need::descriptors(MEMBERS as u64 + 100) {
        skip!("{why}");
    }
    // Twelve million notices take their time on a machine that has much else to do.
    let program = Program::new(CHAT).args(["server", "127.0.0.1:0", "--log", "warn"]);
    let server = Server::of(program.limit(5 * LIMIT));
    let peer = |number| {
        let mut peer = Peer::of(server.address);
        // Small, or the kernel would keep a gigabyte of notices for those who do not listen.
        SockRef::from(&peer.socket).set_recv_buffer_size(1).unwrap();
        // And as they came: it need not cut into datagrams what nobody will read.
        setsockopt(&peer.socket, UdpGroSegment, &true).unwrap();
        peer.name = format!("m{number:04}");
        peer
    };
    let all: Vec<Peer> = (0..MEMBERS).map(peer).collect();
    for some in all.chunks(50) {
        // They come together, as after a restart, so that their notices go together as well.
        server.running.signal(Signal::SIGSTOP);
        until("it is stopped", || {
            proc::stat(server.running.pid()).is_some_and(|stat| stat.state == 'T').then_some(())
        });
        for peer in some {
            peer.sends(format!("L {}", peer.name));
        }
        server.running.signal(Signal::SIGCONT);
        // The answer comes before anything else.
        for peer in some {
            peer.hears("OK");
        }
    }
    let statistics = server.statistics();
    statistics.are(&[("members", MEMBERS as u64), ("lost", 0)]);
    // Everybody was told of everybody who came later.
    assert_eq!(statistics.get("sent"), (MEMBERS + MEMBERS * (MEMBERS - 1) / 2) as u64);

    for peer in &all {
        peer.socket.set_nonblocking(true).unwrap();
        while peer.socket.recv(&mut [0; 100]).is_ok() {}
        peer.socket.set_nonblocking(false).unwrap();
    }
    all[MEMBERS / 2].says("can everybody hear me?");
    for peer in all.iter().filter(|peer| peer.name != "m2500") {
        peer.hears("\nm2500 说:can everybody hear me?");
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.running.pid())).unwrap();
    let field = |name: &str| -> u64 {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    let most = field("VmHWM:");
    let _ = writeln!(io::stdout(), "{MEMBERS} members in {most} KiB at most");
    assert!(most < 64 * 1024, "{status}");
    server.end().are(&[("members", MEMBERS as u64)]);
}

/// A search through all members would make a join sixty-four times as dear in a room that has
/// sixty-four times as many. Processor time, the least of several runs: what else the machine does
/// is not in it.
#[test]
fn a_join_costs_the_same_in_a_full_room() {
    let cost = |members: u32| -> Duration {
        let run = || {
            let mut room = Room::new(Limits { members: usize::MAX, ..Limits::default() });
            let mut join = |number: u32| {
                let login = format!("L m{number}");
                let event = room.receive(login.as_bytes(), address(number), Instant::now());
                assert_eq!(event, Event::Joined);
                room.clear();
            };
            (0..members).for_each(&mut join);
            let before = cpu();
            (members..members + 1000).for_each(&mut join);
            cpu().saturating_sub(before)
        };
        (0..5).map(|_| run()).min().unwrap()
    };
    let (few, many) = (cost(1000), cost(64_000));
    assert!(many < 8 * few, "1,000 joins: {few:?} among 1,000 members, {many:?} among 64,000");
}

/// The same for a member's words, which are looked up by address and by name.
#[test]
fn a_word_costs_the_same_in_a_full_room() {
    let cost = |members: u32| -> Duration {
        let mut room = Room::new(Limits { members: usize::MAX, ..Limits::default() });
        let now = Instant::now();
        for number in 0..members {
            room.receive(format!("L m{number}").as_bytes(), address(number), now);
            room.clear();
        }
        let last = members - 1;
        let words = format!("C m{last} hello");
        let mut run = || {
            let before = cpu();
            for _ in 0..1000 {
                let event = room.receive(words.as_bytes(), address(last), now);
                assert_eq!(event, Event::Said);
                room.clear();
            }
            cpu().saturating_sub(before)
        };
        (0..5).map(|_| run()).min().unwrap()
    };
    let (few, many) = (cost(1000), cost(64_000));
    assert!(many < 8 * few, "1,000 words: {few:?} among 1,000 members, {many:?} among 64,000");
}

/// The address of a member: each has one of its own.
fn address(number: u32) -> SocketAddr {
    let [_, a, b, c] = number.to_be_bytes();
    SocketAddr::new([10, a, b, c].into(), 9)
}

fn cpu() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).unwrap().into()
}
