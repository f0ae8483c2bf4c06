//! How a server begins: its addresses, its descriptors, its processes.

use std::fs;
use std::io::{self, BufRead as _, BufReader};
use std::net::{TcpListener, UdpSocket};
use std::os::fd::OwnedFd;

use nix::sys::signal::Signal;
use testkit::{Program, skip};

use crate::common::{Here, Server, TFTP, address_of, tftp};

#[test]
fn every_model_serves() {
    for model in ["iterative", "fork", "thread", "pool", "epoll"] {
        let (server, here) = (Server::with(&["--model", model]), Here::new());
        fs::write(server.path("a"), "hello").unwrap();
        let got = here.run(&["get", &server.address(), "a", "-"]);
        got.succeeded();
        assert_eq!(got.stdout, "hello", "{model}");
        server.end();
    }
}

#[test]
fn a_busy_port_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().to_str().unwrap();
    let both = ["serve", dir, "--tcp", "127.0.0.1:0", "--udp", "127.0.0.1:0"];
    let mut first = tftp(&both).spawn();
    let tcp = address_of(&first.line("listening on tcp ")).to_string();
    let udp = address_of(&first.line("listening on udp ")).to_string();
    let taken = |address: &str| format!("another server has {address} already (EADDRINUSE)");
    tftp(&["serve", dir, "--tcp", &tcp]).run().failed(1, &taken(&tcp));
    // Although its workers share the port among themselves.
    tftp(&["serve", dir, "--udp", &udp]).run().failed(1, &taken(&udp));
    tftp(&["list", &tcp]).run().succeeded();
    tftp(&["serve", dir, "--tcp", "192.0.2.1:0"]).run().failed(1, "no address of this machine");
    first.signal(Signal::SIGTERM);
    assert!(first.wait().status.success());
}

#[test]
fn a_port_of_roots_is_one_sentence() {
    let proc = fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").unwrap();
    if proc.trim().parse::<u16>().unwrap() < 2 {
        skip!("every port is everybody's here");
    }
    let start = || tftp(&["serve", "/", "--read-only", "--tcp", "127.0.0.1:1"]).as_nobody();
    if let Err(why) = start().can_start() {
        skip!("{why}");
    }
    start().run().failed(1, "only root may listen on 127.0.0.1:1 (EACCES)");
}

#[test]
fn a_closed_output_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let serve = || tftp(&["serve", "--tcp", "127.0.0.1:0"]).args([folder.path()]);
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    let finished = serve().stdout(writer).run();
    assert!(finished.status.success(), "{finished:#?}");
    // `| head -1`: the reader has what it wanted, and the server goes on.
    let (reader, writer) = io::pipe().unwrap();
    let running = serve().stdout(writer).spawn();
    let mut line = String::new();
    BufReader::new(reader).read_line(&mut line).unwrap();
    tftp(&["list", &address_of(line.trim()).to_string()]).run().succeeded();
    running.signal(Signal::SIGTERM);
    assert!(running.wait().status.success());
}

/// Two sockets become descriptors 3 and 4, and the server starts with `$environment`.
fn handed(environment: &str, first: OwnedFd, second: OwnedFd, folder: &str) -> Program {
    // Standard input and output carry them into the shell; what the server prints goes to standard
    // error.
    let script =
        format!("exec 3<&0 4<&1 </dev/null >&2; {environment} exec \"$0\" serve \"$1\" --log off");
    Program::new("sh").args(["-c", &script, TFTP, folder]).stdin(first).stdout(second)
}

#[test]
fn sockets_of_systemd_are_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a"), "").unwrap();
    let folder = folder.path().to_str().unwrap();
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    let (tcp_at, udp_at) = (tcp.local_addr().unwrap(), udp.local_addr().unwrap());
    let both = "LISTEN_PID=$$ LISTEN_FDS=2";
    // In either order.
    let running = handed(both, udp.into(), tcp.into(), folder).spawn();
    let lines = [format!("listening on tcp {tcp_at}"), format!("listening on udp {udp_at}")];
    testkit::until("both are taken over", || {
        let told = running.stderr();
        lines.iter().all(|line| told.contains(line)).then_some(())
    });
    let listed = tftp(&["list", &tcp_at.to_string()]).run();
    assert_eq!(listed.stdout, "           0  a\n");
    running.signal(Signal::SIGTERM);
    assert!(running.wait().status.success());

    let tcp = || TcpListener::bind("127.0.0.1:0").unwrap().into();
    let connected = || std::os::unix::net::UnixStream::pair().unwrap().0.into();
    handed(both, tcp(), tcp(), folder).run().failed(1, "more than one TCP socket");
    handed(both, tcp(), connected(), folder).run().failed(1, "EPROTOTYPE");
    handed("LISTEN_PID=$$ LISTEN_FDS=3", tcp(), tcp(), folder).run().failed(1, "EBADF");
    // They are for somebody else.
    handed("LISTEN_PID=1 LISTEN_FDS=2", tcp(), tcp(), folder).run().failed(2, "LISTEN_FDS");
}
