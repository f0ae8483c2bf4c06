//! How a server ends, and of what.

use std::fs;
use std::net::TcpStream;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use testkit::{Running, until};

use crate::common::{Here, PIECE, Server, Way, big, children, is_gone, tftp};

fn both(folder: &str) -> Running {
    let mut running =
        tftp(&["serve", folder, "--tcp", "127.0.0.1:0", "--udp", "127.0.0.1:0"]).spawn();
    running.line("listening on udp ");
    running
}

#[test]
fn one_server_ends_when_the_other_does() {
    let folder = tempfile::tempdir().unwrap();
    for victim in ["tcp", "udp"] {
        let running = both(folder.path().to_str().unwrap());
        let children = children(&running, 2);
        let (_, pid) = children.iter().find(|(name, _)| name == victim).unwrap();
        kill(*pid, Signal::SIGKILL).unwrap();
        let finished = running.wait();
        assert_eq!(finished.status.code(), Some(1), "{finished:#?}");
        let sentence = format!("capstone-tftp: the server of {victim} has ended: SIGKILL\n");
        assert!(finished.stderr.ends_with(&sentence), "{finished:#?}");
        assert!(children.iter().all(|(_, pid)| kill(*pid, None).is_err()), "nobody is left");
    }
}

#[test]
fn a_keeper_that_is_killed_takes_its_servers_along() {
    let folder = tempfile::tempdir().unwrap();
    let running = both(folder.path().to_str().unwrap());
    let children = children(&running, 2);
    let keeper = Pid::from_raw(running.pid().cast_signed());
    kill(keeper, Signal::SIGKILL).unwrap();
    until("both have ended", || children.iter().all(|(_, pid)| is_gone(*pid)).then_some(()));
    assert_eq!(running.wait().signal(), Some(9));
}

#[test]
fn what_is_under_way_is_finished() {
    for model in ["fork", "thread", "epoll"] {
        let (server, here) = (Server::with(&["--model", model, "--grace", "60"]), Here::new());
        fs::write(server.path("big"), big()).unwrap();
        let way = Way::halting_after(server.tcp, PIECE);
        let client =
            here.program(&["get", &way.address.to_string(), "big", "--retries", "0"]).spawn();
        let halt = way.halted();
        server.running.signal(Signal::SIGTERM);
        until("the server has heard it", || server.running.stderr().find("event=stop"));
        // Nobody else comes in.
        until("the port is closed", || TcpStream::connect(server.tcp).err());
        halt.go_on();
        client.wait().succeeded();
        assert!(fs::read(here.path("big")).unwrap() == big(), "{model}");
        assert!(server.running.wait().status.success());
    }
}

#[test]
fn a_second_signal_ends_all_at_once() {
    for model in ["iterative", "fork", "thread", "pool", "epoll"] {
        let (server, here) = (Server::with(&["--model", model, "--grace", "3600"]), Here::new());
        fs::write(server.path("big"), big()).unwrap();
        let way = Way::halting_after(server.tcp, PIECE);
        let client =
            here.program(&["get", &way.address.to_string(), "big", "--retries", "0"]).spawn();
        let _halt = way.halted();
        server.running.signal(Signal::SIGTERM);
        until("the first was heard", || server.running.stderr().find("event=stop"));
        server.running.signal(Signal::SIGINT);
        // Also the children of a child that was killed: `wait` would find them.
        assert!(server.running.wait().status.success(), "{model}");
        client.signal(Signal::SIGKILL);
        client.wait();
    }
}
