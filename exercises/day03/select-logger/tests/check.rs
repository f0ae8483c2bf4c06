//! The server runs in a process of its own beside the test, which plays the cranes and the officer
//! at the console. What has reached the log book is seen in the file, and what has not, in the
//! server's sockets.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

use select_logger::serve;
use testkit::exercise::{Beside, Observed, PATIENCE, beside};
use testkit::leaks::Holdings;
use testkit::{equal, peer, proc, step};
use trace::{Act, Fault, Fd, Object};

testkit::exercise! {
    t1_one_line_of_one_client,
    t2_an_idle_server_sleeps_in_select,
    t3_two_lines_in_one_write,
    t4_half_a_line_is_none_yet,
    t5_eighty_lines_in_halves,
    t6_a_client_leaves_and_another_crashes,
    t7_the_terminal_ends,
    t8_signals_and_short_calls: faults(trouble),
}

const LOG: &str = "log book";

fn t1_one_line_of_one_client() {
    let server = Server::start();
    let mut crane = server.client();
    crane.write_all(b"crane 4: up\n").unwrap();
    server.logs(b"crane 4: up\n", "a client has sent its first line");
    crane.write_all(b"crane 4: down\n").unwrap();
    server.logs(b"crane 4: up\ncrane 4: down\n", "it has sent its second line");
}

fn t2_an_idle_server_sleeps_in_select() {
    let mut server = Server::start();
    let mut cranes = [server.client(), server.client()];
    cranes[1].write_all(b"ready\n").unwrap();
    server.logs(b"ready\n", "one of two clients has sent a line");
    server.keyboard.write_all(b"typed\n").unwrap();
    server.logs(b"ready\ntyped\n", "the officer has typed a line");
    server.rests(
        "Two clients are connected and say nothing. Whoever asks for writability is told at once: a \
         connection is nearly always writable",
    );
    let pid = server.process.pid();
    assert!(
        proc::asleep_in(pid, pid).is_none_or(|call| SELECTS.contains(&call)),
        "nobody says anything, and your server does not sleep in select(2). One call has to wait for \
         everybody: a call that waits for one of them is deaf to the others. {}",
        server.place()
    );
    let Holdings { threads, children, .. } = server.process.holdings();
    assert!(
        threads.len() == 1 && children.is_empty(),
        "your server has {} threads and {} children: one thread and one select(2) are enough",
        threads.len(),
        children.len()
    );
}

/// select(2) is a system call of its own on some processors only.
const SELECTS: &[i64] = &[
    #[cfg(target_arch = "x86_64")]
    libc::SYS_select,
    libc::SYS_pselect6,
];

fn t3_two_lines_in_one_write() {
    let mut server = Server::start();
    let mut crane = server.client();
    crane.write_all(b"one\ntwo\n").unwrap();
    server.logs(b"one\ntwo\n", "a client has sent two lines in one write");
    server.keyboard.write_all(b"three\nfour\n").unwrap();
    server.logs(b"one\ntwo\nthree\nfour\n", "the officer has typed two lines at once");
    crane.write_all(b"caf\xe9\n\n").unwrap();
    server.logs(
        b"one\ntwo\nthree\nfour\ncaf\xe9\n\n",
        "a client has sent a line that is no UTF-8 (a byte 0xe9), and an empty one",
    );
}

fn t4_half_a_line_is_none_yet() {
    let mut server = Server::start();
    let (mut slow, mut quick) = (server.client(), server.client());
    slow.write_all(b"the load is").unwrap();
    server.rests("A client has sent half a line and says nothing more for now");
    equal!(
        text(&logged()),
        "",
        "the log book, when 11 bytes of a line have come and its end has not. A read gives what has \
         arrived, which is no line by itself: keep it until the rest is there, or whoever writes next \
         writes into the middle of it"
    );
    step!("a client has sent half a line, and goes on later");
    quick.write_all(b"crane 5: up\n").unwrap();
    server.logs(b"crane 5: up\n", "another client has sent a whole line");
    server.keyboard.write_all(b"fog\n").unwrap();
    server.logs(b"crane 5: up\nfog\n", "and the officer has typed a whole line");
    slow.write_all(b" 12 tons\n").unwrap();
    server.logs(
        b"crane 5: up\nfog\nthe load is 12 tons\n",
        "the first one has sent the other half of its line",
    );
}

fn t5_eighty_lines_in_halves() {
    let mut server = Server::start();
    let mut cranes = [(); 3].map(|()| server.client());
    for number in 0..20 {
        for (name, crane) in ["ann", "bob", "cat"].iter().zip(&mut cranes) {
            crane.write_all(format!("{name} ").as_bytes()).unwrap();
        }
        server.keyboard.write_all(b"officer ").unwrap();
        for crane in &mut cranes {
            crane.write_all(format!("{number}\n").as_bytes()).unwrap();
        }
        server.keyboard.write_all(format!("{number}\n").as_bytes()).unwrap();
    }
    step!("three clients and the officer have each sent 20 lines, in halves, mixed");
    let start = Instant::now();
    let lines = || text(&logged()).lines().count();
    while lines() < 80 && start.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(2));
    }
    server.rests("All lines have come");
    let mut next = BTreeMap::from([("ann", 0), ("bob", 0), ("cat", 0), ("officer", 0)]);
    for line in text(&logged()).lines() {
        let (name, number) = line.split_once(' ').unwrap_or((line, ""));
        let Some(expected) = next.get_mut(name) else {
            panic!(
                "the log book has the line {line:?}, which nobody has sent: parts of different lines \
                 stand in it"
            );
        };
        equal!(
            number,
            expected.to_string(),
            "the next line of {name} in the log book (each line once, in the order of its source)"
        );
        *expected += 1;
    }
    let missing = next.iter().find(|(_, lines)| **lines < 20);
    if let Some((name, lines)) = missing {
        panic!("of 20 lines of {name}, {lines} are in the log book. {}", server.place());
    }
}

fn t6_a_client_leaves_and_another_crashes() {
    let server = Server::start();
    let (mut stays, mut leaves, mut crashes) = (server.client(), server.client(), server.client());
    let mut short = server.client();
    short.write_all(b"I go\n").unwrap();
    server.logs(b"I go\n", "a client has sent a line");
    drop(short);
    server.has_let_go(
        "A client has left: a read returns 0. An end stays readable for ever, so select(2) reports it \
         at once, until the descriptor is closed or not asked about",
    );
    stays.write_all(b"I stay\n").unwrap();
    server.logs(b"I go\nI stay\n", "another client has sent a line");
    leaves.write_all(b"the wind is stro").unwrap();
    drop(leaves);
    step!("a client has sent 16 bytes without a newline, and closed");
    server.logs(
        b"I go\nI stay\nthe wind is stro\n",
        "a client has left in the middle of a line, and what it had said is a line",
    );
    server.has_let_go("A client has left in the middle of a line");
    crashes.write_all(b"up\n").unwrap();
    server.logs(b"I go\nI stay\nthe wind is stro\nup\n", "another client has sent a line");
    peer::reset(crashes).unwrap();
    step!("another one has crashed (a RST): a read fails with ECONNRESET");
    server.has_let_go("A client has crashed: a read fails with ECONNRESET, and then returns 0");
    stays.write_all(b"still here\n").unwrap();
    server.logs(
        b"I go\nI stay\nthe wind is stro\nup\nstill here\n",
        "the one that has stayed has sent another line",
    );
}

fn t7_the_terminal_ends() {
    let mut server = Server::start();
    let mut crane = server.client();
    server.keyboard.write_all(b"good night").unwrap();
    server.keyboard.shutdown(Shutdown::Write).unwrap();
    step!("the officer has typed 10 bytes without a newline, and closed the console");
    server.logs(b"good night\n", "the end of the terminal in the middle of a line");
    server.rests(
        "The terminal has ended: a read returns 0. An end is no event that passes, it stays readable \
         for ever, and select(2) reports it at once as long as it is asked about it",
    );
    crane.write_all(b"up\n").unwrap();
    server.logs(b"good night\nup\n", "the terminal had ended, and a client has sent a line");
    let mut late = server.client();
    late.write_all(b"me too\n").unwrap();
    server.logs(b"good night\nup\nme too\n", "a new client has sent one");
}

/// What a kernel may do, and hardly ever does.
fn trouble() -> Vec<Fault> {
    vec![
        Fault::on(&["@wait"], Act::Error(libc::EINTR)).every(3),
        Fault::on(&["@accept"], Act::Error(libc::ECONNABORTED)).every(2),
        Fault::on(&["@read"], Act::Short(3)).fd(Fd::Kind("socket:")).every(1),
        // A path: the log book.
        Fault::on(&["@write"], Act::Short(4)).fd(Fd::Kind("/")).every(2),
    ]
}

fn t8_signals_and_short_calls() {
    let mut server = Server::start();
    step!(
        "select is interrupted by signals (EINTR), accept finds a connection gone (ECONNABORTED), \
         reads give 3 bytes, and writes to the log book take 4"
    );
    let mut crane = server.client();
    crane.write_all(b"a line of some length\nand another one\n").unwrap();
    let mut all = b"a line of some length\nand another one\n".to_vec();
    server.logs(&all, "a client has sent two lines");
    server.keyboard.write_all(b"typed by the officer\n").unwrap();
    all.extend(b"typed by the officer\n");
    server.logs(&all, "the officer has typed one");
    server.client().write_all(b"and a last one\n").unwrap();
    all.extend(b"and a last one\n");
    server.logs(&all, "another client has sent one and closed");
}

/// The learner's server, in a process of its own.
struct Server {
    process: Beside,
    address: SocketAddr,
    /// The other end of its terminal.
    keyboard: UnixStream,
}

impl Observed for Server {
    fn process(&self) -> &Beside {
        &self.process
    }

    fn explains(&self, call: &str) -> Option<String> {
        match call {
            "select" => Some(self.unread()),
            "read" | "readv" | "recvfrom" | "recvmsg" => Some(
                ". A read sleeps until this one source says more (and one that wants a whole line, until \
                 that is complete), and all the others wait with it (read(2))"
                    .into(),
            ),
            _ => None,
        }
    }
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (terminal, keyboard) = UnixStream::pair().unwrap();
        let log = File::options().append(true).create(true).open(LOG).unwrap();
        let process = beside(move || serve(listener, terminal.into(), log));
        Self { process, address, keyboard }
    }

    fn client(&self) -> TcpStream {
        let Ok(client) = peer::connect(self.address) else {
            panic!("nobody listens any more where clients connect. {}", self.place());
        };
        client
    }

    /// The log book holds this, now or soon.
    fn logs(&self, wanted: &[u8], what: &str) {
        let start = Instant::now();
        while logged() != wanted && start.elapsed() < PATIENCE && self.process.runs() {
            thread::sleep(Duration::from_millis(2));
        }
        if logged() != wanted {
            // First where the server is, which takes a moment.
            let place = self.place();
            equal!(text(&logged()), text(wanted), "the log book, after {what}. {place}");
        }
    }

    /// What select would report if it were asked.
    fn unread(&self) -> String {
        let open = trace::descriptors_of(self.process.pid().cast_signed());
        for (fd, one) in &open {
            let Object::Socket(socket) = &one.object else { continue };
            let is_listener = socket.state.as_deref() == Some("LISTEN");
            if let Some(unread @ 1..) = socket.readable.filter(|_| !is_listener) {
                return format!(
                    ", and {unread} bytes lie unread in descriptor {fd}: select was not asked about \
                     it. select(2) overwrites each set with what is ready, so that who was not ready \
                     is not in it any more when it is used again"
                );
            }
            if socket.backlog.is_some_and(|backlog| backlog.waiting > 0) {
                return format!(
                    ", and somebody waits in the queue of descriptor {fd}, the listener: select was \
                     not asked about it. select(2) overwrites each set with what is ready"
                );
            }
        }
        ", and nothing lies unread: your server has taken all that came. What is missing lies in a \
         buffer of its own, and select(2) knows only what lies in the kernel's"
            .into()
    }
}

/// What the log book holds.
fn logged() -> Vec<u8> {
    std::fs::read(LOG).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
