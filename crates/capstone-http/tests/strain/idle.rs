//! Many who do nothing: nobody else notices, and each has its own time.

use std::fs::File;
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use socket2::SockRef;
use testkit::until;

use crate::counter;
use crate::peer::{Peer, get};
use crate::server::Server;

const HEADER: Duration = Duration::from_secs(3);
const IDLE: Duration = Duration::from_secs(4);
const WRITE: Duration = Duration::from_secs(5);

/// More than the kernel takes for a client that does not read.
const LARGE: u64 = 64 << 20;

struct Waiting {
    peer: Peer,
    since: Instant,
    limit: Duration,
    /// What it is told at the end, if anything.
    status: Option<u16>,
}

#[test]
fn by_epoll() {
    the_idle_delay_nobody("epoll", [250, 250, 200, 50]);
}

#[test]
fn by_thread() {
    the_idle_delay_nobody("thread", [50, 50, 60, 20]);
}

#[test]
fn by_pool() {
    the_idle_delay_nobody("pool", [50, 50, 60, 20]);
}

#[test]
fn by_fork() {
    the_idle_delay_nobody("fork", [50, 50, 60, 20]);
}

fn the_idle_delay_nobody(model: &str, [silent, idle, half, deaf]: [usize; 4]) {
    let all = silent + idle + half + deaf;
    if let Err(reason) = testkit::need::descriptors(4 * all as u64 + 200) {
        testkit::skip!("{reason}");
    }
    let seconds = [HEADER, IDLE, WRITE].map(|time| time.as_secs().to_string());
    let most = (all + 10).to_string();
    let server = Server::with(
        &[
            ["--model", model, "--max-connections", &most, "--metrics", "/metrics"],
            ["--header-time", &seconds[0], "--idle", &seconds[1], "--write-time", &seconds[2]],
        ]
        .concat(),
    );
    File::create(server.folder.path().join("large")).unwrap().set_len(LARGE).unwrap();

    let waiting = |limit, status, speak: &dyn Fn(&mut Peer)| {
        let (since, mut peer) = (Instant::now(), Peer::to(server.at));
        speak(&mut peer);
        Waiting { peer, since, limit, status }
    };
    let mut crowd: Vec<Waiting> = Vec::new();
    crowd.extend((0..silent).map(|_| waiting(HEADER, None, &|_| {})));
    crowd.extend(
        (0..half)
            .map(|_| waiting(HEADER, Some(408), &|peer| peer.says("GET /a.txt HTTP/1.1\r\nHo"))),
    );
    crowd.extend((0..idle).map(|_| waiting(IDLE, None, &|peer| peer.gets("/a.txt", b"hello"))));
    let deaf: Vec<Waiting> = (0..deaf)
        .map(|_| {
            waiting(WRITE, None, &|peer| {
                // The kernel shall not take everything in its place.
                SockRef::from(&peer.stream).set_recv_buffer_size(4096).unwrap();
                peer.says(get("/large"));
            })
        })
        .collect();

    // What this client is owed it gets, however many there are.
    let mut other = Peer::to(server.at);
    for _ in 0..100 {
        other.gets("/a.txt", b"hello");
    }
    drop(other);
    while !crowd.is_empty() {
        let ended = look(&crowd);
        let mut at = 0;
        crowd.retain_mut(|one| {
            at += 1;
            !ended[at - 1] || {
                assert!(one.since.elapsed() >= one.limit, "{:?} is too early", one.limit);
                one.parts();
                false
            }
        });
    }
    until("nobody else is left", || {
        (counter(server.at, "http_connections_open") == 1).then_some(())
    });
    for one in &deaf {
        assert!(one.since.elapsed() >= one.limit, "{:?} is too early", one.limit);
    }
    server.ends();
}

/// Who has heard something.
fn look(crowd: &[Waiting]) -> Vec<bool> {
    let fds = crowd.iter().map(|one| PollFd::new(one.peer.stream.as_fd(), PollFlags::POLLIN));
    let mut fds: Vec<PollFd<'_>> = fds.collect();
    let ready = poll(&mut fds, PollTimeout::try_from(testkit::LIMIT).unwrap()).unwrap();
    assert!(ready > 0, "{} are never dropped", crowd.len());
    fds.iter().map(|fd| fd.any().unwrap()).collect()
}

impl Waiting {
    fn parts(&mut self) {
        if let Some(status) = self.status {
            assert_eq!(self.peer.hears().status, status);
        }
        let Self { peer, .. } = self;
        // It has been told, and there is nothing more.
        assert_eq!(std::io::Read::read(&mut peer.stream, &mut [0]).unwrap(), 0);
    }
}
