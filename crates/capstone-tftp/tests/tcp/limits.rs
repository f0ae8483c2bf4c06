//! Time, numbers, and the end.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use capstone_tftp::server::tcp::Model;
use capstone_tftp::wire::{Answer, Code, Request};
use testkit::leaks::Holdings;
use testkit::until;

use crate::peer::{Peer, content, done, get, put};
use crate::start::{Running, Wish, start, start_with};

const PATIENCE: Duration = Duration::from_millis(200);

fn impatient(model: Model) -> Running {
    start_with(model, Wish { patience: PATIENCE, ..Wish::default() })
}

/// The server ends the connection, and not too early.
fn is_dropped(mut peer: Peer, since: Instant) {
    let mut rest = Vec::new();
    let _ = peer.0.read_to_end(&mut rest);
    assert!(since.elapsed() >= PATIENCE, "{:?}", since.elapsed());
}

pub(crate) fn the_silent_are_dropped(model: Model) {
    let server = impatient(model);
    let since = Instant::now();
    is_dropped(server.peer(), since);
    let (mut peer, since) = (server.peer(), Instant::now());
    peer.says(&Request::List.to_bytes());
    peer.hears(&Answer::List { count: 0 });
    is_dropped(peer, since);
    let counts = server.finish();
    assert_eq!((counts.done, counts.failed), (0, 2));
}

pub(crate) fn half_a_request_is_silence(model: Model) {
    let server = impatient(model);
    let (mut peer, since) = (server.peer(), Instant::now());
    let name = vec![b'x'; 4000];
    // As fast as it is read: never silent for more than a moment, and no request for ever.
    for byte in get(&name, false).iter().cycle() {
        if peer.0.write_all(&[*byte]).is_err() {
            break;
        }
        thread::sleep(Duration::from_millis(1));
        assert!(since.elapsed() < testkit::LIMIT, "it drips for ever");
    }
    assert!(since.elapsed() >= PATIENCE);
    assert_eq!(server.finish().failed, 1);
}

pub(crate) fn half_a_file_is_silence(model: Model) {
    let server = impatient(model);
    let (mut peer, since) = (server.peer(), Instant::now());
    peer.says(&put(b"a", 1 << 20));
    peer.hears(&Answer::Go);
    peer.says(&[b'x'; 10_000]);
    is_dropped(peer, since);
    until("nothing is left of it", || server.names().is_empty().then_some(()));
    assert_eq!(server.finish().failed, 1);
}

pub(crate) fn who_reads_nothing_is_dropped(model: Model) {
    for checksum in [false, true] {
        let server = impatient(model);
        server.write("a", &content(16 << 20));
        let (mut peer, since) = (server.peer(), Instant::now());
        peer.says(&get(b"a", checksum));
        peer.found();
        // The grace is long, but it has only this one to wait for.
        assert_eq!(server.finish().failed, 1);
        assert!(since.elapsed() >= PATIENCE);
    }
}

/// As long as it gets ahead, it may take as long as it takes.
pub(crate) fn who_reads_slowly_is_not(model: Model) {
    // Longer than a pause, even on a busy machine, and far shorter than the whole. The pieces are
    // large, because the kernel takes several MiB from the server before anybody reads.
    let (patience, pause) = (Duration::from_millis(800), Duration::from_millis(320));
    let server = start_with(model, Wish { patience, ..Wish::default() });
    let file = content(32 << 20);
    server.write("a", &file);
    // What computes a checksum differs in one place, which is the same in all models.
    for checksum in if model == Model::Epoll { &[false, true][..] } else { &[false] } {
        let (mut peer, since) = (server.peer(), Instant::now());
        peer.says(&get(b"a", *checksum));
        assert_eq!(peer.found().0, file.len() as u64);
        for piece in file.chunks(4 << 20) {
            assert!(peer.take(piece.len()) == piece);
            thread::sleep(pause);
        }
        assert_eq!(peer.frame()[0], b'D');
        assert!(since.elapsed() > patience * 2);
    }
    let (mut peer, since) = (server.peer(), Instant::now());
    peer.says(&put(b"b", file.len()));
    peer.hears(&Answer::Go);
    for piece in file.chunks(4 << 20) {
        peer.says(piece);
        thread::sleep(pause);
    }
    peer.says(&done(&file));
    peer.hears(&Answer::Done { checksum: None });
    assert!(since.elapsed() > patience * 2);
    peer.quits();
    server.finish();
}

pub(crate) fn two_hundred_at_once(model: Model) {
    const MANY: usize = 200;
    if model == Model::Iterative {
        return;
    }
    if let Err(reason) = testkit::need::descriptors(2 * MANY as u64 + 200) {
        testkit::skip!("{reason}");
    }
    let server = start_with(model, Wish { at_once: Some(MANY + 10), ..Wish::default() });
    let file = content(300_000);
    server.write("a", &file);
    // Whoever has been served once has all that it needs.
    server.peer().quits();
    let alone = || Some(Holdings::of(server.pid())).filter(|now| now.children.is_empty());
    let before = until("it is alone", alone);
    let mut peers: Vec<Peer> = (0..MANY)
        .map(|_| {
            let mut peer = server.peer();
            peer.says(&Request::State { name: b"a" }.to_bytes());
            assert_eq!(peer.found().0, file.len() as u64);
            peer
        })
        .collect();
    // All of them are inside; now all of them want something.
    for (number, peer) in peers.iter_mut().enumerate() {
        peer.says(&get(b"a", number % 2 == 0));
        peer.says(&put(number.to_string().as_bytes(), 1000));
    }
    let small = content(1000);
    for (number, peer) in peers.iter_mut().enumerate() {
        peer.gets(&file, number % 2 == 0);
        peer.hears(&Answer::Go);
        peer.says(&[&*small, &done(&small)].concat());
        peer.hears(&Answer::Done { checksum: None });
    }
    peers.into_iter().for_each(Peer::quits);
    until("nobody is left, not even a zombie", || {
        let mut now = Holdings::of(server.pid());
        let few = now.threads.len() <= before.threads.len() + 1 || model == Model::Pool;
        now.threads.clone_from(&before.threads);
        (few && now.children.is_empty() && before.leaked(&now).is_empty()).then_some(())
    });
    assert_eq!(server.names().len(), MANY + 1);
    let counts = server.finish();
    assert_eq!((counts.done, counts.peak), (MANY as u64 + 1, MANY as u64));
}

pub(crate) fn running_out_of_descriptors(model: Model) {
    if model == Model::Iterative {
        return;
    }
    let server = start_with(model, Wish { files: Some(40), at_once: Some(100), ..Wish::default() });
    let file = content(100_000);
    server.write("a", &file);
    let mut peers: Vec<Peer> = (0..60).map(|_| server.peer()).collect();
    // Whoever is inside is answered; whoever is not comes in when somebody leaves.
    for peer in &mut peers {
        peer.says(&get(b"a", true));
    }
    for peer in peers {
        gets_or_is_refused(&peer.0, &file).unwrap();
        peer.quits();
    }
    let mut peer = server.peer();
    peer.says(&get(b"a", true));
    peer.gets(&file, true);
    peer.quits();
    let counts = server.finish();
    assert_eq!((counts.clients, counts.done), (61, 61), "{counts:?}");
    assert!(counts.pauses > 0, "{counts:?}");
}

/// One answer to a get: all of the file, or that there is no descriptor for it.
fn gets_or_is_refused(mut stream: &TcpStream, file: &[u8]) -> std::io::Result<()> {
    let mut header = [0; 4 + 1];
    stream.read_exact(&mut header)?;
    let rest = u32::from_be_bytes([header[0], header[1], header[2], header[3]]) as usize - 1;
    let mut fields = vec![0; rest];
    stream.read_exact(&mut fields)?;
    match header[4] {
        b'G' => {
            let mut got = vec![0; file.len() + 4 + 1 + 4];
            stream.read_exact(&mut got)?;
            assert!(got.starts_with(file) && got[file.len() + 4] == b'D');
        }
        b'E' => assert_eq!(Code::from(fields[0]), Code::Trouble),
        other => panic!("{}", other.escape_ascii()),
    }
    Ok(())
}

pub(crate) fn a_stop_lets_the_idle_go_and_the_busy_finish(model: Model) {
    let server = start(model);
    let file = content(16 << 20);
    server.write("a", &file);
    let mut busy = server.peer();
    busy.says(&get(b"a", false));
    busy.found();
    let mut idle = None;
    if model != Model::Iterative {
        let mut peer = server.peer();
        peer.says(&Request::State { name: b"a" }.to_bytes());
        peer.found();
        idle = Some(peer);
        let mut uploading = server.peer();
        uploading.says(&put(b"b", 3));
        uploading.hears(&Answer::Go);
        server.stop();
        idle.take().unwrap().ends();
        uploading.says(&[&b"hey"[..], &done(b"hey"), &Request::List.to_bytes()].concat());
        uploading.hears(&Answer::Done { checksum: None });
        // Nothing is begun any more: the end, or a reset because of what was not read.
        let _ = uploading.0.read_to_end(&mut Vec::new());
        assert_eq!(server.names(), ["a", "b"]);
    }
    server.stop();
    assert!(busy.take(file.len()) == file);
    busy.hears(&Answer::Done { checksum: None });
    busy.ends();
    drop(idle);
    let counts = server.ended();
    assert_eq!(counts.clients, counts.done);
}

pub(crate) fn a_stop_waits_no_longer_than_its_grace(model: Model) {
    let server = start_with(model, Wish { grace: PATIENCE, ..Wish::default() });
    let mut busy = server.peer();
    busy.says(&put(b"a", 3));
    busy.hears(&Answer::Go);
    server.stop();
    let mut rest = Vec::new();
    let _ = busy.0.read_to_end(&mut rest);
    assert_eq!(server.names(), [""; 0]);
    let counts = server.ended();
    assert_eq!(counts.failed, 1);
}
