//! The life of a server: who speaks for the administrator, what it does without him, how it ends.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::io;

use common::{CHAT, Peer, Server, Statistics};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use testkit::{Program, leaks::Holdings, until};

fn chat(args: &[&str]) -> Program {
    Program::new(CHAT).args(args)
}

#[test]
fn both_signals_end_it_with_success() {
    for model in ["poll", "fork"] {
        for signal in [Signal::SIGINT, Signal::SIGTERM] {
            let server = Server::with(&["--model", model]);
            Peer::login(server.address, "ann");
            server.running.signal(signal);
            let finished = server.running.wait();
            assert!(finished.status.success(), "{finished:#?}");
            assert_eq!(finished.stdout.lines().count(), 1, "{finished:#?}");
        }
    }
}

#[test]
fn what_has_come_before_the_end_is_served() {
    let server = Server::start();
    let [ann, bob] = Peer::all(server.address, ["ann", "bob"]);
    server.running.signal(Signal::SIGSTOP);
    for n in 0..200 {
        ann.says(&n.to_string());
    }
    server.running.signal(Signal::SIGTERM);
    server.running.signal(Signal::SIGCONT);
    for n in 0..200 {
        bob.hears(format!("\nann 说:{n}"));
    }
    assert!(server.running.wait().status.success());
}

/// Two batches are served while the signals are looked at; the grace would have been for all.
#[test]
fn a_second_signal_ends_it_at_once() {
    let server = Server::with(&["--log", "info", "--grace", "1000"]);
    let [ann] = Peer::all(server.address, ["ann"]);
    server.running.signal(Signal::SIGSTOP);
    for n in 0..200 {
        ann.says(&n.to_string());
    }
    server.running.signal(Signal::SIGINT);
    server.running.signal(Signal::SIGTERM);
    server.running.signal(Signal::SIGCONT);
    let finished = server.running.wait();
    assert!(finished.status.success(), "{finished:#?}");
    let end = finished.stderr.lines().find(|line| line.contains("event=end")).unwrap();
    assert!(Statistics::read(end).get("said") <= 128, "{finished:#?}");
}

#[test]
fn the_room_lives_on_without_a_standard_input() {
    for model in ["poll", "fork"] {
        let args = ["server", "127.0.0.1:0", "--model", model];
        let mut closed = Server::with(&["--model", model]);
        closed.running.type_in("the last words");
        closed.running.close_stdin();
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        for server in [
            closed,
            Server::of(chat(&args)),
            Server::of(chat(&args).without_stdin()),
            // What cannot be read from is as good as nothing.
            Server::of(chat(&args).stdin(writer)),
            Server::of(chat(&args).stdin(std::fs::File::open("/").unwrap())),
        ] {
            let [ann, bob] = Peer::all(server.address, ["ann", "bob"]);
            ann.says("hello");
            bob.hears("\nann 说:hello");
            // It sleeps: the end of an input that is watched on and on is a busy loop.
            let pid = server.running.pid();
            assert!(testkit::proc::comes_to_rest(pid, std::time::Duration::from_millis(500)));
            server.end().are(&[("said", 1)]);
        }
    }
}

#[test]
fn an_administrator_in_a_file_says_all_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("lines");
    std::fs::write(&path, "one\ntwo\nthree").unwrap();
    for model in ["poll", "fork"] {
        let input = std::fs::File::open(&path).unwrap();
        let server = Server::of(chat(&["server", "127.0.0.1:0", "--model", model]).stdin(input));
        until("all is said", || (server.statistics().get("announced") == 3).then_some(()));
    }
}

#[test]
fn the_child_ends_with_its_parent_and_is_not_missed() {
    let server = Server::with(&["--model", "fork"]);
    let parent = server.running.pid();
    // It gives itself its name.
    let child = until("there is a child", || {
        let children = Holdings::of(parent).children;
        children.into_iter().find(|(_, name)| name.starts_with("administrator"))
    });
    kill(Pid::from_raw(child.0.cast_signed()), Signal::SIGKILL).unwrap();
    until("it is reaped", || Holdings::of(parent).children.is_empty().then_some(()));
    Peer::login(server.address, "ann");
    server.end();

    let server = Server::with(&["--model", "fork"]);
    let children = Holdings::of(server.running.pid()).children;
    server.running.signal(Signal::SIGKILL);
    let (&child, _) = children.first_key_value().unwrap();
    until("the child is gone", || {
        testkit::proc::stat(child).is_none_or(|stat| stat.state == 'Z').then_some(())
    });
}
