//! The server runs in a process of its own beside the test, which plays its clients. What it holds
//! and where it sleeps is seen from outside; a client that stalls shows whether others are served.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use poll_echo::serve;
use socket2::SockRef;
use testkit::exercise::{Beside, Echoes, Observed, PATIENCE, beside};
use testkit::leaks::Holdings;
use testkit::{equal, peer, proc, step};
use trace::{Act, Fault, Fd, Object, Socket};

testkit::exercise! {
    t1_one_client_gets_its_echo,
    t2_an_idle_server_sleeps_in_poll,
    t3_a_hundred_clients,
    t4_the_end_of_one_side_is_not_the_end_of_the_other,
    t5_last_words,
    t6_a_client_that_does_not_read_stops_nobody: limit(Duration::from_secs(30)),
    t7_it_ends_its_side_while_something_is_owed: limit(Duration::from_secs(30)),
    t8_it_crashes_while_something_is_owed: limit(Duration::from_secs(30)),
    t9_signals_short_calls_and_false_alarms: faults(trouble),
}

const RECORD: &str = "record";

fn t1_one_client_gets_its_echo() {
    let server = Server::start();
    let client = server.client();
    server.echoes(&client, "controller 7 is up", "the first thing that a client says");
    server.echoes(&client, "all is well", "the second thing that it says");
    let all = "controller 7 is upall is well";
    let start = Instant::now();
    while recorded() != all && start.elapsed() < PATIENCE {
        thread::sleep(Duration::from_millis(2));
    }
    equal!(recorded(), all, "what was given to record");
}

fn t2_an_idle_server_sleeps_in_poll() {
    let server = Server::start();
    let clients = [server.client(), server.client()];
    server.echoes(&clients[0], "hello", "what a client says");
    server.rests(
        "Two clients are connected and say nothing. A connection is nearly always writable, so \
         whoever asks for POLLOUT without having anything to send is told so at once, again and \
         again",
    );
    let pid = server.process.pid();
    assert!(
        proc::asleep_in(pid, pid).is_none_or(|call| POLLS.contains(&call)),
        "nobody says anything, and your server does not sleep in poll(2). One call has to wait for \
         everybody: a call that waits for one client is deaf to the others. {}",
        server.place()
    );
}

/// poll(2) is a system call of its own on some processors; on others libc makes it out of ppoll.
const POLLS: &[i64] = &[
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
    libc::SYS_ppoll,
];

fn t3_a_hundred_clients() {
    let server = Server::start();
    let clients: Vec<TcpStream> = (0..100).map(|_| server.client()).collect();
    step!("a hundred clients are connected, and the first of them says half a word");
    (&clients[0]).write_all(b"ha").unwrap();
    for number in (1..100).rev().step_by(2).chain(1..100) {
        let text = format!("I am {number}");
        server.echoes(&clients[number], &text, "what one of a hundred clients says");
    }
    let Holdings { threads, children, .. } = server.process.holdings();
    assert!(
        threads.len() == 1 && children.is_empty(),
        "your server has {} threads and {} children for a hundred clients. Each thread has a stack, \
         and the old program ran out of memory with it. poll(2) is there so that one thread can \
         wait for all of them at the same time",
        threads.len(),
        children.len()
    );
    (&clients[0]).write_all(b"lf").unwrap();
    server.hears(&clients[0], "half", "a word that was sent in two halves");
    drop(clients);
    server.has_let_go("A hundred clients have closed");
}

fn t4_the_end_of_one_side_is_not_the_end_of_the_other() {
    let server = Server::start();
    let mut client = server.client();
    client.write_all(b"good night").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    step!("a client has sent 10 bytes and ended its side (a FIN): it can still read");
    server.hears(&client, "good night", "what it had said before it ended its side");
    server.ends(&client);
    server.has_let_go("A client has ended its side, and your server its own");
}

fn t5_last_words() {
    let server = Server::start();
    let witness = server.client();
    server.echoes(&witness, "I am here", "the words of a witness");
    for (words, length) in [("no", 0), ("short", 10), ("long", 10_000)] {
        let before = recorded().len();
        let mut client = server.client();
        // So it is known, and not in the queue of the listener.
        server.echoes(&client, "up", "what a client says before it crashes");
        server.while_it_stands_still(|| {
            client.write_all(&vec![b'!'; length]).unwrap();
            peer::reset(client).unwrap();
            step!(
                "while your server stood still, a client sent {length} bytes and crashed (a RST)"
            );
        });
        server.has_let_go(
            "A client has crashed. poll(2) sets POLLERR and POLLHUP then, whether they were asked for \
             or not, and POLLIN with them, and says so at once until the descriptor is closed",
        );
        let now = recorded().len() - before - 2;
        assert!(
            now == length,
            "the {words} last words of a client are lost: {now} of {length} bytes were recorded. When \
             your server asked, poll(2) said POLLIN | POLLERR | POLLHUP, and all of them lay in front \
             of the RST, to be read. The two bits say how the connection has ended, and POLLIN that \
             there is more to read first; that nothing can be sent any more does not change that"
        );
    }
    server.echoes(&witness, "still here", "a client that is all right, after others have crashed");
}

fn t6_a_client_that_does_not_read_stops_nobody() {
    let server = Server::start();
    let mut stubborn = server.client();
    let (sent, witness) = server.serves_others(&stubborn);
    server.rests(
        "A client has sent and reads nothing, and what it has sent lies in its socket: as long as \
         POLLIN is asked for, poll(2) reports it at once. Do not ask for what you will not do now",
    );
    step!("now the stubborn client reads");
    let mut got = 0;
    while got < sent {
        match stubborn.read(&mut [0; 64 * 1024]) {
            Ok(n @ 1..) => got += n,
            end => panic!(
                "a client had sent {sent} bytes and read nothing. When it read at last, it got {got} \
                 bytes, and then {end:?}. A write to a socket with O_NONBLOCK takes what fits now, \
                 perhaps a part (send(2)). The rest is yours to keep: write_all keeps nothing, and \
                 does not say how much went out. {}",
                server.place()
            ),
        }
    }
    server.echoes(&stubborn, "I am back", "what it says when it has read all");
    server.echoes(&witness, "good night", "what another client says afterwards");
}

fn t7_it_ends_its_side_while_something_is_owed() {
    let server = Server::start();
    let mut client = server.client();
    SockRef::from(&client).set_recv_buffer_size(64 * 1024).unwrap();
    let mut sent = 0;
    let mut kept = 0;
    // Until the kernel takes no more for it, so that your server has to keep something.
    while kept == 0 {
        client.write_all(&[b'.'; 16 * 1024]).unwrap();
        sent += 16 * 1024;
        server.rests("A client has sent something, and does not read the answer yet");
        kept = sent - server.in_the_kernel(&client);
        assert!(sent < 8 << 20, "8 MiB came back into a buffer of 64 KiB");
    }
    step!("a client has sent {sent} bytes and reads nothing; your server keeps {kept} of them");
    client.shutdown(Shutdown::Write).unwrap();
    server.rests("A client has ended its side, and reads nothing. The end stays readable for ever");
    step!("it has ended its side (a FIN), and now it reads");
    let mut got = 0;
    loop {
        match client.read(&mut [0; 64 * 1024]) {
            Ok(0) => break,
            Ok(n) => got += n,
            Err(error) => panic!(
                "a client had sent {sent} bytes and ended its side. It got {got} bytes, and then \
                 {error:?}. {}",
                server.place()
            ),
        }
    }
    equal!(
        got,
        sent,
        "the bytes that a client got back that had ended its own side. A read that returns 0 says \
         that no more will be said, and nothing about what is still owed (shutdown(2))"
    );
    server.has_let_go("A client has ended its side and got all that it was owed");
}

fn t8_it_crashes_while_something_is_owed() {
    let server = Server::start();
    let stubborn = server.client();
    server.stalls(&stubborn);
    peer::reset(stubborn).unwrap();
    step!("the client that did not read has crashed (a RST)");
    server.has_let_go(
        "A client has crashed that your server did not want to hear for now. poll(2) sets POLLERR \
         and POLLHUP also where nothing was asked for, and says so at once until the descriptor is \
         closed",
    );
    server.echoes(&server.client(), "next", "what a new client says");
}

/// What a kernel may do, and hardly ever does.
fn trouble() -> Vec<Fault> {
    let socket = Fd::Kind("socket:");
    vec![
        Fault::on(&["@wait"], Act::Error(libc::EINTR)).every(3),
        Fault::on(&["@accept"], Act::Error(libc::ECONNABORTED)).every(2),
        Fault::on(&["@read", "@write"], Act::Error(libc::EAGAIN)).fd(socket).every(3),
        Fault::on(&["@read"], Act::Short(7)).fd(socket).every(1),
        Fault::on(&["@write"], Act::Short(5)).fd(socket).every(1),
    ]
}

fn t9_signals_short_calls_and_false_alarms() {
    let server = Server::start();
    step!(
        "poll is interrupted by signals (EINTR); accept finds a connection gone (ECONNABORTED); \
         reads give 7 bytes, writes take 5; and some find nothing to do behind POLLIN and POLLOUT \
         (EAGAIN): readiness is a hint (poll(2), BUGS of select(2))"
    );
    for number in 0..3 {
        let client = server.client();
        server.echoes(&client, "a sentence that is longer than a read", "what a client says");
        server.echoes(&client, &format!("and client {number} again"), "what it says then");
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
        // What poll would report if it were asked.
        let unread = match self.has_unread() {
            true => {
                ", and in one of its sockets bytes lie unread: it has not asked for POLLIN there"
            }
            false => ", and nothing lies unread: all that came was taken",
        };
        (call == "poll").then(|| unread.into())
    }
}

impl Echoes for Server {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn learns_of_room(&self) -> &'static str {
        ", and let poll(2) tell when there is room"
    }
}

impl Server {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        // Inherited by the accepted sockets. Small buffers, so that little fills them.
        SockRef::from(&listener).set_recv_buffer_size(64 * 1024).unwrap();
        SockRef::from(&listener).set_send_buffer_size(16 * 1024).unwrap();
        let mut record = File::create(RECORD).unwrap();
        let process = beside(move || {
            serve(listener, |bytes| {
                assert!(!bytes.is_empty(), "record was called with nothing: a read has returned 0");
                record.write_all(bytes).unwrap();
            })
        });
        Self { process, address }
    }

    /// Of what this client has sent, all that waits in a buffer of the kernel: on the way to your
    /// server, or on the way back.
    fn in_the_kernel(&self, client: &TcpStream) -> usize {
        let open = |pid: u32| trace::descriptors_of(pid.cast_signed()).into_values();
        let name = client.local_addr().unwrap().to_string();
        let waits = |socket: &Socket| socket.readable.unwrap_or(0) + socket.unsent.unwrap_or(0);
        let sockets = open(self.process.pid()).chain(open(std::process::id()));
        let waiting = sockets.filter_map(|one| match one.object {
            Object::Socket(socket) => Some(socket),
            _ => None,
        });
        let is_of_it = |socket: &Socket| {
            [&socket.peer, &socket.local]
                .iter()
                .any(|address| address.as_ref().is_some_and(|address| address.to_string() == name))
        };
        let bytes: u64 = waiting.filter(is_of_it).map(|socket| waits(&socket)).sum();
        usize::try_from(bytes).unwrap()
    }
}

/// What was given to `record`.
fn recorded() -> String {
    String::from_utf8_lossy(&std::fs::read(RECORD).unwrap()).into_owned()
}
