//! What a server does when something has run out, and what it refuses.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::fs::File;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use common::{Bound as _, Client, Running, Script, Wish, is_silent, start, straight, stream};
use nix::sys::resource::{Resource, setrlimit};
use process::Exit;
use server::{
    Multiplexed, Next, Pace, Pool, Reply, Server, Session, Sessions, Tcp, Thread, Udp, Unix,
    UnixDgram,
};
use syscall::{Deadline, Errno};
use testkit::{proc, until};

testkit::cases!(
    a_thousand_failed_binds_leave_nothing,
    a_pool_of_nobody_is_refused,
    nobody_at_once_is_taken_for_one,
    who_is_open_needs_no_more_descriptors,
    running_out_of_descriptors_neither_spins_nor_kills_by_thread,
    running_out_of_descriptors_neither_spins_nor_kills_by_loop,
    whoever_is_idle_longest_makes_room,
    a_client_that_never_reads_stops_nobody_and_is_not_read_from,
    the_loop_serves_three_hundred_at_once,
);

fn loopback() -> SocketAddr {
    ([127, 0, 0, 1], 0).into()
}

/// What is left over fails every case: `testkit::cases!`.
fn a_thousand_failed_binds_leave_nothing() {
    let place = tempfile::tempdir().unwrap();
    let (path, other) = (place.path().join("a"), place.path().join("b"));
    let (tcp, udp) = (Tcp::bind(loopback()).unwrap(), Udp::bind(loopback()).unwrap());
    let _unix = Unix::bind(&path).unwrap();
    let _dgram = UnixDgram::bind(&other).unwrap();
    let (tcp, udp) = ((tcp.address().unwrap(), tcp), (udp.address().unwrap(), udp));
    let before = testkit::leaks::Holdings::now();
    for _ in 0..1024 {
        assert_eq!(Tcp::bind(tcp.0).unwrap_err().errno(), Errno::EADDRINUSE);
        assert_eq!(Udp::bind(udp.0).unwrap_err().errno(), Errno::EADDRINUSE);
        assert_eq!(Unix::bind(&path).unwrap_err().errno(), Errno::EADDRINUSE);
        assert_eq!(UnixDgram::bind(&other).unwrap_err().errno(), Errno::EADDRINUSE);
    }
    assert_eq!(before.leaked(&testkit::leaks::Holdings::now()), "");
    assert!(path.exists() && other.exists(), "the files of the living are untouched");
}

fn a_pool_of_nobody_is_refused() {
    let handler = |_: &server::Connection<std::net::TcpStream>| Ok(());
    let server = Server::new(Tcp::bind(loopback()).unwrap(), Pool::of(0), handler).unwrap();
    assert_eq!(server.serve().unwrap_err().errno(), Errno::EINVAL);
}

fn nobody_at_once_is_taken_for_one() {
    let server = start(Tcp::bound, Thread, straight, Wish { at_once: Some(0), ..Wish::default() });
    let mut client = stream(&server.at).unwrap();
    assert_eq!(client.ask("hello").unwrap(), "hello");
    client.leave();
    assert_eq!(server.finish().peak, 1);
}

/// Of several servers in one process, none takes a descriptor that another needs to begin.
fn who_is_open_needs_no_more_descriptors() {
    let mut child = process::fork(|| {
        setrlimit(Resource::RLIMIT_NOFILE, 64, 64).unwrap();
        let begin =
            || Idle { script: Script(common::Gate::new(testkit::cases::pipe().0)), words: 0 };
        let server = Server::new(Tcp::bind(loopback()).unwrap(), Multiplexed, Sessions(begin));
        let server = server.unwrap();
        let stopper = server.stopper();
        let server = server.open().unwrap();
        let taken: Vec<File> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();
        stopper.stop().unwrap();
        assert_eq!(server.serve().unwrap().clients, 0);
        drop(taken);
        0
    })
    .unwrap();
    assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
}

fn expect_idle(pid: u32) {
    let cpu = || proc::stat(pid).unwrap().cpu;
    let (start, before) = (Instant::now(), cpu());
    // Time is what is measured: a loop that spins uses most of it, whatever else runs.
    while start.elapsed() < Duration::from_millis(500) {
        std::thread::park_timeout(Duration::from_millis(50));
    }
    let used = cpu().saturating_sub(before);
    assert!(used < Duration::from_millis(100), "{used:?} of processor time in 500 ms of rest");
}

fn runs_out(server: Running) {
    let mut clients: Vec<Client> = (0..40).map(|_| stream(&server.at).unwrap()).collect();
    assert_eq!(clients[0].ask("lucky").unwrap(), "lucky");
    until("it sleeps", || proc::asleep_in(server.pid(), server.pid()));
    expect_idle(server.pid());
    assert_eq!(clients[0].ask("lucky").unwrap(), "lucky");
    for client in clients {
        client.leave();
    }
    let counts = server.finish();
    assert_eq!((counts.clients, counts.done), (40, 40));
    assert!(counts.pauses > 0 && counts.peak < 40, "{counts:?}");
}

fn running_out_of_descriptors_neither_spins_nor_kills_by_thread() {
    runs_out(start(Tcp::bound, Thread, straight, Wish { files: Some(24), ..Wish::default() }));
}

fn running_out_of_descriptors_neither_spins_nor_kills_by_loop() {
    let sessions = |gate: common::Gate| Sessions(move || Script(gate.clone()));
    runs_out(start(Tcp::bound, Multiplexed, sessions, Wish { files: Some(24), ..Wish::default() }));
}

/// Idle between two words of a client; its time begins anew with each of them.
struct Idle {
    script: Script,
    words: u64,
}

impl Session for Idle {
    fn received(&mut self, bytes: &[u8], reply: &mut Reply) -> std::io::Result<Next> {
        self.words += 1;
        self.script.received(bytes, reply)
    }

    fn is_idle(&self) -> bool {
        self.words > 0
    }

    fn pace(&self) -> Option<Pace> {
        Some(Pace { step: self.words, within: testkit::LIMIT })
    }
}

fn whoever_is_idle_longest_makes_room() {
    let sessions =
        |gate: common::Gate| Sessions(move || Idle { script: Script(gate.clone()), words: 0 });
    let server =
        start(Tcp::bound, Multiplexed, sessions, Wish { files: Some(24), ..Wish::default() });
    let enter = || {
        let mut client = stream(&server.at).unwrap();
        assert_eq!(client.ask("hello").unwrap(), "hello");
        client
    };
    // It has said nothing yet: nobody knows whether it waits for something.
    let mut silent = stream(&server.at).unwrap();
    let mut clients: Vec<Client> = (0..5).map(|_| enter()).collect();
    let mut first = clients.remove(0);
    assert_eq!(first.ask("again").unwrap(), "again");
    clients.push(first);
    for _ in 0..60 {
        clients.push(enter());
        let there: Vec<bool> = clients.iter().map(is_silent).collect();
        assert!(there.is_sorted(), "those leave who have been idle longest: {there:?}");
    }
    assert!(!is_silent(&clients[40]), "there was room for all");
    assert_eq!(silent.ask("hello").unwrap(), "hello");
    silent.leave();
    clients.into_iter().for_each(Client::leave);
    let counts = server.finish();
    assert_eq!((counts.done, counts.pauses), (66, 0));
}

fn a_client_that_never_reads_stops_nobody_and_is_not_read_from() {
    let sessions = |gate: common::Gate| Sessions(move || Script(gate.clone()));
    let server = start(Tcp::bound, Multiplexed, sessions, Wish::default());
    let Client::Tcp(stubborn) = stream(&server.at).unwrap() else { unreachable!() };
    let sent = testkit::peer::stall(&stubborn, Duration::from_millis(300), 256 << 20).unwrap();
    assert!(sent < 256 << 20, "it takes whatever it is given and keeps it");
    let mut other = stream(&server.at).unwrap();
    assert_eq!(other.ask("not stopped").unwrap(), "not stopped");
    expect_idle(server.pid());
    assert!(!is_silent(&stubborn), "its answers wait for it");
    other.leave();
    stubborn.shutdown(std::net::Shutdown::Write).unwrap();
    let mut stubborn = stubborn;
    let got = std::io::copy(&mut stubborn, &mut std::io::sink()).unwrap();
    assert_eq!(got, sent as u64);
    assert_eq!(server.finish().done, 2);
}

fn the_loop_serves_three_hundred_at_once() {
    if let Err(reason) = testkit::need::descriptors(700) {
        testkit::skip!("{reason}");
    }
    let sessions = |gate: common::Gate| Sessions(move || Script(gate.clone()));
    let server = start(Tcp::bound, Multiplexed, sessions, Wish::default());
    let mut clients: Vec<Client> = (0..300).map(|_| stream(&server.at).unwrap()).collect();
    for client in clients.iter_mut().rev() {
        assert_eq!(client.ask("hello").unwrap(), "hello");
    }
    clients.into_iter().for_each(Client::leave);
    let counts = server.finish();
    assert_eq!((counts.done, counts.peak), (300, 300));
}
