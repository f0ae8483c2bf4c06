//! The server as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr};
use std::time::Duration;

use testkit::leaks::Holdings;
use testkit::{Program, Running, peer, skip, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day03-http-basic");
const GET: &str = "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
const HELLO: &str = "你好，世界\n";

fn start() -> (Running, SocketAddr) {
    let mut server = Program::new(PROGRAM).args(["server", "127.0.0.1:0"]).spawn();
    let address = server.addr();
    (server, address)
}

/// Everything that comes back; the connection must end by itself.
fn exchange(server: SocketAddr, request: impl AsRef<[u8]>) -> String {
    let mut client = peer::connect(server).unwrap();
    client.write_all(request.as_ref()).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    answer
}

#[track_caller]
fn expect_hello(server: SocketAddr) {
    let answer = exchange(server, GET);
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("\r\nContent-Length: 16\r\n"), "{answer}");
    assert!(answer.ends_with(&format!("\r\n\r\n{HELLO}")), "{answer}");
}

#[test]
fn pieces_are_one_request() {
    let (mut server, address) = start();
    for at in 1..GET.len() {
        let mut client = peer::connect(address).unwrap();
        client.write_all(&GET.as_bytes()[..at]).unwrap();
        server.line(&format!("{at} bytes have come"));
        client.write_all(&GET.as_bytes()[at..]).unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "cut at {at}: {answer}");
    }
}

#[test]
fn a_byte_every_50_ms() {
    let (_server, address) = start();
    let mut client = peer::connect(address).unwrap();
    let request = b"GET /hello HTTP/1.0\r\n\r\n";
    peer::drip(&client, request, Duration::from_millis(50)).unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with(HELLO), "{answer}");
}

#[test]
fn two_requests_in_one_write_get_two_answers_in_order() {
    let (_server, address) = start();
    let both = format!("GET / HTTP/1.1\r\nHost: x\r\n\r\n{GET}");
    let answer = exchange(address, both);
    assert_eq!(answer.matches("HTTP/1.1 200 OK\r\n").count(), 2, "{answer}");
    assert!(answer.find("text/html").unwrap() < answer.find("text/plain").unwrap(), "{answer}");
    assert_eq!(answer.matches("Connection: close").count(), 1, "{answer}");
}

#[test]
fn head_has_the_head_of_get_and_no_body() {
    let (_server, address) = start();
    let get = exchange(address, GET);
    let head = exchange(address, GET.replace("GET", "HEAD"));
    assert_eq!(get, format!("{head}{HELLO}"));
    let missing = exchange(address, GET.replace("GET /hello", "HEAD /nowhere"));
    assert!(missing.starts_with("HTTP/1.1 404") && missing.ends_with("\r\n\r\n"), "{missing}");
}

#[test]
fn what_is_refused_gets_a_whole_answer_although_it_goes_on_and_on() {
    let (_server, address) = start();
    let huge = "a".repeat(500_000);
    let post =
        format!("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{huge}", huge.len());
    for (request, status) in [
        (GET.replace("/hello", "/nowhere").into_bytes(), "404 Not Found"),
        (GET.replace("GET", "POST").into_bytes(), "405 Method Not Allowed\r\n"),
        (post.into_bytes(), "405 Method Not Allowed"),
        (format!("GET /{huge}").into_bytes(), "414 URI Too Long"),
        (format!("GET / HTTP/1.1\r\nHost: x\r\nX: {huge}").into_bytes(), "431 Request Header"),
        (GET.replace("\r\n", "\n").into_bytes(), "400 Bad Request"),
        (GET.replace("Host: x\r\n", "").into_bytes(), "400 Bad Request"),
        ((0..=255).cycle().take(100_000).collect(), "400 Bad Request"),
        (GET.replace("1.1", "2.0").into_bytes(), "505 HTTP Version"),
    ] {
        let answer = exchange(address, &request);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{status}: {answer}");
        assert_eq!(answer.contains("\r\nAllow: GET, HEAD\r\n"), status.starts_with("405"));
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("Content-Length: {}\r\n", body.len())), "{answer}");
    }
    expect_hello(address);
}

#[test]
fn half_a_request_and_none_at_all() {
    let (server, address) = start();
    let before = Holdings::of(server.pid());
    let client = peer::connect(address).unwrap();
    (&client).write_all(b"GET / HT").unwrap();
    let answer = peer::half_close(&client).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 400 "), "{}", answer.escape_ascii());
    let mute = peer::connect(address).unwrap();
    assert_eq!(peer::half_close(&mute).unwrap(), b"");
    for _ in 0..20 {
        let mut vanishing = peer::connect(address).unwrap();
        vanishing.write_all(&GET.as_bytes()[..9]).unwrap();
        peer::reset(vanishing).unwrap();
    }
    expect_hello(address);
    until("its descriptors are closed", || {
        before.leaked(&Holdings::of(server.pid())).is_empty().then_some(())
    });
    testkit::echo::expect_idle(&server);
}

/// The time of a request is limited, and others wait for no longer than that.
#[test]
fn a_client_that_says_nothing_more_is_sent_away() {
    let (_server, address) = start();
    let mut silent = peer::connect(address).unwrap();
    silent.write_all(b"GET / HT").unwrap();
    let mut answer = String::new();
    silent.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
    expect_hello(address);
}

#[test]
fn curl_is_content() {
    if testkit::need::program("curl").is_none() {
        skip!("curl is not installed");
    }
    let (_server, address) = start();
    let curl = |args: &[&str]| {
        let done = Program::new("curl").args(["-q", "-s", "-S", "--noproxy", "*"]).args(args).run();
        done.succeeded();
        done.stdout
    };
    let hello = format!("http://{address}/hello");
    assert_eq!(curl(&[&hello]), HELLO);
    assert_eq!(curl(&["-0", &hello]), HELLO);
    assert!(curl(&["-I", &hello]).ends_with("Content-Length: 16\r\n\r\n"));
    // Two pages, one connection.
    let count = "%{num_connects}\n";
    assert_eq!(curl(&["-w", count, &hello, &hello]), format!("{HELLO}1\n{HELLO}0\n"));
    let code = ["-o", "/dev/null", "-w", "%{http_code}"];
    assert_eq!(curl(&[&code[..], &[&format!("http://{address}/nowhere")]].concat()), "404");
    assert_eq!(curl(&[&code[..], &["-d", "a=b", &hello]].concat()), "405");
    assert_eq!(curl(&[&code[..], &["-X", "BREW", &hello]].concat()), "501");
}

#[test]
fn bash_and_nc_are_clients_too() {
    let (_server, address) = start();
    let (port, request) = (address.port(), r"printf 'GET /hello HTTP/1.0\r\n\r\n'");
    let bash = format!("exec 3<>/dev/tcp/127.0.0.1/{port}; {request} >&3; tail -n 1 <&3");
    // -N: end our side at the end of the input.
    let nc = format!("{request} | nc -N 127.0.0.1 {port} | tail -n 1");
    for (name, script) in [("bash", bash), ("nc", nc)] {
        if testkit::need::program(name).is_none() {
            skip!("{name} is not installed");
        }
        let done = Program::new("bash").args(["-c", &script]).run();
        done.succeeded();
        assert_eq!(done.stdout, HELLO, "{name}");
    }
}

#[test]
fn ipv6_and_a_client_that_half_closes() {
    let mut server = Program::new(PROGRAM).args(["server", "[::1]:0"]).spawn();
    if !std::path::Path::new("/proc/net/if_inet6").exists() {
        skip!("no IPv6 here");
    }
    let client = peer::connect(server.addr()).unwrap();
    (&client).write_all(GET.as_bytes()).unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    (&client).read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with(HELLO), "{answer}");
}

#[test]
fn mistakes_are_one_sentence() {
    let (_server, address) = start();
    let run = |args: &[&str]| Program::new(PROGRAM).args(args).run();
    run(&["server"]).failed(2, "the server needs ADDR");
    run(&["sever"]).failed(2, "no role is called 'sever'");
    run(&["server", "127.0.0.1"]).failed(2, "has no port");
    run(&["server", &address.to_string()]).failed(1, "Address already in use (EADDRINUSE)");
    let help = run(&["--help"]);
    help.succeeded();
    assert!(help.stdout.contains("-- server ADDR"), "{}", help.stdout);
}
