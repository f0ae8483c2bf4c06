//! Networks that do not do what loopback does: packets that are too small for a segment, members
//! whom nobody can reach, a send buffer that is full.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::net::{SocketAddr, UdpSocket};
use std::process::Command;
use std::time::Duration;

use common::{CHAT, Peer, Server, Statistics};
use nix::sched::{CloneFlags, unshare};
use nix::sys::signal::Signal;
use testkit::{LIMIT, Program, need, skip, until};

/// A network of this thread alone; what it starts has it, too. Only root can make one.
fn own_network() -> Result<(), String> {
    let ip = need::program("ip").ok_or("ip(8) is not here")?;
    unshare(CloneFlags::CLONE_NEWNET).map_err(|error| format!("no network of our own: {error}"))?;
    for line in [
        "link set lo up",
        "link add v0 type veth peer name v1",
        "addr add 10.9.0.1/24 dev v0",
        "link set v1 up",
        "link set v0 up",
    ] {
        let done = Command::new(&ip).args(line.split(' ')).output().map_err(|e| e.to_string())?;
        if !done.status.success() {
            return Err(format!("ip {line}: {}", String::from_utf8_lossy(&done.stderr)));
        }
    }
    Ok(())
}

fn ip(line: &str) {
    assert!(Command::new("ip").args(line.split(' ')).status().unwrap().success(), "ip {line}");
}

/// A member at an address that is ours for as long as the login takes.
fn member_at(address: &str, server: SocketAddr) -> UdpSocket {
    ip(&format!("addr add {address}/32 dev lo"));
    let socket = UdpSocket::bind((address, 0)).unwrap();
    socket.set_read_timeout(Some(LIMIT)).unwrap();
    socket.send_to(format!("L at{address}").as_bytes(), server).unwrap();
    socket.recv(&mut [0; 100]).unwrap();
    ip(&format!("addr del {address}/32 dev lo"));
    socket
}

fn everywhere() -> Server {
    let program = Program::new(CHAT).args(["server", "0.0.0.0:0", "--log", "warn"]);
    let mut server = Server::of(program.stdin_pipe());
    server.address.set_ip([127, 0, 0, 1].into());
    server
}

/// What comes while the server is stopped is one batch for it.
fn together(server: &Server, work: impl FnOnce()) {
    server.running.signal(Signal::SIGSTOP);
    let pid = server.running.pid();
    until("it is stopped", || testkit::proc::stat(pid).filter(|stat| stat.state == 'T'));
    work();
    server.running.signal(Signal::SIGCONT);
}

/// Segments that do not fit into a packet go one by one, and nothing is lost by finding that out.
#[test]
fn segments_that_are_too_long_for_the_network() {
    if let Err(why) = own_network() {
        skip!("{why}");
    }
    ip("link set lo mtu 1500");
    let server = everywhere();
    let [ann, bob] = Peer::all(server.address, ["ann", "bob"]);
    for (length, rounds) in [(100, 2), (1900, 2), (100, 2), (1400, 1)] {
        for _ in 0..rounds {
            let text = |n: u32| format!("{n:0>length$}");
            together(&server, || (0..20).for_each(|n| ann.says(&text(n))));
            (0..20).for_each(|n| bob.hears(format!("\nann 说:{}", text(n))));
        }
    }
    server.end().are(&[("said", 140), ("lost", 0)]);
}

/// Where the kernel refuses one of many, the others get theirs.
#[test]
fn a_member_whom_the_network_refuses() {
    if let Err(why) = own_network() {
        skip!("{why}");
    }
    let server = everywhere();
    let [ann] = Peer::all(server.address, ["ann"]);
    let _gone = member_at("10.9.0.7", server.address);
    ip("route add prohibit 10.9.0.7/32");
    let bob = Peer::login(server.address, "bob");
    ann.hears("\n欢迎 at10.9.0.7 进入聊天室");
    ann.hears("\n欢迎 bob 进入聊天室");
    for n in 0..10 {
        ann.says(&n.to_string());
        bob.hears(format!("\nann 说:{n}"));
    }
    together(&server, || (0..10).for_each(|n| ann.says(&n.to_string())));
    (0..10).for_each(|n| bob.hears(format!("\nann 说:{n}")));
    // All that was said, and that bob has come.
    server.end().are(&[("said", 20), ("lost", 21), ("lost_EACCES", 21)]);
}

/// Nobody answers to ARP for this member, so that what is sent to him stays in the send buffer.
fn with_a_neighbour_who_is_silent(
    queue: &str,
    play: impl FnOnce(&Server, &Peer, &Peer),
) -> Statistics {
    std::fs::write("/proc/sys/net/ipv4/neigh/v0/unres_qlen_bytes", queue).unwrap();
    let server = everywhere();
    let [ann] = Peer::all(server.address, ["ann"]);
    let _silent = member_at("10.9.0.8", server.address);
    let bob = Peer::login(server.address, "bob");
    ann.hears("\n欢迎 at10.9.0.8 进入聊天室");
    ann.hears("\n欢迎 bob 进入聊天室");
    play(&server, &ann, &bob);
    server.end()
}

/// As Linux is set up, such a member cannot fill the buffer that all share.
#[test]
fn a_silent_neighbour_costs_the_others_nothing() {
    if let Err(why) = own_network() {
        skip!("{why}");
    }
    let play = |_: &Server, ann: &Peer, bob: &Peer| {
        for n in 0..2000 {
            let text = format!("{n:01000}");
            ann.says(&text);
            bob.hears(format!("\nann 说:{text}"));
        }
    };
    let statistics = with_a_neighbour_who_is_silent("212992", play);
    statistics.are(&[("said", 2000), ("lost_EAGAIN", 0)]);
}

/// Where he can, messages are lost for a while, nothing waits for him, and all is counted.
#[test]
fn a_full_send_buffer_stops_nobody_and_is_counted() {
    if let Err(why) = own_network() {
        skip!("{why}");
    }
    let play = |server: &Server, ann: &Peer, bob: &Peer| {
        bob.socket.set_nonblocking(true).unwrap();
        until("the send buffer is full", || {
            for _ in 0..20 {
                ann.says(&"x".repeat(2000));
            }
            while bob.socket.recv(&mut [0; 2048]).is_ok() {}
            (server.statistics().sum(&["lost"]) > 0).then_some(())
        });
        bob.socket.set_nonblocking(false).unwrap();
        // The kernel gives the neighbour up after some seconds; then there is room again.
        bob.socket.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        until("bob is answered", || {
            bob.sends("L bob");
            let mut bytes = [0; 2048];
            let mut got = std::iter::from_fn(|| bob.socket.recv(&mut bytes).ok().map(|n| n == 2));
            got.any(|is_ok| is_ok).then_some(())
        });
    };
    let statistics = with_a_neighbour_who_is_silent("100000000", play);
    assert!(statistics.get("lost_EAGAIN") > 0, "{statistics:?}");
    statistics.are(&[("members", 3)]);
}
