//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::Program;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day02-sockopt");

#[test]
fn the_whole_lesson() {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    let text = &done.stdout;
    let mut lines = text.lines();
    for part in [
        "listener  fd",
        "peer ENOTCONN",
        "client    fd",
        "accepted  fd",
        "datagrams fd",
        "peer ENOTCONN",
        "and vice versa: true",
        "the same socket: true",
        "options of new IPv4 sockets",
        "SO_RCVBUF 8192 → 16384",
        "the least there is",
        "SO_RCVBUF 1073741824 → ",
        "on the accepted socket: true",
        "first without SO_REUSEADDR, TIME_WAIT; second without: bind: EADDRINUSE",
        "first without SO_REUSEADDR, TIME_WAIT; second with   : bind: EADDRINUSE",
        "first with    SO_REUSEADDR, TIME_WAIT; second without: bind: EADDRINUSE",
        "first with    SO_REUSEADDR, TIME_WAIT; second with   : bind works",
        "both with SO_REUSEADDR: EADDRINUSE",
        "the second server: Address already in use",
        "3 datagrams sent: the first server got 3, the second 0",
    ] {
        // Each behind the one before.
        assert!(lines.any(|line| line.contains(part)), "{part:?} is not in\n{text}");
    }
}

/// The lowest free number comes back.
#[test]
fn a_descriptor_is_used_again() {
    let done = Program::new(PROGRAM).run();
    let line = done.stdout.lines().find(|line| line.contains("  close descriptor ")).unwrap();
    let numbers: Vec<u32> = line.split([' ', ',']).filter_map(|word| word.parse().ok()).collect();
    assert!(numbers.len() == 2 && numbers[0] == numbers[1], "{line}");
}

#[test]
fn the_table_is_what_the_kernel_says() {
    let done = Program::new(PROGRAM).args(["table"]).run();
    done.succeeded();
    let row = |name: &str| -> Vec<String> {
        let line = done.stdout.lines().find(|line| line.contains(name)).unwrap();
        line.split_whitespace().skip(2).map(String::from).collect()
    };
    assert_eq!(row("SO_TYPE"), ["SOCK_STREAM", "SOCK_DGRAM"]);
    assert_eq!(row("SO_REUSEADDR"), ["false", "false"]);
    assert_eq!(row("SO_LINGER"), ["None", "None"]);
    assert_eq!(row("TCP_NODELAY"), ["false", "EOPNOTSUPP"]);
    assert_eq!(row("IPV6_V6ONLY")[0], row("IPV6_V6ONLY")[1], "no option of an IPv4 socket");
    // What the system has configured.
    let read = |name: &str| std::fs::read_to_string(format!("/proc/sys/net/{name}")).unwrap();
    assert_eq!(row("SO_RCVBUF")[0], read("ipv4/tcp_rmem").split_whitespace().nth(1).unwrap());
    // The one of the whole machine is not to be seen in every container.
    if let Ok(size) = std::fs::read_to_string("/proc/sys/net/core/rmem_default") {
        assert_eq!(row("SO_RCVBUF")[1], size.trim());
    }
    assert_eq!(row("IP_TTL"), [read("ipv4/ip_default_ttl").trim(); 2]);
}

#[test]
fn help_and_mistakes() {
    let done = Program::new(PROGRAM).args(["--help"]).run();
    done.succeeded();
    assert!(done.stdout.contains("-- table"), "{}", done.stdout);
    Program::new(PROGRAM).args(["tabel"]).run().failed(2, "no role is called 'tabel'");
    Program::new(PROGRAM).args(["table", "x"]).run().failed(2, "one argument too many");
}
