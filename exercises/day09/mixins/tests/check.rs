//! The same questions to eight servers, which are made of the learner's parts. Each runs in a
//! process of its own; that it will not do anything more by itself is seen when all of its tasks
//! are asleep.

use std::cell::Cell;
use std::io::{self, BufRead as _, BufReader, PipeReader, PipeWriter, Read as _, Write as _, pipe};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};
use std::thread::yield_now;

use mixins::{Fork, Handler, Iterative, Pool, Tcp, Thread, Transport, Udp, serve};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use testkit::exercise::{Beside, beside};
use testkit::{equal, peer, proc, step};

testkit::exercise! {
    t1_tcp_one_after_the_other,
    t2_udp_one_after_the_other,
    t3_a_handler_is_fit_for_several_threads,
    t4_eight_servers_give_equal_answers,
    t5_while_one_handler_waits,
    t6_a_panic_costs_one_client,
    t7_children_are_reaped,
}

const WORKERS: usize = 2;
const EXECUTORS: [&str; 4] = ["Iterative", "Fork", "Thread", "Pool"];
const TRANSPORTS: [&str; 2] = ["Tcp", "Udp"];

fn t1_tcp_one_after_the_other() {
    let server = Server::start("Tcp", "Iterative");
    for who in ["the first client", "the second client, when the first one has left"] {
        let mut client = server.client();
        client.gets(who, b"abc", b"cba");
        client.gets(who, b"", b"");
        client.gets(&format!("{who}, on the same connection,"), b"xyz", b"zyx");
    }
    let mut halves = server.client();
    halves.send_raw(b"one");
    let answer = halves.answers();
    assert!(!answer, "half a line was answered: a request on a connection ends with its newline");
    halves.send_raw(b" line\nnext");
    halves.takes("a client whose line came in two parts", b"enil eno");
    halves.send_raw(b"\n");
    halves.takes("a client whose second line began together with the end of the first", b"txen");
}

fn t2_udp_one_after_the_other() {
    let server = Server::start("Udp", "Iterative");
    let (mut first, mut second) = (server.client(), server.client());
    for round in ["first", "second"] {
        first.gets(&format!("client A, its {round} datagram"), b"abc", b"cba");
        second.gets(&format!("client B, its {round} datagram"), b"xyz", b"zyx");
    }
    first.gets("an empty datagram, which is a request as well,", b"", b"");
    first.gets("a datagram with two lines, which is one request,", b"a\nb", b"b\na");
    let long = vec![b'.'; 9000];
    first.gets("a datagram of 9000 bytes", &long, &long);
}

/// Whether a closure is a handler: the method of the type itself comes before the trait's, and is
/// there only if it is.
struct Offer<F>(F);

trait Refused {
    fn is_accepted(&self) -> bool {
        false
    }
}

impl<F> Refused for Offer<F> {}

impl<F: Handler> Offer<F> {
    fn is_accepted(&self) -> bool {
        true
    }
}

fn nothing(_: &[u8]) -> Vec<u8> {
    Vec::new()
}

/// Right for one thread, and only for one. (A function of its own: of a closure in the same one,
/// the compiler does not know yet what it holds.)
fn counts() -> impl Fn(&[u8]) -> Vec<u8> {
    let counted = Cell::new(0_u32);
    move |_| {
        counted.set(counted.get() + 1);
        counted.get().to_string().into_bytes()
    }
}

fn t3_a_handler_is_fit_for_several_threads() {
    let counts = Offer(counts());
    assert!(
        !counts.is_accepted(),
        "a closure with a Cell is accepted as a Handler. Thread and Pool run one handler in several \
         threads at the same time, and a Cell that two threads write to is a data race: counts are \
         lost, with a RefCell or an Rc memory is. A type that may be used by several threads through \
         & is Sync. Say in the trait, and for its closures, that a Handler is; `unsafe impl` only \
         tells the compiler not to look"
    );
    let fixed = Offer(nothing as fn(&[u8]) -> Vec<u8>);
    assert!(
        fixed.is_accepted(),
        "a function, which has no state at all, is not accepted as a Handler"
    );
}

fn t4_eight_servers_give_equal_answers() {
    let long = vec![b'.'; 5000];
    let requests: [&[u8]; 4] = [b"abc", b"", "\u{8001}\u{53f8}\u{673a}".as_bytes(), &long];
    for server in all() {
        let mut clients = [server.client(), server.client()];
        for request in requests {
            let mut answer = request.to_vec();
            answer.reverse();
            for (index, client) in clients.iter_mut().enumerate() {
                client.gets(&format!("client {}", index + 1), request, &answer);
                // A connection is a request, and with Iterative the others wait for its end.
                if matches!(client.socket, Socket::Tcp(_)) {
                    *client = server.client();
                }
            }
        }
    }
}

fn t5_while_one_handler_waits() {
    for mut server in all() {
        let mut slow = server.client();
        slow.send(b"wait");
        server.until_quiet();
        let mut quick = server.client();
        quick.send(b"abc");
        if server.serves_in_turn() {
            assert!(
                !quick.answers(),
                "{}: a second request was answered while the handler of the first one waits: \
                 Iterative has nobody who could do that",
                server.name
            );
            server.open_the_gate();
        } else {
            assert!(
                quick.answers(),
                "{}: a second request gets no answer while the handler of the first one waits for \
                 something. Every process and thread of the server is asleep, so nothing will happen \
                 before that handler goes on. That is Iterative",
                server.name
            );
            quick.takes("the second one, while the first one waits,", b"cba");
            server.open_the_gate();
        }
        slow.takes("the first one, whose handler had to wait,", b"waited");
        drop(slow);
        if server.serves_in_turn() {
            quick.takes("the second one, when the first one was done,", b"cba");
        }
    }
}

fn t6_a_panic_costs_one_client() {
    for server in all() {
        step!(
            "{}: in {} requests the handler panics. A panic unwinds its thread up to whoever catches \
             it (catch_unwind), and what is on the way ends: a loop, a worker, a server",
            server.name,
            WORKERS + 1
        );
        for _ in 0..WORKERS + 1 {
            let mut client = server.client();
            client.send(b"panic");
            client.gets_nothing();
        }
        let mut client = server.client();
        client.send(b"abc");
        assert!(
            client.answers(),
            "{}: nobody is served any more after the handler has panicked {} times: {}",
            server.name,
            WORKERS + 1,
            server.state()
        );
        client.takes("the client after those", b"cba");
    }
}

fn t7_children_are_reaped() {
    for transport in TRANSPORTS {
        let server = Server::start(transport, "Fork");
        for _ in 0..5 {
            server.client().gets("one of five clients", b"abc", b"cba");
        }
        let ended = |pid: u32| proc::stat(pid).is_none_or(|stat| stat.state == 'Z');
        for child in server.beside.holdings().children.into_keys() {
            while !ended(child) {
                yield_now();
            }
        }
        step!("{}: five children have ended", server.name);
        server.client().gets("the next client", b"abc", b"cba");
        let zombies = server.beside.zombies();
        // The one of that last client may have ended by now.
        assert!(
            zombies.len() <= 1,
            "{}: five clients have left, another one came, and {} children are zombies (state Z): \
             {zombies:?}. Nobody has called waitpid(2) for them, and a server that never ends has \
             them for ever",
            server.name,
            zombies.len()
        );
    }
}

/// What all servers answer.
fn handler(gate: PipeReader) -> impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static {
    move |request| match request {
        b"panic" => panic!("a bug in the handler"),
        b"wait" => {
            (&gate).read_exact(&mut [0]).unwrap();
            b"waited".to_vec()
        }
        other => other.iter().rev().copied().collect(),
    }
}

fn with<T: Transport, H>(transport: T, executor: &str, handler: H) -> io::Result<()>
where
    H: Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static,
{
    let result = match executor {
        "Iterative" => serve(transport, Iterative, handler),
        "Fork" => serve(transport, Fork, handler),
        "Thread" => serve(transport, Thread, handler),
        _ => serve(transport, Pool { workers: WORKERS }, handler),
    };
    step!("serve(…, {executor}, …) has returned {result:?}");
    result
}

fn all() -> impl Iterator<Item = Server> {
    let pairs = TRANSPORTS.into_iter().flat_map(|one| EXECUTORS.map(|executor| (one, executor)));
    pairs.map(|(transport, executor)| Server::start(transport, executor))
}

/// A server in a process of its own.
struct Server {
    name: String,
    beside: Beside,
    address: SocketAddr,
    gate: PipeWriter,
}

impl Server {
    fn start(transport: &'static str, executor: &'static str) -> Self {
        let (waits, gate) = pipe().unwrap();
        let mut waits = Some(waits);
        let mut handler = || handler(waits.take().expect("one child"));
        let (beside, address) = if transport == "Tcp" {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            (beside(|| with(Tcp::new(listener), executor, handler())), address)
        } else {
            let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
            let address = socket.local_addr().unwrap();
            (beside(|| with(Udp::new(socket), executor, handler())), address)
        };
        step!("serve({transport}, {executor}, …) runs in process {}", beside.pid());
        Self { name: format!("{transport} with {executor}"), beside, address, gate }
    }

    fn serves_in_turn(&self) -> bool {
        self.name.ends_with("Iterative")
    }

    fn client(&self) -> Client<'_> {
        let socket = if self.name.starts_with("Tcp") {
            let stream = peer::connect(self.address).unwrap_or_else(|error| {
                panic!(
                    "{}: nobody is served any more, a client cannot connect: {error:?}; {}",
                    self.name,
                    self.state()
                )
            });
            Socket::Tcp(BufReader::new(stream))
        } else {
            let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
            Socket::Udp(socket)
        };
        Client { server: self.quiet(), address: self.address, socket }
    }

    fn quiet(&self) -> Quiet<'_> {
        Quiet { name: &self.name, beside: &self.beside }
    }

    fn until_quiet(&self) {
        while !self.beside.is_quiet() {
            yield_now();
        }
    }

    fn state(&self) -> &'static str {
        self.quiet().state()
    }

    fn open_the_gate(&self) {
        (&self.gate).write_all(b"!").unwrap();
    }
}

/// What a client has to know of the server.
#[derive(Clone, Copy)]
struct Quiet<'a> {
    name: &'a str,
    beside: &'a Beside,
}

impl Quiet<'_> {
    fn state(&self) -> &'static str {
        if self.beside.runs() {
            "the server's process is there, and all that is in it sleeps"
        } else {
            "the server's process has ended"
        }
    }
}

enum Socket {
    Tcp(BufReader<TcpStream>),
    Udp(UdpSocket),
}

struct Client<'a> {
    server: Quiet<'a>,
    address: SocketAddr,
    socket: Socket,
}

impl Client<'_> {
    /// A request: a line, or a datagram.
    fn send(&mut self, request: &[u8]) {
        match self.socket {
            Socket::Tcp(_) => self.send_raw(&[request, b"\n"].concat()),
            Socket::Udp(_) => self.send_raw(request),
        }
    }

    fn send_raw(&mut self, bytes: &[u8]) {
        match &mut self.socket {
            Socket::Tcp(stream) => stream.get_ref().write_all(bytes).unwrap_or_else(|error| {
                panic!(
                    "{}: nobody is served any more, a client's connection is broken: {error:?}",
                    self.server.name
                )
            }),
            Socket::Udp(socket) => {
                socket.send_to(bytes, self.address).unwrap();
            }
        }
    }

    /// Whether something comes, or nothing more will happen by itself.
    fn answers(&self) -> bool {
        let fd = match &self.socket {
            Socket::Tcp(stream) if !stream.buffer().is_empty() => return true,
            Socket::Tcp(stream) => stream.get_ref().as_fd(),
            Socket::Udp(socket) => socket.as_fd(),
        };
        while !readable(fd, PollTimeout::from(5_u8)) {
            if !self.server.beside.runs() || self.server.beside.is_quiet() {
                // The request or the answer may be on its way.
                if readable(fd, PollTimeout::from(100_u8)) {
                    return true;
                }
                if !self.server.beside.runs() || self.server.beside.is_quiet() {
                    return readable(fd, PollTimeout::from(100_u8));
                }
            }
            yield_now();
        }
        true
    }

    fn takes(&mut self, who: &str, answer: &[u8]) {
        let name = self.server.name;
        assert!(self.answers(), "{name}: {who} gets no answer: {}", self.server.state());
        let got = match &mut self.socket {
            Socket::Tcp(stream) => {
                let mut line = Vec::new();
                stream.read_until(b'\n', &mut line).unwrap_or_else(|error| {
                    panic!("{name}: {who} gets an error instead of an answer: {error:?}")
                });
                assert!(
                    line.pop() == Some(b'\n'),
                    "{name}: {who} gets the end of its connection instead of an answer, which is a \
                     line"
                );
                line
            }
            Socket::Udp(socket) => {
                let mut bytes = vec![0; 64 * 1024];
                let (n, _) = socket.recv_from(&mut bytes).unwrap();
                bytes.truncate(n);
                bytes
            }
        };
        let (got, wanted) = (String::from_utf8_lossy(&got), String::from_utf8_lossy(answer));
        equal!(got, wanted, "{name}: the answer to {who}");
    }

    fn gets(&mut self, who: &str, request: &[u8], answer: &[u8]) {
        self.send(request);
        self.takes(who, answer);
    }

    /// Its handler panicked: the end of the connection, and no datagram.
    fn gets_nothing(&mut self) {
        let name = self.server.name;
        let something = self.answers();
        match &mut self.socket {
            Socket::Udp(_) => assert!(
                !something,
                "{name}: there is an answer to a request whose handler panicked"
            ),
            Socket::Tcp(stream) => {
                assert!(
                    something,
                    "{name}: the handler panicked, and the client's connection stays open, with \
                     nobody who serves it: what a panic leaves must be dropped on its way"
                );
                let mut rest = Vec::new();
                // A RST says the same.
                let _ = stream.read_to_end(&mut rest);
                equal!(rest, b"", "{name}: what a client gets whose handler panicked");
            }
        }
    }
}

fn readable(fd: BorrowedFd<'_>, patience: PollTimeout) -> bool {
    poll(&mut [PollFd::new(fd, PollFlags::POLLIN)], patience).unwrap() > 0
}
