//! Servers that are not there, go, come back or say nothing; strangers; signals.

use std::net::UdpSocket;

use nix::sys::signal::Signal;
use testkit::{proc, until};

use crate::hand::Hand;

/// So long that a test in which it matters never ends.
const FOR_EVER: [&str; 2] = ["--patience", "3600"];
const BRIEFLY: [&str; 2] = ["--patience", "0.05"];

#[test]
fn nobody_at_the_port_is_told_at_once() {
    let server = Hand::new();
    let client = server.client().args(["--name", "ann"]).args(FOR_EVER);
    let address = server.address();
    drop(server);
    client.run().failed(1, &format!("nobody answers at {address}: there is no server"));
}

#[test]
fn a_silent_server_is_asked_three_times() {
    let mut server = Hand::new();
    let client = server.client().args(["--name", "ann"]).args(BRIEFLY).spawn();
    (0..3).for_each(|_| server.hears("L ann"));
    client.wait().failed(1, &format!("nobody answers at {}, asked 3 times", server.address()));
}

#[test]
fn a_server_that_has_fallen_silent_is_left_all_the_same() {
    let mut server = Hand::new();
    let client = server.client().args(["--name", "ann"]).args(BRIEFLY).spawn();
    server.lets_in("ann");
    (0..3).for_each(|_| server.hears("Q ann"));
    client.wait().failed(1, "asked 3 times");
}

#[test]
fn a_refused_name_of_the_command_line_is_a_failure() {
    let mut server = Hand::new();
    let client = server.client().args(["--name", "ann"]).spawn();
    server.hears("L ann");
    server.says("该用户已存在");
    client.wait().failed(1, "the server refuses ann: 该用户已存在");
    server.client().args(["--name", "a b"]).run().failed(2, "a name cannot contain ' '");
    server.client().args(["--patience", "0"]).run().failed(2, "0.001 to 3600 seconds");
}

#[test]
fn nobody_but_the_server_is_believed() {
    let mut server = Hand::new();
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut client = server.client().args(["--name", "ann"]).args(FOR_EVER).stdin_pipe().spawn();
    server.hears("L ann");
    let to = server.heard_from();
    for lie in ["该用户已存在", "OK", "EXIT", "\n管理员 说:forged"] {
        stranger.send_to(lie.as_bytes(), to).unwrap();
    }
    server.says("OK");
    client.line("您已进入聊天室");
    for lie in ["EXIT", "\n管理员 说:forged"] {
        stranger.send_to(lie.as_bytes(), to).unwrap();
    }
    server.says("\nbob 说:true");
    assert_eq!(client.line(""), "bob 说:true");
    client.type_in("quit\n");
    server.lets_out("ann");
    client.wait().succeeded();
}

#[test]
fn a_server_that_is_restarted_is_entered_again() {
    let mut server = Hand::new();
    let address = server.address();
    let mut client = server.client().args(["--name", "ann"]).args(BRIEFLY).stdin_pipe().spawn();
    server.lets_in("ann");
    client.line("您已进入聊天室");
    drop(server);
    client.type_in("to nobody\n");
    until("the client says that the server has gone", || {
        client.stderr().contains("any more").then_some(())
    });
    let mut server = Hand::again(address);
    server.lets_in("ann");
    until("the client says that it is back", || {
        client.stderr().contains("ann is in the room again").then_some(())
    });
    client.type_in("to somebody\nquit\n");
    // A login that was repeated before the answer came is still in the socket.
    let said = until("something else than a login", || {
        Some(server.hears_any()).filter(|request| request != "L ann")
    });
    assert_eq!(said, "C ann to somebody");
    server.lets_out("ann");
    assert!(client.wait().status.success());
}

#[test]
fn a_server_that_sends_us_away_is_obeyed() {
    let mut server = Hand::new();
    let client = server.client().args(["--name", "ann"]).stdin_pipe().spawn();
    server.lets_in("ann");
    server.says("EXIT");
    let done = client.wait();
    assert!(done.status.success(), "{done:#?}");
    assert_eq!(done.stderr, "the server has ended this session\n");
}

#[test]
fn signals_leave_the_room_and_a_second_one_does_not_wait() {
    for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT] {
        let mut server = Hand::new();
        let client = || server.client().args(["--name", "ann"]).args(FOR_EVER).stdin_pipe();
        let (mut first, second) = (client().spawn(), client());
        server.lets_in("ann");
        first.line("您已进入聊天室");
        first.signal(signal);
        server.lets_out("ann");
        first.wait().succeeded();

        let mut second = second.spawn();
        server.lets_in("ann");
        second.line("您已进入聊天室");
        second.signal(signal);
        server.hears("Q ann");
        second.signal(signal);
        second.wait().failed(1, "left without an answer");
    }
}

/// A stop and a continuation interrupt what it waits in (EINTR).
#[test]
fn it_goes_on_after_a_stop() {
    let mut server = Hand::new();
    let mut client = server.client().args(["--name", "ann"]).args(FOR_EVER).stdin_pipe().spawn();
    server.hears("L ann");
    for _ in 0..10 {
        client.signal(Signal::SIGSTOP);
        until("it is stopped", || (proc::stat(client.pid())?.state == 'T').then_some(()));
        client.signal(Signal::SIGCONT);
        until("it goes on", || (proc::stat(client.pid())?.state != 'T').then_some(()));
    }
    server.says("OK");
    client.line("您已进入聊天室");
    client.type_in("still here\nquit\n");
    server.hears("C ann still here");
    server.lets_out("ann");
    client.wait().succeeded();
}

#[test]
fn a_server_behind_ipv6() {
    let Ok(socket) = UdpSocket::bind("[::1]:0") else {
        testkit::skip!("no IPv6 here");
    };
    let mut server = Hand::of(socket);
    let mut client = server.client().args(["--name", "ann"]).stdin_pipe().spawn();
    server.lets_in("ann");
    client.type_in("hello\nquit\n");
    server.hears("C ann hello");
    server.lets_out("ann");
    client.wait().succeeded();
}
