//! Over a network that loses, doubles, reorders and delays, ten of a hundred each; and one that
//! does so once, at the place where it hurts most.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use capstone_tftp::client::udp::Options;
use capstone_tftp::tftp::options::Ask;
use capstone_tftp::tftp::packet::Mode;
use testkit::net::{Chances, Fate, Lossy, Way};
use testkit::{Program, need, skip};

use super::common::{Served, get, noise, options, put, text};

fn bad_weather() -> Chances {
    Chances::all(10, Duration::from_millis(3))
}

fn ask(blksize: u16, windowsize: u16) -> Ask {
    Ask { blksize: Some(blksize), windowsize: Some(windowsize), timeout: None, tsize: Some(0) }
}

#[test]
fn every_file_is_right_in_bad_weather() {
    let server = Served::start();
    let asks = [Ask::default(), ask(512, 1), ask(1428, 4), ask(100, 16), ask(8192, 3)];
    for (seed, ask) in (1..).zip(asks.into_iter().cycle().take(15)) {
        let net = Lossy::before(server.address, bad_weather().seeded(seed)).unwrap();
        let mode = if seed % 3 == 0 { Mode::Netascii } else { Mode::Octet };
        let options = Options { ask, mode, ..options() };
        let make = if mode == Mode::Octet { noise } else { text };
        for length in [0, 511, 512, 20_000] {
            let bytes = make(length, seed);
            put(net.address(), "file", &options, &bytes).unwrap();
            assert!(server.read("file") == bytes, "seed {seed}: {length} bytes there, {ask:?}");
            let got = get(net.address(), "file", &options).unwrap();
            assert!(got == bytes, "seed {seed}: {length} bytes back, {ask:?}");
        }
        let counts = net.counts();
        assert!(counts.lost > 0 && counts.twice > 0 && counts.overtaken > 0, "{counts:?}");
    }
    assert_eq!(server.files().len(), 1, "nothing else is left");
}

/// The one at this place, in each direction, for each that there is.
#[test]
fn whichever_packet_is_lost_or_doubled_the_file_is_right() {
    let server = Served::start();
    let bytes = noise(2500, 9);
    for ask in [Ask::default(), ask(512, 1), ask(512, 3)] {
        let options = Options { ask, ..options() };
        for way in [Way::ToServer, Way::ToClient] {
            for fate in [Fate::Lost, Fate::Twice, Fate::Overtaken] {
                for place in 0..9 {
                    let seen = AtomicU32::new(0);
                    let net = Lossy::before(server.address, move |to, _| {
                        let here = to == way && seen.fetch_add(1, Ordering::Relaxed) % 9 == place;
                        if here { fate } else { Fate::Arrives }
                    });
                    let net = net.unwrap();
                    put(net.address(), "file", &options, &bytes).unwrap();
                    assert!(server.read("file") == bytes, "{way:?} {fate:?} {place} {ask:?}");
                    let got = get(net.address(), "file", &options).unwrap();
                    assert!(got == bytes, "{way:?} {fate:?} {place} {ask:?}");
                }
            }
        }
    }
}

/// With a window, a DATA is not said more often than it is lost: nobody doubles what others double.
#[test]
fn doubled_packets_do_not_double_the_transfer() {
    let server = Served::start();
    let bytes = noise(200 * 512, 3);
    server.write("file", &bytes);
    for ask in [Ask::default(), ask(512, 8)] {
        let net = Lossy::before(server.address, |_, _| Fate::Twice).unwrap();
        let mut options = Options { ask, ..options() };
        // What is repeated by time would hide it.
        options.timing.first = Duration::from_secs(20);
        options.timing.least = Duration::from_secs(20);
        assert!(get(net.address(), "file", &options).unwrap() == bytes);
        let came = net.counts().came;
        // 201 DATA and as many ACKs, each once more for an answer to a repetition; not thousands.
        assert!(came < 1000, "{came} packets with {ask:?}");
    }
}

/// A real client. Those of the other programs wait for five seconds before they say anything again.
#[test]
fn busybox_in_bad_weather() {
    let Some(busybox) = need::program("busybox") else { skip!("busybox is not there") };
    let server = Served::start();
    let net = Lossy::before(server.address, bad_weather().seeded(77)).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let (host, port) = (net.address().ip().to_string(), net.address().port().to_string());
    let run = |way: &str| {
        let args = ["tftp", way, "-l", "file", "-r", "file", &host, &port];
        let finished = Program::new(&busybox).args(args).in_dir(scratch.path()).run();
        assert!(finished.status.success(), "{finished:#?}");
    };
    let bytes = noise(50_000, 77);
    std::fs::write(scratch.path().join("file"), &bytes).unwrap();
    run("-p");
    assert!(server.read("file") == bytes);
    std::fs::remove_file(scratch.path().join("file")).unwrap();
    run("-g");
    assert!(std::fs::read(scratch.path().join("file")).unwrap() == bytes);
}
