//! A download that is interrupted: by Ctrl-C, by a connection that breaks, by a server that is
//! killed. What has come is not lost, and nothing half appears under the final name.

use std::fs;

use nix::sys::signal::Signal;
use testkit::until;

use crate::common::{Here, PIECE, Server, Way, big};

/// The one hidden file of a client that was interrupted; how long it is.
fn part(here: &Here, name: &str) -> usize {
    let names = here.names();
    assert_eq!(names.len(), 1, "{names:?}");
    assert!(names[0].starts_with(&format!(".{name}.")) && names[0].contains(".part"), "{names:?}");
    fs::read(here.path(&names[0])).unwrap().len()
}

/// How many bytes of content the gets of a server's log have moved.
fn moved(log: &str) -> Vec<usize> {
    let bytes = |line: &str| {
        let rest = line.split_once("event=get bytes=")?.1;
        rest.split(' ').next()?.parse().ok()
    };
    log.lines().filter_map(bytes).collect()
}

#[test]
fn ctrl_c_leaves_no_half_file_and_the_next_get_goes_on() {
    for signal in [Signal::SIGINT, Signal::SIGTERM] {
        let (server, here) = (Server::with_big(), Here::new());
        let way = Way::halting_after(server.tcp, PIECE);
        // It would wait for a long time.
        let args = ["get", "--patience", "3600", &way.address.to_string(), "big"];
        let client = here.program(&args).spawn();
        let _halt = way.halted();
        until("something has come", || {
            here.names()
                .into_iter()
                .find(|name| fs::metadata(here.path(name)).is_ok_and(|part| part.len() > 0))
        });
        client.signal(signal);
        client.wait().failed(128 + signal as i32, "interrupted: 'big': what has come is kept");
        let come = part(&here, "big");
        assert!(0 < come && come < big().len(), "{come}");
        here.run(&["get", &server.address(), "big"]).succeeded();
        assert_eq!(here.names(), ["big"]);
        assert!(fs::read(here.path("big")).unwrap() == big());
        assert_eq!(moved(&server.end()), [big().len() - come]);
    }
}

#[test]
fn ctrl_c_while_nothing_comes_ends_it_too() {
    // A server that says nothing at all.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = silent.local_addr().unwrap().to_string();
    let client = crate::common::tftp(&["list", "--patience", "3600", &at]).spawn();
    let (_connection, _) = silent.accept().unwrap();
    client.signal(Signal::SIGINT);
    let finished = client.wait();
    assert_eq!(finished.status.code(), Some(130), "{finished:#?}");
}

#[test]
fn a_connection_that_breaks_is_made_again() {
    let (server, here) = (Server::with_big(), Here::new());
    let way = Way::halting_after(server.tcp, PIECE);
    let client = here.program(&["get", &way.address.to_string(), "big"]).spawn();
    drop(way.halted());
    client.wait().succeeded();
    assert!(fs::read(here.path("big")).unwrap() == big());
    assert_eq!(here.names(), ["big"]);
    let moved = moved(&server.end());
    assert!(moved.len() == 1 && moved[0] < big().len(), "{moved:?}");
}

#[test]
fn a_server_that_is_killed_and_comes_back_is_gone_on_with() {
    let (server, here) = (Server::with_big(), Here::new());
    let (way, at) = (Way::halting_after(server.tcp, PIECE), server.address());
    // It would try again for a long time.
    let client =
        here.program(&["get", &way.address.to_string(), "big", "--retries", "1000"]).spawn();
    let halt = way.halted();
    let server = Server::over(server.kill(), &at, &[]);
    drop(halt);
    client.wait().succeeded();
    assert!(fs::read(here.path("big")).unwrap() == big());
    let moved = moved(&server.end());
    assert!(moved.len() == 1 && moved[0] < big().len(), "{moved:?}");
}

#[test]
fn a_server_that_stays_away_is_one_sentence_and_what_has_come_is_kept() {
    let (server, here) = (Server::with_big(), Here::new());
    let way = Way::halting_after(server.tcp, PIECE);
    let client = here.program(&["get", &way.address.to_string(), "big", "--retries", "0"]).spawn();
    drop(way.halted());
    client.wait().failed(1, "'big': the connection has ended in the middle");
    assert!(part(&here, "big") > 0);
}

#[test]
fn a_file_that_has_changed_is_fetched_anew() {
    let (server, here) = (Server::with_big(), Here::new());
    let way = Way::halting_after(server.tcp, PIECE);
    let args = ["get", &way.address.to_string(), "big", "--retries", "0"];
    let client = here.program(&args).spawn();
    drop(way.halted());
    client.wait().failed(1, "'big': ");
    assert!(part(&here, "big") > 0);
    fs::rename(server.path("big"), server.path("old")).unwrap();
    let other: Vec<u8> = big().into_iter().rev().collect();
    fs::write(server.path("big"), &other).unwrap();
    here.run(&args).succeeded();
    assert!(fs::read(here.path("big")).unwrap() == other);
    // At once, and not after a comparison with what belongs to the old one.
    assert_eq!(moved(&server.end()), [other.len()]);
}

#[test]
fn a_damaged_part_is_found_out() {
    let (server, here) = (Server::with_big(), Here::new());
    let way = Way::halting_after(server.tcp, PIECE);
    let args = ["get", &way.address.to_string(), "big", "--retries", "0"];
    let client = here.program(&args).spawn();
    drop(way.halted());
    client.wait().failed(1, "'big': ");
    let part = here.path(&here.names()[0]);
    let mut bytes = fs::read(&part).unwrap();
    bytes[7] ^= 1;
    fs::write(&part, bytes).unwrap();
    here.run(&args).succeeded();
    assert!(fs::read(here.path("big")).unwrap() == big());
    assert_eq!(here.names(), ["big"]);
}
