//! The same script for four servers. Each of them runs in a process of its own; that it will not do
//! anything more by itself is seen when all of its tasks are asleep.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsFd as _, AsRawFd as _};
use std::thread::yield_now;
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use server_models::{forking, iterative, polling, threaded};
use testkit::exercise::{Beside, beside};
use testkit::{equal, peer, proc, step};

testkit::exercise! {
    t1_iterative_one_after_the_other,
    t2_forking_two_at_the_same_time,
    t3_threaded_two_at_the_same_time,
    t4_polling_two_at_the_same_time,
    t5_forking_who_holds_what,
    t6_forking_children_end_and_are_reaped,
    t7_threaded_no_more_than_it_may,
    t8_polling_a_client_that_never_reads,
    t9_a_reset_costs_one_client: limit(Duration::from_secs(30)),
    t10_two_hundred_clients: limit(Duration::from_secs(60)),
}

const AT_ONCE: usize = 8;

type Serve = fn(TcpListener) -> io::Result<()>;

const MODELS: [(&str, Serve); 4] = [
    ("iterative", iterative),
    ("forking", forking),
    ("threaded", |listener| threaded(listener, AT_ONCE)),
    ("polling", polling),
];

fn t1_iterative_one_after_the_other() {
    let server = Server::start(MODELS[0]);
    let first = server.connect();
    server.serves(&first, "the first client");
    server.serves(&first, "the first client, once more");
    let second = server.connect();
    step!("the second client has connected, while the first one is still there");
    assert!(
        !server.answers(&second),
        "the second client was served while the first one is connected: an iterative server has one \
         process and one thread, and comes to the next client when this one has left"
    );
    drop(first);
    step!("the first client has left");
    server.takes(&second, "the second client, when the first one has left");
    server.ends_with(second);
}

fn t2_forking_two_at_the_same_time() {
    two_at_the_same_time(1);
}

fn t3_threaded_two_at_the_same_time() {
    two_at_the_same_time(2);
}

fn t4_polling_two_at_the_same_time() {
    let server = two_at_the_same_time(3);
    let held = server.beside.holdings();
    assert!(
        held.threads.len() == 1 && held.children.is_empty(),
        "polling has {} threads and the children {:?}: one loop needs neither",
        held.threads.len(),
        held.children
    );
}

fn two_at_the_same_time(model: usize) -> Server {
    let server = Server::start(MODELS[model]);
    let first = server.connect();
    server.serves(&first, "the first client");
    let second = server.connect();
    step!("the second client has connected, while the first one is still there and silent");
    assert!(
        server.answers(&second),
        "the second client of {} gets no answer as long as the first one is connected: {}. Every \
         process and thread of the server is asleep, so nothing will happen before the first client \
         does something. That is the iterative server",
        server.name,
        server.places()
    );
    server.takes(&second, "the second client");
    server.serves(&first, "the first client, once more");
    drop(first);
    server.serves(&second, "the second client, when the first one has left");
    let children = server.beside.holdings().children;
    server.ends_with(second);
    children_end(&children);
    server
}

fn t5_forking_who_holds_what() {
    let server = Server::start(MODELS[1]);
    let clients = [server.connect(), server.connect()];
    clients.iter().for_each(|client| server.serves(client, "a client"));
    server.until_quiet();
    let children = server.beside.holdings().children;
    equal!(children.len(), 2, "the children of forking, with two clients");
    for &child in children.keys() {
        let sockets = sockets(child);
        let listener = sockets.iter().find(|(_, name)| **name == server.listener);
        assert!(
            listener.is_none(),
            "child {child} serves a client and holds the listener as well (descriptor {}): after \
             fork(2) both processes have both sockets. As long as this client stays, the port stays \
             taken, also when the server itself has ended: its restart fails with EADDRINUSE",
            listener.map_or(0, |(fd, _)| *fd)
        );
    }
    let parents = connections(&server);
    assert!(
        parents.is_empty(),
        "the parent still holds {} of 2 connections that children serve (descriptors {:?}): a \
         descriptor more for each client, until accept(2) fails with EMFILE, and a client never sees \
         its end, because the FIN is sent when the last copy of a socket is closed",
        parents.len(),
        parents.keys()
    );
    for &child in children.keys() {
        equal!(
            sockets(child).len(),
            1,
            "the sockets of child {child}, which serves one client: another client's connection in \
             it would keep that one from ending"
        );
    }
    clients.into_iter().for_each(|client| server.ends_with(client));
}

fn t6_forking_children_end_and_are_reaped() {
    let server = Server::start(MODELS[1]);
    let clients: Vec<TcpStream> = (0..5).map(|_| server.connect()).collect();
    clients.iter().for_each(|client| server.serves(client, "one of five clients"));
    let children = server.beside.holdings().children;
    drop(clients);
    step!("five clients were served and have left");
    children_end(&children);
    let next = server.connect();
    server.serves(&next, "the next client, when five have left");
    server.until_quiet();
    no_zombies(&server, "five clients have left, and the next one was accepted after that");
    server.ends_with(next);
}

/// The children of clients who have left.
fn children_end(children: &BTreeMap<u32, String>) {
    for &child in children.keys() {
        while proc::stat(child).is_some_and(|stat| stat.state != 'Z') {
            let call = proc::asleep_in(child, child);
            assert!(
                ![libc::SYS_accept4, ACCEPT].contains(&call.unwrap_or(-1)),
                "child {child} goes on after its client has left: it sleeps in accept(2), beside the \
                 parent. It has come to the end of its branch and back into the loop; a child ends \
                 where its work ends, with _exit(2)"
            );
            yield_now();
        }
    }
}

/// Some architectures have accept4 only.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64"))]
const ACCEPT: i64 = libc::SYS_accept;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
const ACCEPT: i64 = libc::SYS_accept4;

fn no_zombies(server: &Server, when: &str) {
    let zombies = server.beside.zombies();
    assert!(
        zombies.is_empty(),
        "{when}, and {} children are zombies (state Z): {zombies:?}. Each keeps a process id until \
         waitpid(2) is called for it, and a server that never ends has them for ever. Another one \
         would not have waited either: ask for each of them with WNOHANG when you come by",
        zombies.len()
    );
}

fn t7_threaded_no_more_than_it_may() {
    let server = Server::start(MODELS[2]);
    let mut clients: Vec<TcpStream> = (0..AT_ONCE).map(|_| server.connect()).collect();
    clients.iter().for_each(|client| server.serves(client, "one of 8 clients, of 8 at once"));
    let more = server.connect();
    step!("{AT_ONCE} clients were served and stay; one more has connected");
    assert!(
        !server.answers(&more),
        "{} clients are served at the same time, and at_once is {AT_ONCE}: who opens connections and \
         says nothing makes you start threads, a stack for each, until there is no memory or no \
         thread left, for nobody. A limit leaves the others in the backlog, which costs nothing",
        AT_ONCE + 1
    );
    drop(clients.pop());
    step!("one of the {AT_ONCE} has left");
    server.takes(&more, "the client that had to wait, when one of the others has left");
    drop(clients);
    server.ends_with(more);
}

fn t8_polling_a_client_that_never_reads() {
    let server = Server::start(MODELS[3]);
    let silent = server.connect();
    let patience = Duration::from_millis(100);
    let sent = peer::stall(&silent, patience, 64 << 20).unwrap();
    step!("a client has sent {sent} bytes, until nobody took any more, and reads no answer");
    let other = server.connect();
    assert!(
        server.answers(&other),
        "another client gets no answer: {}. One client has sent much and reads nothing, so there is \
         no room for its answers, and the loop waits for it, and everybody with it. In a loop for \
         all, no call but poll(2) may wait: what a client has no room for is kept, and POLLOUT tells \
         when there is room",
        server.places()
    );
    server.takes(&other, "another client");
    peer::reset(silent).unwrap();
    server.serves(&other, "the other client, when the silent one has gone");
    server.ends_with(other);
}

fn t9_a_reset_costs_one_client() {
    for model in MODELS {
        let server = Server::start(model);
        for broken in 0..=AT_ONCE + 1 {
            let client = server.connect();
            assert!(
                server.answers(&client),
                "{} serves nobody any more when {broken} connections were broken with RST \
                 (ECONNRESET): {}. What a client does must not be the end for others, and what it \
                 has taken (a place, an entry) comes back when its connection breaks, too",
                server.name,
                server.places()
            );
            server.takes(&client, "the next client");
            if broken > AT_ONCE {
                server.ends_with(client);
            } else {
                peer::reset(client).unwrap();
            }
        }
        // One that is gone before anybody has come to accept it.
        peer::reset(server.connect()).unwrap();
        let client = server.connect();
        server.serves(&client, "a client behind one that was reset at once");
    }
}

const WAVES: usize = 4;
const WAVE: usize = 50;

fn t10_two_hundred_clients() {
    for model in MODELS {
        let server = Server::start(model);
        let first = server.connect();
        server.serves(&first, "the first client");
        server.ends_with(first);
        server.until_quiet();
        let before = sockets(server.beside.pid());
        for _ in 0..WAVES {
            let clients: Vec<TcpStream> = (0..WAVE).map(|_| server.connect()).collect();
            for client in clients {
                server.serves(&client, "one of 50 that came together");
            }
        }
        server.until_quiet();
        children_end(&server.beside.holdings().children);
        let last = server.connect();
        server.serves(&last, "the last client");
        server.until_quiet();
        no_zombies(&server, &format!("{} clients have left, and one more came", WAVES * WAVE));
        server.ends_with(last);
        server.until_quiet();
        let after = sockets(server.beside.pid());
        assert!(
            after.len() <= before.len(),
            "{} had {} sockets before {} clients came and went, and {} afterwards: close(2) is not \
             called for all of them",
            server.name,
            before.len(),
            WAVES * WAVE,
            after.len()
        );
    }
}

/// A server of the learner's, in a process of its own.
struct Server {
    name: &'static str,
    beside: Beside,
    address: SocketAddr,
    /// As /proc/PID/fd names it, in whatever process.
    listener: String,
}

impl Server {
    fn start((name, serve): (&'static str, Serve)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let link = format!("/proc/self/fd/{}", listener.as_raw_fd());
        let link = std::fs::read_link(link).unwrap().display().to_string();
        let mut listener = Some(listener);
        let beside = beside(|| {
            let result = serve(listener.take().expect("one child"));
            step!("{name} has returned {result:?}");
        });
        step!("{name}: a server, process {}", beside.pid());
        Self { name, beside, address, listener: link }
    }

    fn connect(&self) -> TcpStream {
        peer::connect(self.address).unwrap_or_else(|error| {
            self.must_run();
            panic!("{}: a client cannot connect: {error:?}", self.name);
        })
    }

    /// Sends four bytes. Whether an answer comes, or nothing more will happen by itself.
    fn answers(&self, mut client: &TcpStream) -> bool {
        client.write_all(b"ping").unwrap_or_else(|error| {
            self.must_run();
            panic!("{}: a client's connection is broken: {error:?}", self.name);
        });
        // The server's kernel has it, and has woken whoever waits for it.
        while unacknowledged(client) > 0 && !readable(client, PollTimeout::ZERO) {
            yield_now();
        }
        while !readable(client, PollTimeout::from(5_u8)) {
            if !self.beside.runs() || self.beside.is_quiet() {
                // An answer may be on its way.
                return readable(client, PollTimeout::from(200_u8));
            }
            yield_now();
        }
        true
    }

    /// Reads the four bytes of an answer.
    fn takes(&self, mut client: &TcpStream, who: &str) {
        let mut answer = [0; 4];
        if let Err(error) = client.read_exact(&mut answer) {
            self.must_run();
            panic!(
                "{}: {who} has sent 4 bytes and gets no whole answer: {error:?} ({})",
                self.name,
                self.places()
            );
        }
        equal!(answer, *b"ping", "{}: the answer to {who}", self.name);
    }

    fn serves(&self, client: &TcpStream, who: &str) {
        assert!(
            self.answers(client),
            "{}: {who} has sent 4 bytes and gets no answer; the server does nothing any more: {}",
            self.name,
            self.places()
        );
        self.takes(client, who);
    }

    /// The client ends its side and gets an end.
    fn ends_with(&self, client: TcpStream) {
        client.shutdown(std::net::Shutdown::Write).unwrap();
        while !readable(&client, PollTimeout::from(5_u8)) {
            assert!(
                !self.beside.is_quiet() || readable(&client, PollTimeout::from(200_u8)),
                "{}: a client has ended its side and never sees an end of the server's: {}. The FIN is \
                 sent when the last descriptor of a connection is closed, in every process that has \
                 one, and somebody still has",
                self.name,
                self.places()
            );
            yield_now();
        }
        let mut rest = Vec::new();
        let end = (&client).read_to_end(&mut rest);
        assert!(
            end.is_ok() && rest.is_empty(),
            "{}: a client ended its side, and instead of an end it got {end:?}, {} bytes",
            self.name,
            rest.len()
        );
    }

    fn must_run(&self) {
        assert!(
            self.beside.runs(),
            "{} has ended, and its clients with it: a server goes on, whatever one client does",
            self.name
        );
    }

    fn until_quiet(&self) {
        while !self.beside.is_quiet() {
            self.must_run();
            yield_now();
        }
    }

    /// Where its processes and threads are, for words.
    fn places(&self) -> String {
        if !self.beside.runs() {
            return "it has ended".into();
        }
        let task = |pid: u32, task: u32| {
            let call = proc::asleep_in(pid, task);
            let name = CALLS.iter().find(|(number, _)| Some(*number) == call);
            format!("task {task} {}", name.map_or("is there", |(_, name)| name))
        };
        let pids = self.beside.processes().into_iter();
        let all = pids.flat_map(|pid| proc::tasks(pid).into_iter().map(move |one| (pid, one)));
        let mut words: Vec<String> = all.map(|(pid, one)| task(pid, one)).collect();
        let more = words.len().saturating_sub(4);
        words.truncate(4);
        let rest = if more == 0 { String::new() } else { format!(", and {more} more") };
        format!("{}{rest}", words.join(", "))
    }
}

const CALLS: [(i64, &str); 7] = [
    (libc::SYS_accept4, "sleeps in accept(2)"),
    (libc::SYS_read, "sleeps in read(2)"),
    (libc::SYS_recvfrom, "sleeps in recv(2), for what a client sends"),
    (libc::SYS_sendto, "sleeps in send(2), for room for an answer"),
    (libc::SYS_wait4, "sleeps in waitpid(2), for the end of a child"),
    (libc::SYS_futex, "sleeps in futex(2), for a lock, a condition or the end of a thread"),
    (libc::SYS_ppoll, "sleeps in poll(2)"),
];

/// Its sockets by descriptor.
fn sockets(pid: u32) -> BTreeMap<u32, String> {
    let all = testkit::leaks::Holdings::of(pid).descriptors.into_iter();
    all.filter(|(_, name)| name.starts_with("socket:")).collect()
}

fn connections(server: &Server) -> BTreeMap<u32, String> {
    let all = sockets(server.beside.pid()).into_iter();
    all.filter(|(_, name)| *name != server.listener).collect()
}

fn readable(client: &TcpStream, patience: PollTimeout) -> bool {
    let mut fds = [PollFd::new(client.as_fd(), PollFlags::POLLIN)];
    poll(&mut fds, patience).unwrap() > 0
}

/// Bytes that the other side's kernel has not got yet (tcp(7), SIOCOUTQ).
fn unacknowledged(client: &TcpStream) -> i32 {
    let mut bytes = 0;
    // SAFETY: the descriptor is open, and the answer goes to an integer of ours.
    let done = unsafe { libc::ioctl(client.as_raw_fd(), libc::TIOCOUTQ, &raw mut bytes) };
    if done == 0 { bytes } else { 0 }
}
