//! How a server begins: its command line, its address, its descriptors.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::io::{self, BufRead as _, BufReader};
use std::net::{SocketAddr, UdpSocket};
use std::os::fd::OwnedFd;

use common::{CHAT, Peer, Server};
use nix::sys::signal::Signal;
use testkit::{Program, skip};

fn chat(args: &[&str]) -> Program {
    Program::new(CHAT).args(args)
}

#[test]
fn help_has_examples_and_mistakes_are_one_sentence() {
    for args in [&["--help"][..], &["server", "--help"], &["client", "--help"]] {
        let finished = chat(args).run();
        finished.succeeded();
        assert!(finished.stdout.contains("Examples:\n  capstone-chat server"), "{finished:#?}");
    }
    chat(&["sever"]).run().failed(2, "unrecognized subcommand 'sever'");
    chat(&[]).run().failed(2, "requires a subcommand");
    chat(&["server"]).run().failed(2, "needs ADDR, such as 127.0.0.1:9999");
    chat(&["server", "9999"]).run().failed(2, "'9999' has no port");
    chat(&["server", "127.0.0.1:0", "--model", "thread"]).run().failed(2, "none of poll and fork");
    chat(&["server", "127.0.0.1:0", "--idle", "0"]).run().failed(2, "0 is not in 1..");
    chat(&["server", "127.0.0.1:0", "--log", "loud"]).run().failed(2, "none of off, warn, info");
    chat(&["server", "127.0.0.1:0", "--longest", "10"]).run().failed(2, "10 is not in 128..");
    chat(&["server", "192.0.2.1:0"]).run().failed(1, "EADDRNOTAVAIL");
}

#[test]
fn a_second_server_is_refused() {
    let server = Server::start();
    let address = server.address.to_string();
    chat(&["server", &address]).run().failed(1, &format!("another server has {address} already"));
    // The first one has lost nothing by that.
    Peer::login(server.address, "ann");
    // One that allows it to others, as the course's does, is refused as well.
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None).unwrap();
    socket.set_reuse_address(true).unwrap();
    let error = socket.bind(&server.address.into()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
}

#[test]
fn a_closed_output_is_no_failure() {
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    chat(&["server", "127.0.0.1:0"]).stdout(writer).run().succeeded();
    // `| head -1`: the reader has what it wanted, and the server goes on.
    let (reader, writer) = io::pipe().unwrap();
    let running = chat(&["server", "127.0.0.1:0"]).stdout(writer).spawn();
    let mut line = String::new();
    BufReader::new(reader).read_line(&mut line).unwrap();
    let address: SocketAddr = line.trim().rsplit(' ').next().unwrap().parse().unwrap();
    let [ann, bob] = Peer::all(address, ["ann", "bob"]);
    ann.says("hello");
    bob.hears("\nann 说:hello");
    running.signal(Signal::SIGTERM);
    assert!(running.wait().status.success());
}

/// Its standard input becomes `$at`, and it starts with `$rest`.
fn with_input_at(at: &str, rest: &str, input: OwnedFd) -> Server {
    let script = format!("exec {at}<&0 </dev/null; {rest} exec \"$0\" \"$@\"");
    let program = Program::new("sh").args(["-c", &script, CHAT, "server", "127.0.0.1:0"]);
    Server::of(program.args(["--log", "debug"]).stdin(input))
}

#[test]
fn a_log_that_nobody_reads_stops_nobody() {
    let (_reader, writer) = io::pipe().unwrap();
    let server = with_input_at("2", "", writer.into());
    let [ann, bob] = Peer::all(server.address, ["ann", "bob"]);
    // Ten times as much as a pipe holds.
    for n in 0..5000 {
        ann.says(&format!("{n:0100}"));
        bob.hears(format!("\nann 说:{n:0100}"));
    }
    server.running.signal(Signal::SIGTERM);
    assert!(server.running.wait().status.success());
}

#[test]
fn a_socket_of_systemd_is_taken_over() {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    // What comes before the server is there waits for it.
    let early = Peer::of(address);
    early.sends("L early");
    let server = with_input_at("3", "LISTEN_PID=$$ LISTEN_FDS=1", socket.into());
    assert_eq!(server.address, address);
    early.hears("OK");
    server.running.signal(Signal::SIGTERM);
    assert!(server.running.wait().status.success());

    let start = |rest: &str, input: OwnedFd| {
        let script = format!("exec 3<&0 </dev/null; {rest} exec \"$0\" server");
        Program::new("sh").args(["-c", &script, CHAT]).stdin(input).run()
    };
    let udp = || UdpSocket::bind("127.0.0.1:0").unwrap().into();
    let tcp = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    start("LISTEN_PID=$$ LISTEN_FDS=1", tcp.into()).failed(1, "EPROTOTYPE");
    start("LISTEN_PID=$$ LISTEN_FDS=2", udp()).failed(1, "EBADF");
    start("LISTEN_PID=$$ LISTEN_FDS=x", udp()).failed(1, "EINVAL");
    // It is for somebody else.
    start("LISTEN_PID=1 LISTEN_FDS=1", udp()).failed(2, "needs ADDR");
}

#[test]
fn ipv6_and_both_at_once() {
    if UdpSocket::bind("[::1]:0").is_err() {
        skip!("this machine has no IPv6");
    }
    for model in ["poll", "fork"] {
        let args = ["server", "[::]:0", "--model", model];
        let mut server = Server::of(chat(&args).stdin_pipe());
        let port = server.address.port();
        let six = Peer::login(SocketAddr::new([0, 0, 0, 0, 0, 0, 0, 1].into(), port), "six");
        let four = Peer::login(SocketAddr::new([127, 0, 0, 1].into(), port), "four");
        six.hears("\n欢迎 four 进入聊天室");
        for n in 0..10 {
            six.says(&n.to_string());
            four.hears(format!("\nsix 说:{n}"));
            four.says(&n.to_string());
            six.hears(format!("\nfour 说:{n}"));
        }
        server.running.type_in("both\n");
        six.hears("\n管理员 说:both");
        four.hears("\n管理员 说:both");
        server.end();
    }
}
