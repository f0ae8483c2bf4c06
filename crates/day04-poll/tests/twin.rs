//! The broken twin is broken in the way that it says.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs;
use std::net::TcpStream;
use std::time::Duration;

use nix::libc;
use testkit::{Program, Running, peer, proc, until};

/// poll(2) is a system call of its own on x86; elsewhere libc makes it out of ppoll(2).
#[cfg(target_arch = "x86_64")]
const POLL: i64 = libc::SYS_poll;
#[cfg(not(target_arch = "x86_64"))]
const POLL: i64 = libc::SYS_ppoll;

#[test]
fn hup_spin_eats_a_processor() {
    let done = Program::example("hup_spin").run();
    done.succeeded();
    let used = |when: &str| -> u32 {
        let line = done.stdout.lines().find_map(|line| line.strip_prefix(when)).unwrap();
        line.split(' ').next().unwrap().parse().unwrap()
    };
    let (silent, vanished) =
        (used("while the client is silent: "), used("after it has vanished with a RST: "));
    // Beside a thread that has used 200 ms, on however busy a machine.
    assert!(vanished >= 10 && vanished > 3 * silent, "{silent} ms and {vanished} ms");
}

/// A server with one client that has had its echo.
fn start(program: Program) -> (Running, TcpStream) {
    let mut server = program.args(["server", "127.0.0.1:0"]).spawn();
    let client = peer::connect(server.addr()).unwrap();
    assert_eq!(peer::ask(&client, b"hi").unwrap(), b"hi");
    (server, client)
}

/// Processor time, and how often it has gone to sleep by itself.
fn spent(server: &Running) -> (Duration, u64) {
    let status = fs::read_to_string(format!("/proc/{}/status", server.pid())).unwrap();
    let slept = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
    (proc::stat(server.pid()).unwrap().cpu, slept.unwrap().trim().parse().unwrap())
}

/// The same, as soon as it sleeps in poll.
fn at_rest(server: &Running) -> (Duration, u64) {
    until("the server sleeps in poll", || {
        proc::asleep_in(server.pid(), server.pid()).filter(|&call| call == POLL)
    });
    spent(server)
}

/// How long "for ever" is, is said by the one who spins: the others had as much time, whatever
/// else this machine is doing.
#[test]
fn only_a_vanished_client_and_only_the_twin_makes_it_spin() {
    let twin = || start(Program::example("hup_spin"));
    let (silent, _client) = twin();
    let (mut right, client) = start(Program::new(env!("CARGO_BIN_EXE_day04-poll")));
    peer::reset(client).unwrap();
    right.line("POLLIN | POLLERR | POLLHUP");
    let before = [at_rest(&silent), at_rest(&right)];

    let (spinning, client) = twin();
    peer::reset(client).unwrap();
    // 300 ms of its own, in one piece: it never slept in between.
    let mut since = spent(&spinning);
    until("the twin computes for 300 ms and never sleeps", || {
        let now = spent(&spinning);
        if now.1 != since.1 {
            since = now;
        }
        (now.0 >= since.0 + Duration::from_millis(300)).then_some(())
    });
    assert_eq!(proc::stat(spinning.pid()).unwrap().state, 'R');

    assert_eq!(before, [at_rest(&silent), at_rest(&right)], "they have never woken up");
}
