//! Their clients and our server, over a network that loses, doubles, reorders and delays ten of a
//! hundred each.
//!
//! Requests arrive, because the programs wait for five seconds before they ask again. Later they are
//! told to wait for one, and they count it anew from each packet, be it the same ACK as before: a
//! server that says it all the time keeps them from repeating what was lost. (curl, which answers
//! such an ACK by its DATA, is given no options: it would ask for a timeout of six seconds.) Files are
//! short, because the loss of a block of theirs takes them that second.
//!
//! atftp 0.8 is missing: it does not acknowledge a block that comes once more, as RFC 1350 would have
//! it, but repeats its ACK by time alone. Where that time was agreed, the server's repetitions, which
//! are as far apart, begin it anew for ever, and both give up.

use std::fs::{self, File};
use std::time::Duration;

use capstone_tftp::tftp::Timing;
use capstone_tftp::tftp::packet::{Packet, parse};
use testkit::net::{Chances, Fate, Lossy};
use testkit::{LIMIT, Program, need, skip};

use crate::clients::{Turn, curl, tftpc, there_and_back};
use crate::common::{Served, at_once, hasty, noise, rules, text};

fn weather(seed: u64, client: impl Fn(&Turn<'_>), bytes: &[u8]) {
    let timing = Timing { most: Duration::from_millis(2500), ..hasty() };
    let server = Served::with("127.0.0.1:0", rules(), at_once(timing));
    let mut chances = Chances::all(10, Duration::from_millis(3)).seeded(seed);
    let net = Lossy::before(server.address, move |way, datagram| match parse(datagram) {
        Ok(Packet::Read(_) | Packet::Write(_)) => Fate::Arrives,
        _ => chances(way, datagram),
    });
    let net = net.unwrap();
    there_and_back(client, &server, net.address(), bytes);
    let counts = net.counts();
    assert!(counts.lost > 0 && counts.twice > 0 && counts.overtaken > 0, "{counts:?}");
}

/// Its `-c` takes one command; several come by standard input.
fn patient_hpa(mode: &'static str) -> impl Fn(&Turn<'_>) {
    move |turn| {
        let way = if turn.get { "get" } else { "put" };
        let commands = turn.scratch.join("commands");
        fs::write(&commands, format!("mode {mode}\nrexmt 1\n{way} file\n")).unwrap();
        let program = Program::new(need::program("tftp").unwrap()).in_dir(turn.scratch);
        let program = program.stdin(File::open(&commands).unwrap()).limit(2 * LIMIT);
        program.args([turn.host(), turn.port()]).run();
    }
}

#[test]
fn tftp_hpa_in_bad_weather() {
    if need::program("tftp").is_none() {
        skip!("tftp (Debian's tftp-hpa) is not there");
    }
    weather(1, patient_hpa("octet"), &noise(20_000, 1));
    weather(2, patient_hpa("netascii"), &text(15_000, 2));
}

#[test]
fn curl_in_bad_weather() {
    if need::program("curl").is_none() {
        skip!("curl is not there");
    }
    weather(3, curl(&["--tftp-no-options"], ""), &noise(30_000, 3));
}

#[test]
fn tftpc_in_bad_weather() {
    if need::program("tftpc").is_none() {
        skip!("tftpc (of the crate tftpd) is not there");
    }
    // It counts the tries of the whole transfer and gives up after six; so many may well be lost.
    weather(7, tftpc(&["-t", "1", "-m", "1000"]), &noise(20_000, 7));
    weather(8, tftpc(&["-t", "1", "-m", "1000", "-w", "8"]), &noise(50_000, 8));
}
