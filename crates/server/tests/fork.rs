//! What is special about a child for each client.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;

use common::{Bound as _, Wish, start, straight, stream};
use nix::sys::signal::Signal;
use process::signals::Disposition;
use server::{Connection, Error, Fork, Server, Tcp};
use testkit::leaks::Holdings;
use testkit::until;

testkit::cases!(
    a_process_with_threads_is_refused,
    a_child_holds_its_connection_and_nothing_else_of_the_server,
    a_client_is_a_child,
    forty_ends_at_once_are_all_reaped,
    where_the_kernel_reaps_the_ends_are_not_known,
    a_killed_child_is_a_failure,
);

fn echo(client: &Connection<TcpStream>) -> std::io::Result<()> {
    let (mut from, mut to) = (client, client);
    std::io::copy(&mut from, &mut to).map(drop)
}

fn a_process_with_threads_is_refused() {
    let server = Server::new(Tcp::bind(([127, 0, 0, 1], 0).into()).unwrap(), Fork, echo).unwrap();
    let mut client = TcpStream::connect(server.transport().address().unwrap()).unwrap();
    let (leave, stay) = std::sync::mpsc::channel::<()>();
    let other = thread::spawn(move || stay.recv());
    let error = server.serve().unwrap_err();
    assert_eq!(error, Error::Process(process::Error::Threads(2)));
    assert_eq!(error.to_string(), "a process with 2 threads must not fork (EINVAL)");
    assert_eq!(client.read(&mut [0]).unwrap(), 0, "the connection is closed");
    drop(leave);
    assert!(other.join().unwrap().is_err());
}

fn a_child_holds_its_connection_and_nothing_else_of_the_server() {
    let server = start(Tcp::bound, Fork, straight, Wish::default());
    let mut clients: Vec<_> = (0..3).map(|_| stream(&server.at).unwrap()).collect();
    for client in &mut clients {
        assert_eq!(client.ask("hello").unwrap(), "hello");
    }
    let children = Holdings::of(server.pid()).children;
    assert_eq!(children.len(), 3);
    for child in children.into_keys() {
        let held: Vec<String> = Holdings::of(child).descriptors.into_values().collect();
        let count = |kind: &str| held.iter().filter(|what| what.contains(kind)).count();
        assert_eq!(count("socket:"), 1, "{held:?}");
        assert_eq!(count("eventpoll") + count("pidfd"), 0, "{held:?}");
        assert_eq!(count("eventfd"), 1, "the stopper: {held:?}");
    }
    let server_holds = Holdings::of(server.pid()).descriptors;
    let sockets = server_holds.values().filter(|what| what.contains("socket:")).count();
    assert_eq!(sockets, 1, "the listener, and no connection: {server_holds:?}");
    clients.into_iter().for_each(common::Client::leave);
    assert_eq!(server.finish().done, 3);
}

fn a_client_is_a_child() {
    let server = start(Tcp::bound, Fork, straight, Wish::default());
    let mut client = stream(&server.at).unwrap();
    client.write_all(b"who").unwrap();
    client.shutdown();
    let who = client.rest().unwrap();
    let (pid, tid) = who.split_once(' ').unwrap();
    assert_eq!(pid, tid);
    assert_ne!(pid, server.pid().to_string());
    assert_eq!(server.finish().done, 1);
}

fn forty_ends_at_once_are_all_reaped() {
    let server = start(Tcp::bound, Fork, straight, Wish::default());
    let mut clients: Vec<_> = (0..40).map(|_| stream(&server.at).unwrap()).collect();
    for client in &mut clients {
        assert_eq!(client.ask("hello").unwrap(), "hello");
    }
    assert_eq!(Holdings::of(server.pid()).children.len(), 40);
    drop(clients);
    until("there is not even a zombie", || {
        Holdings::of(server.pid()).children.is_empty().then_some(())
    });
    let counts = server.finish();
    assert_eq!((counts.done, counts.peak), (40, 40));
}

fn where_the_kernel_reaps_the_ends_are_not_known() {
    let _ignored = Disposition::ignore(Signal::SIGCHLD).unwrap();
    let server = start(Tcp::bound, Fork, straight, Wish::default());
    for _ in 0..5 {
        let mut client = stream(&server.at).unwrap();
        assert_eq!(client.ask("hello").unwrap(), "hello");
        client.leave();
    }
    server.stop();
    until("it has gone", || testkit::proc::stat(server.pid()).is_none().then_some(()));
    assert_eq!(server.counts().failed, 5);
}

fn a_killed_child_is_a_failure() {
    let server = start(Tcp::bound, Fork, straight, Wish::default());
    let mut client = stream(&server.at).unwrap();
    assert_eq!(client.ask("hello").unwrap(), "hello");
    let (&child, _) = Holdings::of(server.pid()).children.first_key_value().unwrap();
    let child = nix::unistd::Pid::from_raw(child.cast_signed());
    nix::sys::signal::kill(child, Signal::SIGKILL).unwrap();
    assert_eq!(client.rest().unwrap(), "");
    assert_eq!(server.finish().failed, 1);
}
