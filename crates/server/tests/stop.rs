//! The end of serving: whoever asks for it, whenever, and whatever is in flight.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use common::{Bound as _, Wish, is_silent, side_by_side, start, straight, stream};
use server::{
    Connection, Executor, Fork, Iterative, Multiplexed, Next, Pool, Reply, Server, Session,
    Sessions, Stopper, Tcp, Thread,
};
use syscall::Deadline;

testkit::cases!(
    from_another_thread,
    from_another_process,
    from_its_own_handler,
    from_the_handler_of_a_child,
    as_a_descriptor,
    one_word_for_several,
    many_at_once,
    a_child_that_does_not_return_is_killed,
    a_thread_that_does_not_return_is_left_behind,
    a_worker_that_does_not_return_is_left_behind,
    those_in_the_backlog_learn_of_it,
);

fn tcp() -> Tcp {
    Tcp::bind(([127, 0, 0, 1], 0).into()).unwrap()
}

/// Answers each piece with itself; "stop" is meant as it is said.
struct Word(Stopper);

impl Session for Word {
    fn received(&mut self, bytes: &[u8], reply: &mut Reply) -> std::io::Result<Next> {
        if bytes == b"stop" {
            self.0.stop()?;
        }
        reply.push(bytes);
        Ok(Next::Read)
    }
}

fn from_another_thread() {
    fn case<E: Executor<Tcp, Sessions<fn() -> Mute>> + Send + 'static>(executor: E) {
        let server = Server::new(tcp(), executor, Sessions(Mute::new as fn() -> Mute)).unwrap();
        let stopper = server.stopper();
        let serving = thread::spawn(move || server.serve().unwrap());
        stopper.stop().unwrap();
        assert_eq!(serving.join().unwrap().clients, 0);
    }
    case(Iterative);
    case(Thread);
    case(Pool::of(2));
    case(Multiplexed);
}

struct Mute;

impl Mute {
    fn new() -> Self {
        Self
    }
}

impl Session for Mute {
    fn received(&mut self, _: &[u8], _: &mut Reply) -> std::io::Result<Next> {
        Ok(Next::Read)
    }
}

fn from_another_process() {
    let server = Server::new(tcp(), Fork, Sessions(Mute::new)).unwrap();
    let stopper = server.stopper();
    let mut child = process::fork(|| {
        stopper.stop().unwrap();
        0
    })
    .unwrap();
    assert_eq!(server.serve().unwrap().clients, 0);
    assert!(child.join(Deadline::Never).unwrap().unwrap().success());
}

/// A client in a process of its own, which says "stop".
fn client(at: SocketAddr) -> process::Child {
    process::fork(move || {
        let mut server = TcpStream::connect(at).unwrap();
        server.write_all(b"stop").unwrap();
        let mut answer = [0; 4];
        server.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"stop");
        0
    })
    .unwrap()
}

fn stops_itself<E>(executor: E, make: impl FnOnce(Tcp, E) -> server::Served) {
    let transport = tcp();
    let mut client = client(transport.address().unwrap());
    let served = make(transport, executor);
    assert_eq!((served.clients, served.done), (1, 1));
    assert!(client.join(Deadline::Never).unwrap().unwrap().success());
}

/// Where CPython's `shutdown` would wait for itself for ever.
macro_rules! obeys {
    ($executor:expr) => {
        stops_itself($executor, |transport, executor| {
            let stopper = Stopper::new().unwrap();
            let word = stopper.clone();
            let handler = Sessions(move || Word(word.clone()));
            let server = Server::new(transport, executor, handler).unwrap().stopped_by(&stopper);
            server.serve().unwrap()
        });
    };
}

fn from_its_own_handler() {
    obeys!(Iterative);
    obeys!(Multiplexed);
    obeys!(Thread);
    obeys!(Pool::of(1));
}

fn from_the_handler_of_a_child() {
    obeys!(Fork);
}

fn as_a_descriptor() {
    let server = Server::new(tcp(), Iterative, Sessions(Mute::new)).unwrap();
    let stopper = server.stopper();
    assert!(is_silent(&stopper));
    stopper.stop().unwrap();
    stopper.stop().unwrap();
    assert!(!is_silent(&stopper));
    server.serve().unwrap();
    assert!(!is_silent(&stopper), "it stays so");
}

fn one_word_for_several() {
    let stopper = Stopper::new().unwrap();
    let servers = [(); 3].map(|()| {
        let server = Server::new(tcp(), Multiplexed, Sessions(Mute::new)).unwrap();
        let server = server.stopped_by(&stopper);
        thread::spawn(|| server.serve().unwrap())
    });
    stopper.stop().unwrap();
    for server in servers {
        assert_eq!(server.join().unwrap().clients, 0);
    }
}

/// A stop that meets the loop at any moment.
fn many_at_once() {
    for _ in 0..200 {
        let handler = |client: &Connection<TcpStream>| {
            let (mut from, mut to) = (client, client);
            std::io::copy(&mut from, &mut to).map(drop)
        };
        let server = Server::new(tcp(), Thread, handler).unwrap();
        let (stopper, at) = (server.stopper(), server.transport().address().unwrap());
        let serving = thread::spawn(move || server.serve().unwrap());
        side_by_side(2, |_| {
            // Served, refused or reset: all may happen.
            drop(TcpStream::connect(at));
            stopper.stop().unwrap();
        });
        serving.join().unwrap();
    }
}

fn does_not_return<E: Executor<Tcp, H>, H>(executor: E, handler: fn(common::Gate) -> H) {
    let wish = Wish { grace: Duration::from_millis(50), untidy: true, ..Wish::default() };
    let server = start(Tcp::bound, executor, handler, wish);
    let mut client = stream(&server.at).unwrap();
    assert_eq!(client.ask("hello").unwrap(), "hello");
    client.write_all(b"hold").unwrap();
    let begun = Instant::now();
    let counts = server.finish();
    assert_eq!((counts.clients, counts.dropped), (1, 1), "{counts:?}");
    assert!(begun.elapsed() >= wish.grace);
}

fn a_child_that_does_not_return_is_killed() {
    does_not_return(Fork, straight);
}

fn a_thread_that_does_not_return_is_left_behind() {
    does_not_return(Thread, straight);
}

fn a_worker_that_does_not_return_is_left_behind() {
    does_not_return(Pool::of(1), straight);
}

fn those_in_the_backlog_learn_of_it() {
    let server = Server::new(tcp(), Iterative, Sessions(Mute::new)).unwrap();
    let mut waiting = TcpStream::connect(server.transport().address().unwrap()).unwrap();
    server.stopper().stop().unwrap();
    assert_eq!(server.serve().unwrap().clients, 0);
    let error = waiting.read(&mut [0]).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}
