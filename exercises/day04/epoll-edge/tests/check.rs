//! The server runs in a process of its own beside the test, which plays its clients. What it
//! watches, what lies in its sockets and where it sleeps is seen from outside. While it is stopped,
//! many things happen that are one event for it.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use epoll_edge::serve;
use nix::sys::signal::Signal;
use socket2::SockRef;
use testkit::exercise::{Beside, Echoes, Observed, PATIENCE, SPIN, beside};
use testkit::leaks::Holdings;
use testkit::{equal, peer, proc, step, until};
use trace::{Act, Descriptor, Fault, Fd, Object};

testkit::exercise! {
    t1_one_client_gets_its_echo,
    t2_everything_is_watched_by_edge,
    t3_stopped_and_continued,
    t4_fifty_connections_are_one_event,
    t5_a_photograph_is_one_event,
    t6_a_mebibyte_there_and_back: limit(Duration::from_secs(30)),
    t7_a_client_that_does_not_read: limit(Duration::from_secs(30)),
    t8_ends_and_crashes,
    t9_signals_short_writes_and_no_memory: faults(trouble),
}

fn t1_one_client_gets_its_echo() {
    let server = Server::start();
    let client = server.client();
    server.echoes(&client, "locker 12 is up", "the first thing that a client says");
    server.echoes(&client, "door 3 is open", "the second thing that it says");
    server.echoes(&client, "door 3 is closed", "the third thing that it says");
}

fn t2_everything_is_watched_by_edge() {
    let server = Server::start();
    let _clients = [(); 2].map(|()| {
        let client = server.client();
        server.echoes(&client, "hello", "what a client says");
        client
    });
    server.rests("Two clients are connected and say nothing");
    let pid = server.process.pid();
    let open = trace::descriptors_of(pid.cast_signed());
    let watches = watches(&open);
    assert!(
        !watches.is_empty(),
        "your server has no epoll instance that watches anything. {}",
        server.place()
    );
    for (fd, one) in &open {
        match &one.object {
            Object::Epoll { .. } => assert!(
                one.close_on_exec,
                "descriptor {fd}, the epoll instance, is not close-on-exec: every program that your \
                 server starts inherits it, and with it what it watches (epoll_create1(2), \
                 EPOLL_CLOEXEC)"
            ),
            Object::Socket(socket) if socket.kind == "tcp" => {
                let Some(events) = watches.get(fd) else {
                    panic!(
                        "descriptor {fd}, a socket, is not watched by epoll. {}",
                        server.place()
                    );
                };
                assert!(
                    events & EDGE != 0,
                    "descriptor {fd} is watched with events {events:#x}, as /proc/{pid}/fdinfo shows: \
                     EPOLLET (0x80000000) is not among them, so it is watched by level, and this \
                     exercise is about the other way (epoll(7), Level-triggered and edge-triggered)"
                );
            }
            _ => {}
        }
    }
    let sleeps = proc::asleep_in(pid, pid);
    assert!(
        sleeps.is_none_or(|call| WAITS.contains(&call)),
        "nobody says anything, and your server does not sleep in epoll_wait(2). {}",
        server.place()
    );
    let Holdings { threads, children, .. } = server.process.holdings();
    assert!(
        threads.len() == 1 && children.is_empty(),
        "your server has {} threads and {} children for two clients: one thread is enough for all",
        threads.len(),
        children.len()
    );
}

/// epoll_wait(2) is a system call of its own on some processors only.
const WAITS: &[i64] = &[
    #[cfg(target_arch = "x86_64")]
    libc::SYS_epoll_wait,
    libc::SYS_epoll_pwait,
    libc::SYS_epoll_pwait2,
];

fn t3_stopped_and_continued() {
    let server = Server::start();
    let client = server.client();
    server.echoes(&client, "before", "what a client says");
    server.rests("A client is connected and says nothing");
    server.while_it_stands_still(|| {});
    step!(
        "your server was stopped and let go on (SIGSTOP, SIGCONT): epoll_wait(2) fails with EINTR \
         then, although no handler has run (signal(7), Interruption of system calls by stop signals)"
    );
    server.echoes(&client, "after", "what the client says afterwards");
}

fn t4_fifty_connections_are_one_event() {
    let server = Server::start();
    server.echoes(&server.client(), "hello", "what a client says");
    let mut clients = Vec::new();
    server.while_it_stands_still(|| clients.extend((0..50).map(|_| server.client())));
    step!("50 clients have connected while your server stood still");
    for (number, client) in clients.iter().enumerate() {
        let text = format!("locker {number}");
        server.echoes(client, &text, "what one of them says");
    }
    drop(clients);
    server.has_let_go("Fifty clients have closed: a read from each of their sockets returns 0, and that is the end");
}

fn t5_a_photograph_is_one_event() {
    // All of it fits, there and back: nothing more comes that could be another event.
    let server = Server::with_buffers(256 * 1024, 256 * 1024);
    let client = server.client();
    server.echoes(&client, "a photograph follows", "what a client says");
    let photograph = pattern(150 * 1024);
    let mut writer = client.try_clone().unwrap();
    let text = photograph.clone();
    let writer = server.while_it_stands_still(|| {
        let writer = thread::spawn(move || writer.write_all(&text));
        // Until the kernel takes no more; where buffers are as small as by default, that is a part.
        let (mut bytes, mut since) = (0, Instant::now());
        while bytes < photograph.len() as u64 && since.elapsed() < SPIN {
            let now = server.lies_unread();
            if now != bytes {
                (bytes, since) = (now, Instant::now());
            }
            thread::sleep(Duration::from_millis(2));
        }
        step!(
            "a client has sent 150 KiB while your server stood still, and {bytes} bytes lay in its \
             socket before it woke"
        );
        writer
    });
    server.gives_back(&client, &photograph);
    writer.join().unwrap().unwrap();
}

fn t6_a_mebibyte_there_and_back() {
    let server = Server::start();
    let client = server.client();
    let film = pattern(1 << 20);
    let mut writer = client.try_clone().unwrap();
    let text = film.clone();
    let writer = thread::spawn(move || writer.write_all(&text));
    step!("a client sends 1 MiB, and reads at the same time");
    server.gives_back(&client, &film);
    writer.join().unwrap().unwrap();
    server.rests("A client has got back 1 MiB and says nothing more");
}

fn t7_a_client_that_does_not_read() {
    let server = Server::start();
    let mut stubborn = server.client();
    let (sent, _witness) = server.serves_others(&stubborn);
    server.rests("A client has sent and reads nothing");
    step!("now the stubborn client reads");
    let mut got = 0;
    while got < sent {
        match stubborn.read(&mut [0; 64 * 1024]) {
            Ok(n @ 1..) => got += n,
            end => panic!(
                "a client had sent {sent} bytes and read nothing. When it read at last, it got {got} \
                 bytes, and then {}. {}",
                words(&end),
                server.place()
            ),
        }
    }
    server.echoes(&stubborn, "I am back", "what it says when it has read all");
}

fn t8_ends_and_crashes() {
    let server = Server::start();
    let witness = server.client();
    server.echoes(&witness, "I am here", "the words of a witness");
    let mut client = server.client();
    client.write_all(b"good night").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    step!("a client has sent 10 bytes and ended its side (a FIN): it can still read");
    server.hears(&client, "good night", "what it had said before it ended its side");
    server.ends(&client);
    drop(client);
    server.has_let_go("A client has ended its side, and got all that it was owed");
    for length in [0, 5000] {
        let mut client = server.client();
        server.echoes(&client, "up", "what a client says before it crashes");
        server.while_it_stands_still(|| {
            client.write_all(&vec![b'!'; length]).unwrap();
            peer::reset(client).unwrap();
        });
        step!("a client has sent {length} bytes and crashed (a RST)");
        server
            .has_let_go("A client has crashed: EPOLLERR and EPOLLHUP come unasked (epoll_ctl(2))");
    }
    server.echoes(&witness, "still here", "a client that is all right, after others have crashed");
}

/// What a kernel may do, and hardly ever does.
fn trouble() -> Vec<Fault> {
    let socket = Fd::Kind("socket:");
    vec![
        Fault::on(&["@wait"], Act::Error(libc::EINTR)).every(2),
        Fault::on(&["@accept"], Act::Error(libc::ECONNABORTED)).every(3),
        Fault::on(&["@write"], Act::Short(5)).fd(socket).every(1),
        // The first two are the listener and the first client.
        Fault::on(&["epoll_ctl"], Act::Error(libc::ENOMEM)).nth(3).times(1),
    ]
}

fn t9_signals_short_writes_and_no_memory() {
    let server = Server::start();
    step!(
        "epoll_wait is interrupted (EINTR), accept finds a connection gone (ECONNABORTED), writes \
         take 5 bytes, and for one client epoll_ctl has no memory (ENOMEM)"
    );
    let first = server.client();
    server.echoes(&first, "a sentence that is longer than a write", "what a client says");
    let mut second = server.client();
    match second.read(&mut [0]) {
        Ok(0) => {}
        end => panic!(
            "a client could not be added to your epoll instance (ENOMEM), and is still connected: {}. \
             Nobody will ever be told what it says. Close it, and serve the others",
            words(&end)
        ),
    }
    server.echoes(&first, "and again", "what another client says then");
    server.echoes(&server.client(), "a new one", "what a new client says");
}

/// No two places of it are the same.
fn pattern(length: u32) -> Vec<u8> {
    (0..length).map(|n| (n % 251) as u8).collect()
}

/// The end of a read.
fn words(end: &std::io::Result<usize>) -> String {
    match end {
        Ok(0) => "the end of the stream".into(),
        Ok(_) => "more".into(),
        Err(error) if error.kind() == ErrorKind::WouldBlock => "nothing more".into(),
        Err(error) => format!("{error:?}"),
    }
}

/// The learner's server, in a process of its own.
struct Server {
    process: Beside,
    address: SocketAddr,
}

impl Observed for Server {
    fn process(&self) -> &Beside {
        &self.process
    }

    fn explains(&self, call: &str) -> Option<String> {
        (call == "epoll_wait").then(|| self.unread())
    }
}

impl Echoes for Server {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn learns_of_room(&self) -> &'static str {
        "; that there is room again will be an event, EPOLLOUT"
    }
}

impl Server {
    /// With small buffers, so that little fills them.
    fn start() -> Self {
        Self::with_buffers(64 * 1024, 16 * 1024)
    }

    fn with_buffers(receive: usize, send: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        // Inherited by the accepted sockets.
        SockRef::from(&listener).set_recv_buffer_size(receive).unwrap();
        SockRef::from(&listener).set_send_buffer_size(send).unwrap();
        let process = beside(move || serve(listener));
        Self { process, address }
    }

    /// How many bytes lie in its sockets.
    fn lies_unread(&self) -> u64 {
        let open = trace::descriptors_of(self.process.pid().cast_signed());
        let unread = open.values().map(|one| match &one.object {
            Object::Socket(socket) if socket.state.as_deref() != Some("LISTEN") => socket.readable,
            _ => None,
        });
        unread.map(Option::unwrap_or_default).sum()
    }

    /// All of it, in order.
    fn gives_back(&self, mut client: &TcpStream, sent: &[u8]) {
        let mut got = Vec::new();
        let mut bytes = vec![0; 64 * 1024];
        while got.len() < sent.len() {
            match client.read(&mut bytes) {
                Ok(n @ 1..) => got.extend_from_slice(&bytes[..n]),
                end => panic!(
                    "of {} bytes that a client has sent, {} came back, and then {}. {}",
                    sent.len(),
                    got.len(),
                    words(&end),
                    self.place()
                ),
            }
        }
        let wrong = got.iter().zip(sent).position(|(got, sent)| got != sent);
        assert!(
            wrong.is_none(),
            "byte {} of {} is not the one that was sent: what does not fit into a write now is sent \
             later, in the same order",
            wrong.unwrap_or_default(),
            sent.len()
        );
    }

    /// What lies in its sockets, and how they are watched.
    fn unread(&self) -> String {
        let open = trace::descriptors_of(self.process.pid().cast_signed());
        let watches = watches(&open);
        for (fd, one) in &open {
            let Object::Socket(socket) = &one.object else { continue };
            let waiting = socket.backlog.map_or(0, |backlog| backlog.waiting);
            let unread = socket.readable.unwrap_or(0);
            let how = match watches.get(fd) {
                None => "is not watched by epoll".to_owned(),
                Some(events) if *events & EVENTS == 0 => {
                    "is not watched any more: EPOLLONESHOT has switched it off with its first event, \
                     until EPOLL_CTL_MOD (epoll_ctl(2))"
                        .into()
                }
                Some(events) if *events & EDGE != 0 => {
                    "is watched by edge: this was reported once, when it came, and will not be again \
                     before something else happens to it (epoll(7), question 9)"
                        .into()
                }
                Some(_) => "is watched".into(),
            };
            if waiting > 0 {
                return format!(
                    ", and in the queue of descriptor {fd}, the listener, connections wait: {waiting}. \
                     It {how}"
                );
            }
            if unread > 0 && socket.state.as_deref() != Some("LISTEN") {
                return format!(", and {unread} bytes lie unread in descriptor {fd}. It {how}");
            }
        }
        ", and nothing lies unread: all that came was taken".into()
    }
}

/// EPOLLIN, EPOLLPRI, EPOLLOUT, EPOLLRDHUP: what EPOLLONESHOT takes away.
const EVENTS: u32 = 0x2007;
const EDGE: u32 = 1 << 31;

/// Descriptor → events, of the first epoll instance.
fn watches(open: &BTreeMap<i32, Descriptor>) -> BTreeMap<i32, u32> {
    let epolls = open.values().filter_map(|one| match &one.object {
        Object::Epoll { watches } => Some(watches.clone()),
        _ => None,
    });
    epolls.fold(BTreeMap::new(), |mut all, one| {
        all.extend(one);
        all
    })
}
