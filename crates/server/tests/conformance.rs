//! The suite that makes the executors siblings: every case runs on each combination of transport,
//! executor and form of handler that there is.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use common::{
    Bound as _, Counts, Running, Script, Wish, answer, dgram, framed, is_silent, side_by_side,
    start, straight, stream,
};
use server::{Fork, Iterative, Multiplexed, Pool, Sessions, Tcp, Thread, Udp, Unix, UnixDgram};
use testkit::leaks::Holdings;
use testkit::until;

/// A combination under test.
#[derive(Clone, Copy)]
struct Bench {
    start: fn(Wish) -> Running,
    /// Whether one client may wait at the gate while others are served.
    side_by_side: bool,
    /// Whether it serves many connections at once.
    many: bool,
}

impl Bench {
    fn plain(self) -> Running {
        (self.start)(Wish::default())
    }

    /// As many clients as the limit cases keep at once.
    fn limit(self) -> usize {
        if self.many { 2 } else { 1 }
    }
}

/// The name of a combination, its transport, executor and handler; then what can be expected.
macro_rules! conformance {
    ($(
        $cases:ident [$($name:ident = $transport:ty, $executor:expr, $handler:expr,
            $side:literal, $many:literal;)+]
    )+) => {
        $($(
            mod $name {
                #[allow(unused_imports, reason = "each combination uses its part")]
                use super::*;
                pub(super) const BENCH: Bench = Bench {
                    start: |wish| start(<$transport>::bound, $executor, $handler, wish),
                    side_by_side: $side,
                    many: $many,
                };
            }
        )+)+

        fn main() -> ExitCode {
            let all: [&[testkit::cases::Case]; _] = [$($($cases!($name)),+),+];
            testkit::cases::run(&all.concat())
        }
    };
}

macro_rules! cases_for {
    ($dollar:tt $list:ident: $($case:ident),+ $(,)?) => {
        macro_rules! $list {
            ($dollar name:ident) => {
                &[$((
                    concat!(stringify!($dollar name), "::", stringify!($case)),
                    || $case($dollar name::BENCH),
                )),+]
            };
        }
    };
}

cases_for!($ streams:
    echo,
    many_clients,
    a_mebibyte_both_ways,
    a_file_in_order_with_bytes,
    a_file_that_is_shorter_ends_the_connection,
    files_are_no_reason_to_wait_for_others,
    half_close,
    the_server_closes,
    a_failure_costs_one_client,
    a_panic_costs_one_client,
    a_reset_costs_one_client,
    beyond_the_limit_clients_wait,
    time_is_over_for_the_silent,
    dripping_does_not_prolong,
    stopped_before_serving,
    stopped_while_idle,
    stopped_in_flight,
    stopped_without_grace,
    stopped_while_a_handler_works,
    nothing_is_left_while_serving,
    other_peoples_children,
);

cases_for!($ datagrams:
    datagrams_come_back,
    datagrams_of_many,
    a_failure_costs_one_datagram,
    beyond_the_limit_datagrams_wait,
    datagrams_stopped_before_serving,
    datagrams_stopped_while_idle,
    datagrams_stopped_in_flight,
    nothing_is_left_by_datagrams,
);

conformance! {
    streams [
        tcp_iterative = Tcp, Iterative, straight, true, false;
        tcp_fork = Tcp, Fork, straight, true, true;
        tcp_thread = Tcp, Thread, straight, true, true;
        tcp_pool = Tcp, Pool::of(4), straight, true, true;
        unix_iterative = Unix, Iterative, straight, true, false;
        unix_fork = Unix, Fork, straight, true, true;
        unix_thread = Unix, Thread, straight, true, true;
        unix_pool = Unix, Pool::of(4), straight, true, true;
        tcp_iterative_session = Tcp, Iterative, sessions, true, false;
        tcp_fork_session = Tcp, Fork, sessions, true, true;
        tcp_thread_session = Tcp, Thread, sessions, true, true;
        tcp_pool_session = Tcp, Pool::of(4), sessions, true, true;
        tcp_multiplexed_session = Tcp, Multiplexed, sessions, false, true;
        unix_iterative_session = Unix, Iterative, sessions, true, false;
        unix_fork_session = Unix, Fork, sessions, true, true;
        unix_thread_session = Unix, Thread, sessions, true, true;
        unix_pool_session = Unix, Pool::of(4), sessions, true, true;
        unix_multiplexed_session = Unix, Multiplexed, sessions, false, true;
    ]
    datagrams [
        udp_iterative = Udp, Iterative, answer, false, false;
        udp_fork = Udp, Fork, answer, true, true;
        udp_thread = Udp, Thread, answer, true, true;
        udp_pool = Udp, Pool::of(4), answer, true, true;
        udp_multiplexed = Udp, Multiplexed, answer, false, false;
        unixdgram_iterative = UnixDgram, Iterative, answer, false, false;
        unixdgram_fork = UnixDgram, Fork, answer, true, true;
        unixdgram_thread = UnixDgram, Thread, answer, true, true;
        unixdgram_pool = UnixDgram, Pool::of(4), answer, true, true;
        unixdgram_multiplexed = UnixDgram, Multiplexed, answer, false, false;
    ]
}

fn sessions(gate: common::Gate) -> Sessions<impl Fn() -> Script + Send + Sync> {
    Sessions(move || Script(gate.clone()))
}

fn echo(bench: Bench) {
    let server = bench.plain();
    let mut client = stream(&server.at).unwrap();
    assert_eq!(client.ask("hello").unwrap(), "hello");
    assert_eq!(client.ask("again").unwrap(), "again");
    client.leave();
    let counts = server.finish();
    assert_eq!(counts, Counts { clients: 1, done: 1, peak: 1, ..Counts::default() });
}

fn many_clients(bench: Bench) {
    let server = bench.plain();
    side_by_side(30, |n| {
        let mut client = stream(&server.at).unwrap();
        for turn in 0..5 {
            let text = format!("client {n} turn {turn}");
            assert_eq!(client.ask(&text).unwrap(), text);
        }
        client.leave();
    });
    let counts = server.finish();
    assert_eq!((counts.clients, counts.done), (30, 30), "{counts:?}");
    assert!(bench.many || counts.peak == 1, "{counts:?}");
}

fn a_mebibyte_both_ways(bench: Bench) {
    let server = bench.plain();
    let message: Vec<u8> = (0..1_u32 << 20).map(|n| n.to_le_bytes()[1]).collect();
    let mut client = stream(&server.at).unwrap();
    let mut writer = match &client {
        common::Client::Tcp(stream) => common::Client::Tcp(stream.try_clone().unwrap()),
        common::Client::Unix(stream) => common::Client::Unix(stream.try_clone().unwrap()),
    };
    let mut answer = Vec::new();
    thread::scope(|scope| {
        let writing = scope.spawn(|| {
            writer.write_all(&message).unwrap();
            writer.shutdown();
        });
        client.read_to_end(&mut answer).unwrap();
        writing.join().unwrap();
    });
    assert!(answer == message, "{} bytes came back", answer.len());
    assert_eq!(server.finish().done, 1);
}

fn a_file_in_order_with_bytes(bench: Bench) {
    let server = bench.plain();
    let file = framed();
    let mut client = stream(&server.at).unwrap();
    for _ in 0..3 {
        client.write_all(b"file").unwrap();
        let mut answer = vec![0; file.len()];
        client.read_exact(&mut answer).unwrap();
        assert!(answer == file, "other bytes");
        assert_eq!(client.ask("hello").unwrap(), "hello");
    }
    // It comes whole although nothing more will be asked.
    client.write_all(b"file").unwrap();
    client.shutdown();
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).unwrap();
    assert!(answer == file, "{} bytes of {}", answer.len(), file.len());
    assert_eq!(server.finish().done, 1);
}

/// What was promised never comes, and nothing else in its place.
fn a_file_that_is_shorter_ends_the_connection(bench: Bench) {
    let server = bench.plain();
    let file = framed();
    let mut client = stream(&server.at).unwrap();
    client.write_all(b"missing").unwrap();
    let mut answer = Vec::new();
    let _ = client.read_to_end(&mut answer);
    let same = answer.len().min(file.len() - 1);
    assert!(answer[..same] == file[..same], "other bytes");
    assert!(answer.last() != Some(&b'>') || answer.len() < file.len());
    let mut next = stream(&server.at).unwrap();
    assert_eq!(next.ask("hello").unwrap(), "hello");
    next.leave();
    let counts = server.finish();
    assert_eq!((counts.done, counts.failed), (1, 1));
}

fn files_are_no_reason_to_wait_for_others(bench: Bench) {
    let server = bench.plain();
    let file = framed();
    let mut slow = stream(&server.at).unwrap();
    slow.write_all(b"file").unwrap();
    if bench.many {
        // It has not begun to read, and others get theirs.
        let mut other = stream(&server.at).unwrap();
        other.write_all(b"file").unwrap();
        let mut answer = vec![0; file.len()];
        other.read_exact(&mut answer).unwrap();
        assert!(answer == file);
        other.leave();
    }
    let mut answer = vec![0; file.len()];
    slow.read_exact(&mut answer).unwrap();
    assert!(answer == file);
    slow.leave();
    assert_eq!(server.finish().failed, 0);
}

fn half_close(bench: Bench) {
    let server = bench.plain();
    let mut client = stream(&server.at).unwrap();
    client.write_all(b"the rest is for you").unwrap();
    client.shutdown();
    assert_eq!(client.rest().unwrap(), "the rest is for you");
    assert_eq!(server.finish().done, 1);
}

fn the_server_closes(bench: Bench) {
    let server = bench.plain();
    let mut client = stream(&server.at).unwrap();
    assert_eq!(client.ask("hello").unwrap(), "hello");
    client.write_all(b"bye").unwrap();
    assert_eq!(client.rest().unwrap(), "bye");
    assert_eq!(server.finish().done, 1);
}

fn a_failure_costs_one_client(bench: Bench) {
    let server = bench.plain();
    let mut unlucky = stream(&server.at).unwrap();
    unlucky.write_all(b"fail").unwrap();
    assert_eq!(unlucky.rest().unwrap(), "");
    let mut next = stream(&server.at).unwrap();
    assert_eq!(next.ask("hello").unwrap(), "hello");
    next.leave();
    let counts = server.finish();
    assert_eq!((counts.clients, counts.done, counts.failed), (2, 1, 1));
}

fn a_panic_costs_one_client(bench: Bench) {
    let server = bench.plain();
    let mut unlucky = stream(&server.at).unwrap();
    unlucky.write_all(b"panic").unwrap();
    assert_eq!(unlucky.rest().unwrap(), "");
    let mut next = stream(&server.at).unwrap();
    assert_eq!(next.ask("hello").unwrap(), "hello");
    next.leave();
    let counts = server.finish();
    assert_eq!((counts.clients, counts.done, counts.panicked), (2, 1, 1));
}

fn a_reset_costs_one_client(bench: Bench) {
    let server = bench.plain();
    for _ in 0..5 {
        stream(&server.at).unwrap().reset();
    }
    let mut next = stream(&server.at).unwrap();
    assert_eq!(next.ask("hello").unwrap(), "hello");
    next.leave();
    let counts = server.finish();
    assert_eq!((counts.clients, counts.done, counts.failed), (6, 1, 5));
}

fn beyond_the_limit_clients_wait(bench: Bench) {
    let limit = bench.limit();
    let server = (bench.start)(Wish { at_once: Some(limit), ..Wish::default() });
    let mut inside: Vec<_> = (0..limit).map(|_| stream(&server.at).unwrap()).collect();
    for client in &mut inside {
        assert_eq!(client.ask("in").unwrap(), "in");
    }
    let mut outside = stream(&server.at).unwrap();
    outside.write_all(b"me too").unwrap();
    for turn in 0..100 {
        assert_eq!(inside[turn % limit].ask("in").unwrap(), "in");
    }
    assert!(is_silent(&outside), "one too many was served");
    testkit::until("it sleeps", || testkit::proc::asleep_in(server.pid(), server.pid()));
    assert!(is_silent(&outside), "one too many was served");
    inside.pop().unwrap().leave();
    let mut answer = [0; 6];
    outside.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"me too");
    inside.push(outside);
    inside.into_iter().for_each(common::Client::leave);
    let counts = server.finish();
    assert_eq!((counts.done, counts.peak), (limit as u64 + 1, limit as u64));
}

fn time_is_over_for_the_silent(bench: Bench) {
    let limit = Duration::from_millis(100);
    let server = (bench.start)(Wish { each: Some(limit), ..Wish::default() });
    let begun = Instant::now();
    let mut client = stream(&server.at).unwrap();
    assert_eq!(client.rest().unwrap(), "");
    assert!(begun.elapsed() >= limit, "{:?}", begun.elapsed());
    assert_eq!(server.finish().failed, 1);
}

fn dripping_does_not_prolong(bench: Bench) {
    let limit = Duration::from_millis(100);
    let server = (bench.start)(Wish { each: Some(limit), ..Wish::default() });
    let mut client = stream(&server.at).unwrap();
    // As fast as it is answered: never silent for more than a moment.
    while client.ask(".").is_ok() {}
    drop(client);
    assert_eq!(server.finish().failed, 1);
}

fn stopped_before_serving(bench: Bench) {
    let server = (bench.start)(Wish { stopped: true, ..Wish::default() });
    assert_eq!(server.ended(), Counts::default());
}

fn stopped_while_idle(bench: Bench) {
    let server = bench.plain();
    testkit::until("it sleeps", || testkit::proc::asleep_in(server.pid(), server.pid()));
    let at = server.at.clone();
    assert_eq!(server.finish(), Counts::default());
    assert!(stream(&at).is_err(), "nobody listens any more");
    if let common::Address::Path(path) = at {
        assert!(!path.exists(), "its file is gone");
    }
}

fn stopped_in_flight(bench: Bench) {
    let server = bench.plain();
    let mut client = stream(&server.at).unwrap();
    assert_eq!(client.ask("before").unwrap(), "before");
    server.stop();
    let at = server.at.clone();
    if bench.many {
        // One after the other cannot close the door while it serves somebody.
        until("nobody else is let in", || stream(&at).is_err().then_some(()));
    }
    assert_eq!(client.ask("after").unwrap(), "after");
    client.leave();
    let counts = server.ended();
    // Some of those who tried the door may have been let in before the stop was noticed.
    assert!(counts.clients >= 1 && counts.clients == counts.done, "{counts:?}");
}

fn stopped_without_grace(bench: Bench) {
    let server = (bench.start)(Wish { grace: Duration::ZERO, ..Wish::default() });
    let mut client = stream(&server.at).unwrap();
    assert_eq!(client.ask("before").unwrap(), "before");
    server.stop();
    assert_eq!(client.rest().unwrap(), "");
    let counts = server.ended();
    assert_eq!((counts.clients, counts.failed), (1, 1), "{counts:?}");
}

fn stopped_while_a_handler_works(bench: Bench) {
    let server = bench.plain();
    let mut client = stream(&server.at).unwrap();
    assert_eq!(client.ask("before").unwrap(), "before");
    client.write_all(b"hold").unwrap();
    server.stop();
    server.open_gate();
    let mut answer = [0; 4];
    client.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"free");
    client.leave();
    let counts = server.ended();
    assert_eq!((counts.clients, counts.done), (1, 1), "{counts:?}");
}

/// Neither descriptors nor threads, and of children not even zombies.
fn nothing_is_left_while_serving(bench: Bench) {
    let server = bench.plain();
    // Whoever has been served once holds all that it needs.
    stream(&server.at).unwrap().leave();
    until("it is alone again", || Holdings::of(server.pid()).children.is_empty().then_some(()));
    let mut before = Holdings::of(server.pid());
    before.threads.clear();
    for _ in 0..50 {
        let mut client = stream(&server.at).unwrap();
        assert_eq!(client.ask("hello").unwrap(), "hello");
        client.leave();
    }
    until("nothing is left of fifty clients", || {
        let mut now = Holdings::of(server.pid());
        // Workers stay; threads that were started for a client are counted by their number.
        let few = now.threads.len() <= 5;
        now.threads.clear();
        (few && before.leaked(&now).is_empty() && now.children.is_empty()).then_some(())
    });
    assert_eq!(server.finish().done, 51);
}

fn other_peoples_children(bench: Bench) {
    let server = (bench.start)(Wish { foreign: true, ..Wish::default() });
    for _ in 0..5 {
        stream(&server.at).unwrap().leave();
    }
    assert_eq!(server.finish().done, 5);
}

fn datagrams_come_back(bench: Bench) {
    let server = bench.plain();
    let client = dgram(&server.at);
    assert_eq!(client.ask("hello"), "hello");
    assert_eq!(client.ask(""), "", "an empty datagram is one");
    let long = "long ".repeat(12_000);
    assert!(client.ask(&long) == long);
    assert_eq!(server.finish().done, 3);
}

fn datagrams_of_many(bench: Bench) {
    let server = bench.plain();
    side_by_side(10, |n| {
        let client = dgram(&server.at);
        for turn in 0..20 {
            let text = format!("client {n} turn {turn}");
            assert_eq!(client.ask(&text), text);
        }
    });
    assert_eq!(server.finish().done, 200);
}

fn a_failure_costs_one_datagram(bench: Bench) {
    let server = bench.plain();
    let client = dgram(&server.at);
    client.send(b"fail").unwrap();
    client.send(b"panic").unwrap();
    let nobody = match &server.at {
        common::Address::Ip(_) => 0,
        common::Address::Path(path) => {
            // Without an address there is no way back; and one byte more than is taken.
            let nameless = std::os::unix::net::UnixDatagram::unbound().unwrap();
            nameless.send_to(b"hello", path).unwrap();
            client.send(&vec![b'.'; server::LONGEST + 1]).unwrap();
            2
        }
    };
    assert_eq!(client.ask("hello"), "hello");
    // The answer may overtake the end of those that were sent before it.
    let counts = server.finish();
    let wanted = Counts { clients: 3 + nobody, done: 1, failed: 1 + nobody, panicked: 1, ..counts };
    assert_eq!(counts, wanted);
}

fn beyond_the_limit_datagrams_wait(bench: Bench) {
    let server = (bench.start)(Wish { at_once: Some(1), ..Wish::default() });
    let (first, second) = (dgram(&server.at), dgram(&server.at));
    first.send(b"hold").unwrap();
    second.send(b"me too").unwrap();
    until("somebody waits at the gate", || is_silent(&second).then_some(()));
    server.open_gate();
    assert_eq!(first.receive().unwrap(), b"free");
    assert_eq!(second.receive().unwrap(), b"me too");
    let counts = server.finish();
    assert_eq!((counts.done, counts.peak), (2, 1));
    if bench.side_by_side {
        let server = bench.plain();
        let (first, second) = (dgram(&server.at), dgram(&server.at));
        first.send(b"hold").unwrap();
        assert_eq!(second.ask("me first"), "me first");
        server.open_gate();
        assert_eq!(first.receive().unwrap(), b"free");
        let counts = server.finish();
        assert_eq!((counts.done, counts.peak), (2, 2));
    }
}

fn datagrams_stopped_before_serving(bench: Bench) {
    stopped_before_serving(bench);
}

fn datagrams_stopped_while_idle(bench: Bench) {
    let server = bench.plain();
    testkit::until("it sleeps", || testkit::proc::asleep_in(server.pid(), server.pid()));
    assert_eq!(server.finish(), Counts::default());
}

fn datagrams_stopped_in_flight(bench: Bench) {
    let server = bench.plain();
    let client = dgram(&server.at);
    assert_eq!(client.ask("before"), "before");
    client.send(b"hold").unwrap();
    until("the handler holds it", || {
        let tasks = testkit::proc::pids().into_iter().flat_map(testkit::proc::tasks);
        let own = |task: &u32| {
            *task == server.pid()
                || testkit::proc::stat(*task).is_some_and(|stat| stat.parent == server.pid())
                || testkit::proc::tasks(server.pid()).contains(task)
        };
        let asleep_in_read = |task: u32| {
            std::fs::read_to_string(format!("/proc/{task}/syscall"))
                .is_ok_and(|text| text.starts_with(&format!("{} ", nix::libc::SYS_read)))
        };
        tasks.filter(own).any(asleep_in_read).then_some(())
    });
    server.stop();
    server.open_gate();
    assert_eq!(client.receive().unwrap(), b"free");
    let counts = server.ended();
    assert_eq!((counts.clients, counts.done), (2, 2));
}

fn nothing_is_left_by_datagrams(bench: Bench) {
    let server = bench.plain();
    let client = dgram(&server.at);
    assert_eq!(client.ask("hello"), "hello");
    until("it is alone again", || Holdings::of(server.pid()).children.is_empty().then_some(()));
    let mut before = Holdings::of(server.pid());
    before.threads.clear();
    let answered: BTreeSet<String> = (0..50).map(|_| client.ask("who")).collect();
    assert!(!answered.is_empty());
    until("nothing is left of fifty datagrams", || {
        let mut now = Holdings::of(server.pid());
        let few = now.threads.len() <= 5;
        now.threads.clear();
        (few && before.leaked(&now).is_empty() && now.children.is_empty()).then_some(())
    });
    assert_eq!(server.finish().done, 51);
}
