//! Our client and our server.

use std::time::Duration;

use capstone_tftp::client::udp::Error;
use capstone_tftp::client::udp::{Job, get as client_get};
use capstone_tftp::server::udp::Options;
use capstone_tftp::tftp::End;
use capstone_tftp::tftp::options::Ask;
use capstone_tftp::tftp::packet::{Direction, Mode};
use server::Stopper;

use super::common::{Served, at_once, get, hasty, noise, options, put, rules, text};

/// No options, every option, and windows that do and do not fit.
fn asks() -> Vec<Ask> {
    let ask = |blksize, windowsize| Ask {
        blksize: Some(blksize),
        windowsize: Some(windowsize),
        timeout: Some(1),
        tsize: Some(0),
    };
    let mut asks = vec![Ask::default(), Ask { tsize: Some(0), ..Ask::default() }];
    asks.extend([ask(8, 1), ask(1428, 16), ask(65_464, 1), ask(65_464, 4), ask(1024, 7)]);
    asks
}

#[test]
fn every_length_comes_and_goes_with_every_option() {
    let server = Served::start();
    for ask in asks() {
        let options = capstone_tftp::client::udp::Options { ask, ..options() };
        for length in [0, 1, 511, 512, 513, 1428, 1428 * 16, 100_000] {
            let bytes = noise(length, length as u64);
            assert_eq!(put(server.address, "there", &options, &bytes).unwrap(), length as u64);
            assert!(server.read("there") == bytes, "{length} bytes with {ask:?}");
            assert!(get(server.address, "there", &options).unwrap() == bytes, "{length}, {ask:?}");
        }
    }
}

#[test]
fn text_comes_back_as_it_was() {
    let server = Served::start();
    for ask in asks() {
        let mut options = capstone_tftp::client::udp::Options { ask, ..options() };
        options.mode = Mode::Netascii;
        for length in [0, 1, 255, 256, 257, 512, 100_000] {
            for seed in 0..3 {
                let bytes = text(length, seed);
                put(server.address, "text", &options, &bytes).unwrap();
                assert!(server.read("text") == bytes, "{length} bytes with {ask:?}");
                assert!(get(server.address, "text", &options).unwrap() == bytes);
            }
        }
    }
}

/// 33 MB in blocks of 512 bytes are 64,453 blocks … and 40 MB are more than 65,535.
#[test]
fn block_numbers_roll_over() {
    let server = Served::start();
    let bytes = noise(40_000_000, 1);
    for windowsize in [None, Some(64)] {
        let mut options = options();
        options.ask = Ask { blksize: Some(512), windowsize, ..Ask::default() };
        put(server.address, "long", &options, &bytes).unwrap();
        assert!(server.read("long") == bytes);
        assert!(get(server.address, "long", &options).unwrap() == bytes);
    }
}

#[test]
fn it_works_on_ipv6_and_where_it_listens_everywhere() {
    for address in ["[::1]:0", "[::]:0", "0.0.0.0:0"] {
        let server = Served::with(address, rules(), at_once(hasty()));
        let bytes = noise(5000, 6);
        put(server.address, "a", &options(), &bytes).unwrap();
        assert!(get(server.address, "a", &options()).unwrap() == bytes, "{address}");
    }
    // Both families by one socket.
    let server = Served::with("[::]:0", rules(), at_once(hasty()));
    let v4 = ([127, 0, 0, 1], server.address.port()).into();
    put(v4, "b", &options(), b"four").unwrap();
    assert_eq!(get(server.address, "b", &options()).unwrap(), b"four");
}

/// The answer comes from the address that was asked, whatever the kernel would choose.
#[test]
fn a_server_of_all_addresses_answers_from_the_one_that_was_asked() {
    let server = Served::with("0.0.0.0:0", rules(), at_once(hasty()));
    server.write("a", b"here");
    let other = ([127, 0, 0, 5], server.address.port()).into();
    assert_eq!(get(other, "a", &options()).unwrap(), b"here");
    assert!(matches!(get(other, "b", &options()), Err(Error::Ended(End::Refused { code: 1, .. }))));
}

#[test]
fn refusals_have_their_numbers_and_their_words() {
    let strict = capstone_tftp::store::Rules { longest: 1000, files: 3, ..Default::default() };
    let server = Served::with("127.0.0.1:0", strict, at_once(hasty()));
    server.write("there", b"old");
    std::fs::create_dir(server.path("folder")).unwrap();
    let refused = |result: Result<_, Error>, number, part: &str| match result {
        Err(Error::Ended(End::Refused { code, words })) => {
            assert_eq!(code, number, "{words}");
            assert!(words.contains(part), "{words}");
        }
        other => panic!("{other:?}"),
    };
    let get = |name: &str| get(server.address, name, &options()).map(|_| 0);
    let put = |name: &str, bytes: &[u8]| put(server.address, name, &options(), bytes);
    refused(get("nowhere"), 1, "no such file");
    refused(get("../there"), 2, "name");
    refused(get("folder"), 2, "ordinary");
    refused(put("there", b"new"), 6, "exists");
    refused(put("long", &[0; 1001]), 3, "too large");
    refused(put("a/b", b""), 1, "no such file");
    put("second", b"").unwrap();
    refused(put("third", b""), 3, "too many");
    assert_eq!(server.read("there"), b"old");
    assert!(!server.path("long").exists());
}

/// Without tsize a file that is too long is only seen when it comes.
#[test]
fn an_upload_that_grows_too_long_is_refused_and_leaves_nothing() {
    let rules = capstone_tftp::store::Rules { longest: 1000, ..Default::default() };
    let server = Served::with("127.0.0.1:0", rules, at_once(hasty()));
    let mut options = options();
    options.ask = Ask::default();
    let error = put(server.address, "long", &options, &vec![0; 100_000]).unwrap_err();
    assert!(matches!(error, Error::Ended(End::Refused { code: 3, .. })), "{error:?}");
    assert!(server.files().is_empty());
}

#[test]
fn what_happened_is_told() {
    let server = Served::start();
    put(server.address, "a\nb", &options(), &[7; 3000]).unwrap();
    get(server.address, "a\nb", &options()).unwrap();
    get(server.address, "c", &options()).unwrap_err();
    let mut told = server.until_told(3);
    // The three came from three ports, and may have met two workers.
    told.sort_by_key(|one| (one.end != End::Done, one.wanted.clone().map(|wanted| wanted.0 as u8)));
    let rows: Vec<_> = told.iter().map(|one| (one.wanted.clone().unwrap(), one.bytes)).collect();
    let name = b"a\nb".to_vec();
    let read = ((Direction::Read, name.clone()), 3000);
    let written = ((Direction::Write, name), 3000);
    assert_eq!(rows, [read, written, ((Direction::Read, b"c".to_vec()), 0)]);
    assert!(told.iter().all(|one| one.peer.ip() == server.address.ip()));
    assert!(matches!(told[2].end, End::Failed { .. }), "{told:?}");
}

/// Ctrl-C, and a server that hears of it.
#[test]
fn a_client_that_is_stopped_tells_the_server() {
    let server = Served::start();
    server.write("long", &noise(1_000_000, 2));
    let (stop, mut options) = (Stopper::new().unwrap(), options());
    options.ask = Ask::default();
    let mut bytes = Vec::new();
    let mut progress = |progress: capstone_tftp::client::udp::Progress| {
        if progress.bytes > 100_000 {
            stop.stop().unwrap();
        }
    };
    let job = Job {
        server: server.address,
        name: b"long",
        options: &options,
        stop: Some(std::os::fd::AsFd::as_fd(&stop)),
        progress: &mut progress,
    };
    assert!(matches!(client_get(job, &mut bytes), Err(Error::Stopped)));
    assert!(bytes.len() < 1_000_000);
    let told = server.until_told(1);
    assert!(matches!(&told[0].end, End::Refused { code: 0, .. }), "{told:?}");
}

#[test]
fn a_client_gives_up_when_nobody_answers() {
    let nobody = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut options = options();
    options.timing.tries = 2;
    let error = get(nobody.local_addr().unwrap(), "a", &options).unwrap_err();
    assert!(matches!(error, Error::Ended(End::GivenUp)), "{error:?}");
    // It has asked as often as it was told to.
    nobody.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
    let asked = std::iter::from_fn(|| nobody.recv(&mut [0; 600]).ok()).count();
    assert_eq!(asked, 3);
}

/// What the file here says is told, and the server hears that something is wrong.
#[test]
fn a_local_file_that_fails_is_the_reason() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let server = Served::start();
    server.write("a", &vec![0; 200_000]);
    let options = options();
    let job = Job {
        server: server.address,
        name: b"a",
        options: &options,
        stop: None,
        progress: &mut |_| {},
    };
    let error = client_get(job, &mut Full).unwrap_err();
    assert!(matches!(&error, Error::Local(why) if why.kind() == std::io::ErrorKind::StorageFull));
    let told = server.until_told(1);
    assert!(matches!(&told[0].end, End::Refused { code: 3, .. }), "{told:?}");
}

/// What has begun is finished, what comes later is not begun.
#[test]
fn a_stop_waits_for_what_has_begun() {
    let patient = Options { timing: hasty(), ..Options::default() };
    let mut server = Served::with("127.0.0.1:0", rules(), patient);
    server.write("long", &noise(2_000_000, 3));
    let (begun, go_on) = (std::sync::mpsc::channel(), std::sync::mpsc::channel::<()>());
    let address = server.address;
    let transfer = std::thread::spawn(move || {
        let mut options = options();
        options.ask = Ask::default();
        let mut first = true;
        let mut bytes = Vec::new();
        let mut progress = |progress: capstone_tftp::client::udp::Progress| {
            if progress.bytes > 10_000 && std::mem::take(&mut first) {
                begun.0.send(()).unwrap();
                go_on.1.recv().unwrap();
            }
        };
        let progress: &mut dyn FnMut(_) = &mut progress;
        let job = Job { server: address, name: b"long", options: &options, stop: None, progress };
        client_get(job, &mut bytes).map(|_| bytes)
    });
    begun.1.recv().unwrap();
    server.stop.stop().unwrap();
    go_on.0.send(()).unwrap();
    assert!(transfer.join().unwrap().unwrap() == noise(2_000_000, 3));
    server.end();
    let mut options = options();
    options.timing.tries = 0;
    get(address, "long", &options).unwrap_err();
}

/// Who does not finish in time is told, and the server ends.
#[test]
fn a_stop_does_not_wait_longer_than_the_grace() {
    let options = Options { grace: Duration::from_millis(50), ..Options::default() };
    let mut server = Served::with("127.0.0.1:0", rules(), options);
    server.write("a", &[0; 2000]);
    let peer = super::raw::Peer::ask(server.address, b"\0\x01a\0octet\0");
    peer.hears_data(1);
    server.end();
    peer.hears_error(0);
    assert!(matches!(server.until_told(1)[0].end, End::Failed { .. }));
}
