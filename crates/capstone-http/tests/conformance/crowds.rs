//! Many at once.

use capstone_http::server::Model;
use testkit::leaks::Holdings;
use testkit::proc::{stat, tasks};
use testkit::until;

use crate::peer::{Peer, content, get};
use crate::start::{Wish, start_with};

/// Silent ones, half-sent ones and ones that read nothing: as many as the model can have.
pub(crate) fn the_idle_delay_nobody(model: Model) {
    let (silent, half, deaf) = match model {
        Model::Iterative => return,
        Model::Epoll => (500, 200, 50),
        // A process, or a thread, for each.
        Model::Fork | Model::Thread | Model::Pool => (100, 60, 20),
    };
    let all = silent + half + deaf;
    if let Err(reason) = testkit::need::descriptors(2 * all as u64 + 200) {
        testkit::skip!("{reason}");
    }
    let server = start_with(model, &Wish { connections: Some(all + 10), ..Wish::default() });
    let file = content(4 << 20);
    server.write("large", &file);
    server.write("a", b"hey");
    let before = Holdings::of(server.pid());
    let peers: Vec<Peer> = (0..all)
        .map(|number| {
            let mut peer = server.peer();
            if number >= silent + half {
                peer.says(get("/large"));
            } else if number >= silent {
                peer.says("GET /a HTTP/1.1\r\nHo");
            }
            peer
        })
        .collect();
    let mut peer = server.peer();
    for _ in 0..100 {
        peer.gets("/a", b"hey");
    }
    peer.gets("/large", &file);
    drop((peer, peers));
    until("nobody is left, not even a zombie", || {
        let mut now = Holdings::of(server.pid());
        let few = now.threads.len() <= before.threads.len() + 2 || model == Model::Pool;
        now.threads.clone_from(&before.threads);
        // The cache may keep what was asked for.
        let few_files = now.descriptors.len() <= before.descriptors.len() + 4;
        (few && few_files && now.children.is_empty()).then_some(())
    });
    server.finish();
}

pub(crate) fn whoever_is_too_much_is_told_so(model: Model) {
    let most = 10;
    let server = start_with(model, &Wish { connections: Some(most), loops: 1, ..Wish::default() });
    server.write("a", b"hey");
    let most = if model == Model::Iterative { 1 } else { most };
    let mut peers: Vec<Peer> = (0..most).map(|_| server.peer()).collect();
    for peer in &mut peers {
        peer.gets("/a", b"hey");
    }
    let mut surplus = server.peer();
    surplus.says(get("/a"));
    if matches!(model, Model::Iterative | Model::Pool) {
        // Nobody is free to tell him; he waits.
        drop(peers);
        assert_eq!(surplus.hears().text(), "hey");
        drop(surplus);
    } else {
        let heard = surplus.hears();
        assert_eq!((heard.status, heard.field("Retry-After")), (503, Some("1")), "{heard:?}");
        surplus.closes();
        surplus.ends();
        drop(peers);
        until("there is room again", || {
            let mut peer = server.peer();
            peer.says(get("/a"));
            (peer.hears().status == 200).then_some(())
        });
    }
    server.finish();
}

/// Those who are between two requests make room for whoever comes, and nobody else does.
pub(crate) fn the_idle_make_room(model: Model) {
    if model != Model::Epoll {
        return;
    }
    let wish = Wish { descriptors: Some(48), loops: 1, ..Wish::default() };
    let server = start_with(model, &wish);
    let (mut silent, mut half) = (server.peer(), server.peer());
    half.says("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\na");
    let mut peers = Vec::new();
    for _ in 0..200 {
        let mut peer = server.peer();
        peer.says(get("/metrics"));
        assert_eq!(peer.hears().status, 200);
        peers.push(peer);
    }
    // Closed in peace, not reset.
    peers.remove(0).ends();
    half.says("bc");
    assert_eq!(half.hears().text(), "POST  abc");
    silent.says(get("/metrics"));
    assert_eq!(silent.hears().status, 200);
    drop((silent, half, peers));
    let counts = server.finish();
    assert_eq!((counts.done, counts.pauses), (202, 0), "{counts:?}");
}

pub(crate) fn running_out_of_descriptors(model: Model) {
    if model == Model::Iterative {
        return;
    }
    let most = 48;
    let wish = Wish { descriptors: Some(most), connections: Some(100), ..Wish::default() };
    let server = start_with(model, &wish);
    let file = content(100_000);
    server.write("large", &file);
    let mut peers: Vec<Peer> = (0..80).map(|_| server.peer()).collect();
    // Only now has it run out for certain: a fast one would have answered the first before the
    // last come. One that forks lets nobody in for the last descriptor alone.
    until("it lets nobody in any more, and rests", || {
        let full = Holdings::of(server.pid()).descriptors.len() as u64 + 1 >= most;
        let asleep = |task| stat(task).is_some_and(|stat| stat.state == 'S');
        (full && tasks(server.pid()).into_iter().all(asleep)).then_some(())
    });
    for peer in &mut peers {
        peer.says("GET /large HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    }
    for mut peer in peers {
        // Whoever is inside gets it, or learns that there is no descriptor for the file; whoever is
        // not comes in when somebody leaves.
        let heard = peer.hears();
        match heard.status {
            200 => assert!(heard.body == file),
            503 => assert_eq!(heard.field("Retry-After"), Some("1")),
            other => panic!("{other}"),
        }
    }
    // Each time somebody new: who is told 503 for there being too many has to leave.
    until("it is as before", || {
        let mut peer = server.peer();
        peer.says(get("/large"));
        (peer.hears().body == file).then_some(())
    });
    let counts = server.finish();
    assert!(counts.pauses > 0, "{counts:?}");
}
