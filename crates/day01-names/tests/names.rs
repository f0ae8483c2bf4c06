//! The lesson as its readers meet it, and the same questions asked of others.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::{Finished, Program, need, skip};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day01-names");

fn run(args: &[&str]) -> Finished {
    Program::new(PROGRAM).args(args).run()
}

fn told(args: &[&str]) -> String {
    let done = run(args);
    done.succeeded();
    done.stdout
}

#[test]
fn the_lesson_runs_by_itself() {
    let told = told(&[]);
    for line in [
        "getaddrinfo(127.1): 127.0.0.1, ",
        "192.168.1.2 is 0xc0 0xa8 0x01 0x02",
        "and back: 192.168.1.2",
        "\"127.1\"            refused            127.0.0.1",
        "\"192.168.01.2\"     refused            192.168.1.2",
        "\"192.168.010.2\"    refused            192.168.8.2",
        "\"192.168.1.256\"    refused            refused",
        "0:0:0:0:0:0:0:1        is ::1",
        "1::2::3                invalid IPv6",
        "192.168.1.1        private",
        "172.32.0.1         nothing special",
        "255.255.255.255    limited broadcast",
        "192.168.1.72/24: mask 255.255.255.0, broadcast 192.168.1.255",
        "192.168.1.72/22: mask 255.255.252.0, broadcast 192.168.3.255",
        "lo: 127.0.0.1, mask 255.0.0.0, all host bits set 127.255.255.255, broadcast none",
        "a connection to 127.0.0.1 came in at 127.0.0.1",
        "70000: number too large",
        "one port, TCP and UDP: both are bound",
        "the same port and address, TCP again: Address already in use",
    ] {
        assert!(told.lines().any(|l| l.starts_with(line)), "{line} is not in\n{told}");
    }
    let chosen = told.lines().find(|l| l.contains("ip_local_port_range")).unwrap();
    assert!(chosen.ends_with(": true"), "{chosen}");
}

/// Nothing in it depends on chance, not even a port.
#[test]
fn the_same_on_every_run() {
    assert_eq!(told(&[]), told(&[]));
}

/// Every end of every range.
#[test]
fn ports_by_iana() {
    for (port, class) in [
        ("0", "no port"),
        ("1", "system"),
        ("255", "system"),
        ("256", "system"),
        ("1023", "system"),
        ("1024", "user"),
        ("49151", "user"),
        ("49152", "dynamic"),
        ("65535", "dynamic"),
    ] {
        let told = told(&["port", port]);
        assert!(told.starts_with(&format!("{port}: {class}")), "{told}");
    }
}

/// What is said of the kernel is what /proc says, at both ends.
#[test]
fn ports_by_the_kernel() {
    let proc = |name| std::fs::read_to_string(format!("/proc/sys/net/ipv4/{name}")).unwrap();
    let range = proc("ip_local_port_range");
    let range: Vec<u16> = range.split_whitespace().map(|n| n.parse().unwrap()).collect();
    let clients = |port: u16| told(&["port", &port.to_string()]).contains("gives it to clients");
    assert!(clients(range[0]) && clients(range[1]));
    assert!(!clients(range[0] - 1));
    let first: u16 = proc("ip_unprivileged_port_start").trim().parse().unwrap();
    let root = |port: u16| told(&["port", &port.to_string()]).contains("a privilege");
    assert!(!root(first));
    assert!(first == 0 || first == 1 || root(first - 1));
}

#[test]
fn addresses_mean_something() {
    for (text, kind) in [
        ("127.255.255.254", "loopback"),
        ("10.255.0.1", "private"),
        ("172.15.0.1", "nothing special"),
        ("172.16.0.1", "private"),
        ("192.169.0.1", "nothing special"),
        ("::1", "loopback"),
        ("::", "unspecified"),
        ("febf::1", "link-local"),
        ("fec0::1", "nothing special"),
    ] {
        let told = told(&["address", text]);
        assert!(told.lines().any(|l| l == format!("{text}: {kind}")), "{told}");
    }
    assert_eq!(told(&["address", "1.2.3.4.5"]).lines().count(), 1);
}

/// Python's inet_aton is the C library's: it reads every text as ours does.
#[test]
fn python_reads_the_same() {
    if need::program("python3").is_none() {
        skip!("python3 is not installed");
    }
    for text in ["1.2.3.4", "127.1", "010.1", "0xff.1", "1.2.3.256", "1..2", "4294967295", "x"] {
        let script = "import socket, sys\ntry:\n  print(socket.inet_ntoa(socket.inet_aton(sys.argv[1])))\n\
                      except OSError:\n  print('refused')";
        let python = Program::new("python3").args(["-c", script, text]).run();
        python.succeeded();
        let ours = told(&["address", text]);
        let ours = ours.lines().next().unwrap().split_whitespace().last().unwrap();
        assert_eq!(ours, python.stdout.trim(), "{text}");
    }
}

/// getent(1) asks the same tables.
#[test]
fn getent_finds_the_same() {
    if need::program("getent").is_none() {
        skip!("getent is not installed");
    }
    let hosts = Program::new("getent").args(["ahosts", "localhost"]).run();
    let mut theirs: Vec<&str> =
        hosts.stdout.lines().filter_map(|l| l.split_whitespace().next()).collect();
    theirs.dedup();
    let ours = told(&["resolve", "localhost"]);
    let ours: Vec<&str> =
        ours.lines().map(|l| l.split(": ").nth(1).unwrap().split(',').next().unwrap()).collect();
    assert_eq!(ours, theirs);

    for (name, protocol) in [("http", "tcp"), ("mysql", "tcp"), ("tftp", "udp"), ("none", "tcp")] {
        let asked = format!("{name}/{protocol}");
        let theirs = Program::new("getent").args(["services", &asked]).run().stdout;
        let port = theirs.split_whitespace().nth(1).map(|p| p.split('/').next().unwrap());
        let port = port.unwrap_or("not in /etc/services");
        let line = format!("getservbyname({name}, {protocol}): {port}");
        let ours = told(&["service", name]);
        assert!(ours.lines().any(|l| l == line), "{line} is not in\n{ours}");
    }
}

#[test]
fn help_and_mistakes() {
    let help = told(&["--help"]);
    for part in ["-- resolve NAME", "-- address TEXT", "-- port NUMBER", "-- service NAME"] {
        assert!(help.contains(part), "{help}");
    }
    run(&["port", "70000"]).failed(2, "'70000' is no port: number too large");
    run(&["port", "http"]).failed(2, "'http' is no port");
    run(&["resolve"]).failed(2, "the resolve needs NAME");
    run(&["resolve", "no-such-host.invalid"]).failed(2, "no address is known for");
    run(&["ports"]).failed(2, "no role is called 'ports'");
}
