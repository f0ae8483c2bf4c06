//! The lesson as its readers meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::{Program, need, skip};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day01-layers");

fn lesson() -> String {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    done.stdout
}

/// Each step, and what both ends are in after it.
#[test]
fn every_state_that_can_be_relied_on() {
    let told = lesson();
    let mut lines = told.lines();
    for (step, states) in [
        ("a new socket", "CLOSE"),
        ("after listen", "LISTEN"),
        ("a SYN that nobody answers", "SYN_SENT"),
        ("connect is back", "the client is ESTABLISHED, the server is SYN_RECV"),
        ("data has come", "ESTABLISHED"),
        ("connect; nobody has called accept", "ESTABLISHED  LISTEN (listener)"),
        ("accept", "ESTABLISHED  ESTABLISHED"),
        ("5 bytes there, 6 bytes back", "ESTABLISHED  ESTABLISHED"),
        ("client: shutdown(Write); server: read gives 0", "FIN_WAIT2    CLOSE_WAIT"),
        ("server: close; client: read gives 0", "TIME_WAIT    none"),
        ("the client's own socket", "CLOSE"),
        ("client: close; no descriptor is left", "TIME_WAIT    none"),
        ("another one, reset; server: Connection reset by peer", "none         CLOSE"),
        ("the kernel's word for both", "CLOSE, CLOSE"),
        ("the client after connect", "ESTABLISHED"),
        ("the server after that", "CLOSE"),
        ("to a port where nobody listens", "Connection refused (os error 111)"),
        ("a datagram of 65507 bytes", "65507 sent"),
        ("a datagram of 65508 bytes", "Message too long (os error 90)"),
    ] {
        let found = lines.any(|l| l.trim_start().starts_with(step) && l.ends_with(states));
        assert!(found, "{step} … {states} is not in its place in\n{told}");
    }
}

/// The headers are what is left of a packet: the numbers fit together.
#[test]
fn the_layers_add_up() {
    let told = lesson();
    let number = |line: &str, word: &str| -> i64 {
        let line = told.lines().find(|l| l.trim_start().starts_with(line)).unwrap();
        let text = line.split(word).nth(1).unwrap().trim_start();
        text.split([' ', ',']).next().unwrap().parse().unwrap()
    };
    let (mss, mtu) = (number("transport:", "MSS"), number("internet:", ", MTU"));
    assert_eq!(number("MTU - MSS", "="), mtu - mss);
    assert!(mtu - mss >= 40, "20 bytes of IP and 20 of TCP: {told}");
}

/// Only ports may differ between two runs.
#[test]
fn the_same_on_every_run() {
    let masked = || {
        let port = |word: &str| word.parse::<u16>().is_ok_and(|n| n >= 1024);
        let told = lesson();
        let words = told.split_inclusive([' ', ',', '\n']);
        let words = words.filter(|word| !port(word.trim_end_matches([' ', ',', '\n'])));
        words.collect::<String>()
    };
    assert_eq!(masked(), masked());
}

/// The program is gone, its connection is still in TIME_WAIT: ss(8) sees it too.
#[test]
fn time_wait_outlives_the_program() {
    if need::program("ss").is_none() {
        skip!("ss is not installed");
    }
    let told = lesson();
    let line = told.lines().find(|l| l.contains("transport:")).unwrap();
    let ports: Vec<_> = line.split("port ").skip(1).collect();
    let port = |n: usize| ports[n].split([' ', ',']).next().unwrap();
    let filter = format!("sport = :{} and dport = :{}", port(0), port(1));
    let seen = Program::new("ss").args(["-Htan", "state", "time-wait", &filter]).run();
    seen.succeeded();
    assert_eq!(seen.stdout.lines().count(), 1, "{}", seen.stdout);
}

#[test]
fn help_and_mistakes() {
    let help = Program::new(PROGRAM).args(["--help"]).run();
    help.succeeded();
    assert!(help.stdout.contains("the whole lesson"), "{}", help.stdout);
    Program::new(PROGRAM).args(["server"]).run().failed(2, "no role is called 'server'");
    Program::new(PROGRAM).args(["--fast"]).run().failed(2, "invalid option '--fast'");
}
