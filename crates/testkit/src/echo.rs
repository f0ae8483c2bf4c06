//! One suite for every demo that is an echo server with the roles `server` and `client`.
//!
//! The peers are those that a server meets outside: nc, bash, a thousand at once, one that resets,
//! one that drips, one that never reads, more than there are descriptors.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a panic is a failed test")]

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::leaks::Holdings;
use crate::program::{Program, Running};
use crate::pty::Pty;
use crate::{need, peer, proc, skip, until};

/// Makes the tests of a whole demo: `testkit::echo_suite!(env!("CARGO_BIN_EXE_day04-poll"));`
#[macro_export]
macro_rules! echo_suite {
    ($program:expr) => {
        $crate::echo_server_suite!($program, "server");
        $crate::echo_suite!(@tests $program;
            the_lesson_runs_by_itself, help_shows_the_roles, mistakes_are_one_sentence,
            the_client_takes_a_pipe, the_client_takes_a_file_and_nothing,
            the_client_talks_at_a_terminal);
    };
    (@tests $program:expr; $($case:ident),+) => {
        $(#[test] fn $case() { $crate::echo::$case($program); })+
    };
}

/// Makes the tests of one server role: `testkit::echo_server_suite!(PROGRAM, "edge");`
#[macro_export]
macro_rules! echo_server_suite {
    ($program:expr, $role:expr) => {
        $crate::echo_server_suite!(@tests $program, $role;
            a_busy_port_is_refused, ctrl_c_ends_the_server, nc_gets_its_echo, bash_gets_its_echo,
            a_thousand_clients_at_once, a_reset_costs_one_client, a_dripping_client_stops_nobody,
            a_client_that_never_reads_stops_nobody, a_half_closed_client_gets_the_rest,
            a_half_closed_client_that_reads_late_gets_the_rest,
            running_out_of_descriptors_neither_spins_nor_kills);
    };
    (@tests $program:expr, $role:expr; $($case:ident),+) => {
        $(#[test] fn $case() {
            $crate::echo::$case($crate::echo::Server { program: $program, role: $role });
        })+
    };
}

/// A program, and which of its roles is the server.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// The path of the program.
    pub program: &'static str,
    /// The role.
    pub role: &'static str,
}

impl Server {
    fn command(self) -> Program {
        Program::new(self.program).args([self.role, "127.0.0.1:0"])
    }

    fn start(self) -> Running {
        self.command().spawn()
    }
}

#[track_caller]
fn expect_echo(client: &TcpStream, text: &str) {
    assert_eq!(String::from_utf8_lossy(&peer::ask(client, text.as_bytes()).unwrap()), text);
}

/// Waits until the server holds no more descriptors than before.
fn until_closed(server: &Running, before: &Holdings) {
    until("the server has closed what it had opened", || {
        before.leaked(&Holdings::of(server.pid())).is_empty().then_some(())
    });
}

/// Without an argument, a terminal or an input, in one go.
pub fn the_lesson_runs_by_itself(program: &str) {
    let done = Program::new(program).run();
    done.succeeded();
    assert!(done.stdout.starts_with("listening on 127.0.0.1:"), "{}", done.stdout);
}

/// `--help` succeeds on standard output.
pub fn help_shows_the_roles(program: &str) {
    let done = Program::new(program).args(["--help"]).run();
    done.succeeded();
    for part in ["cargo run -p day", "-- server ADDR", "-- client ADDR", "the whole lesson"] {
        assert!(done.stdout.contains(part), "{}", done.stdout);
    }
}

/// Each on standard error, with the status of its kind.
pub fn mistakes_are_one_sentence(program: &str) {
    for (args, status, part) in [
        (&["server"][..], 2, "the server needs ADDR"),
        (&["client"], 2, "the client needs ADDR"),
        (&["sever"], 2, "no role is called 'sever'"),
        (&["server", "127.0.0.1"], 2, "has no port"),
        (&["server", "127.0.0.1:99999"], 2, "is not a port"),
        (&["server", "no-such-host.invalid:1"], 2, "no address is known"),
        (&["server", "192.0.2.1:0"], 1, "Cannot assign requested address (EADDRNOTAVAIL)"),
    ] {
        Program::new(program).args(args).run().failed(status, part);
    }
    // Bound and not listening: refuses for as long as it lives.
    let nobody = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    nobody.bind(&std::net::SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    let address = nobody.local_addr().unwrap().as_socket().unwrap().to_string();
    let client = Program::new(program).args(["client", &address]);
    client.run().failed(1, "Connection refused (ECONNREFUSED)");
}

/// The second server is told, the first goes on.
pub fn a_busy_port_is_refused(suite: Server) {
    let mut server = suite.start();
    let address = server.addr();
    let second = Program::new(suite.program).args([suite.role, &address.to_string()]).run();
    second.failed(1, "Address already in use (EADDRINUSE)");
    expect_echo(&peer::connect(address).unwrap(), "still here");
}

/// At a terminal, where Ctrl-C is a signal from the line discipline.
pub fn ctrl_c_ends_the_server(suite: Server) {
    let mut pty = match Pty::open() {
        Ok(pty) => pty,
        Err(error) => skip!("no pseudo-terminal here: {error}"),
    };
    let mut server = pty.attach(suite.command()).unwrap().spawn();
    expect_echo(&peer::connect(server.addr()).unwrap(), "hello");
    pty.press("\x03").unwrap();
    assert_eq!(server.wait().signal(), Some(libc::SIGINT));
}

fn outside_client(suite: Server, name: &str, command: impl Fn(u16) -> String) {
    if need::program(name).is_none() {
        skip!("{name} is not installed");
    }
    let mut server = suite.start();
    let port = server.addr().port();
    let done = Program::new("bash").args(["-c", &command(port)]).run();
    done.succeeded();
    assert_eq!(done.stdout, "hello from outside\n");
}

/// A client that we did not write.
pub fn nc_gets_its_echo(suite: Server) {
    // -N: end our side at the end of the input.
    let command = |port| format!("printf 'hello from outside\\n' | nc -N 127.0.0.1 {port}");
    outside_client(suite, "nc", command);
}

/// Not even nc is needed.
pub fn bash_gets_its_echo(suite: Server) {
    outside_client(suite, "bash", |port| {
        format!("exec 3<>/dev/tcp/127.0.0.1/{port}; echo hello from outside >&3; head -n 1 <&3")
    });
}

/// All are connected, all are answered, twice, and nothing is left behind.
pub fn a_thousand_clients_at_once(suite: Server) {
    // The server inherits the limit.
    if let Err(reason) = need::descriptors(1200) {
        skip!("{reason}");
    }
    let mut server = suite.start();
    let address = server.addr();
    // Once it has answered it holds all that it needs for itself.
    let witness = peer::connect(address).unwrap();
    expect_echo(&witness, "hello");
    let before = Holdings::of(server.pid());
    let clients: Vec<_> = (0..1000).map(|_| peer::connect(address).unwrap()).collect();
    for (n, client) in clients.iter().enumerate() {
        expect_echo(client, &format!("client {n}"));
    }
    for client in clients.iter().rev() {
        expect_echo(client, "again");
    }
    let holds = Holdings::of(server.pid()).descriptors.len();
    assert!(holds > 1000, "they are connected at the same time: {holds}");
    drop(clients);
    until_closed(&server, &before);
    expect_echo(&witness, "last");
}

/// A RST, with and without something to read in front of it.
pub fn a_reset_costs_one_client(suite: Server) {
    let mut server = suite.start();
    let address = server.addr();
    let witness = peer::connect(address).unwrap();
    expect_echo(&witness, "before");
    let before = Holdings::of(server.pid());
    for _ in 0..20 {
        let mute = peer::connect(address).unwrap();
        peer::reset(mute).unwrap();
        let mut talker = peer::connect(address).unwrap();
        talker.write_all(&[b'x'; 10_000]).unwrap();
        peer::reset(talker).unwrap();
    }
    expect_echo(&witness, "after");
    until_closed(&server, &before);
    expect_idle(&server);
}

/// While one client sends a byte every 50 ms, another one is served.
pub fn a_dripping_client_stops_nobody(suite: Server) {
    let mut server = suite.start();
    let address = server.addr();
    let mut slow = peer::connect(address).unwrap();
    let witness = peer::connect(address).unwrap();
    let text = b"slow but sure";
    std::thread::scope(|scope| {
        let dripping = scope.spawn(|| peer::drip(&slow, text, Duration::from_millis(50)));
        while !dripping.is_finished() {
            expect_echo(&witness, "quick");
        }
        dripping.join().unwrap().unwrap();
    });
    let mut answer = [0; 13];
    slow.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, text);
}

/// It sends until every buffer is full. Others are served, the server's memory stays bounded, and
/// when it reads at last, every byte is there.
pub fn a_client_that_never_reads_stops_nobody(suite: Server) {
    let mut server = suite.start();
    let address = server.addr();
    let mut stubborn = peer::connect(address).unwrap();
    let sent = peer::stall(&stubborn, Duration::from_millis(300), 256 << 20).unwrap();
    assert!(sent < 256 << 20, "the server takes whatever it is given and keeps it");
    expect_echo(&peer::connect(address).unwrap(), "not stopped");
    expect_idle(&server);
    stubborn.shutdown(Shutdown::Write).unwrap();
    let got = io::copy(&mut stubborn, &mut io::sink()).unwrap();
    assert_eq!(got, sent as u64);
}

/// The end of its side is not the end of the conversation.
pub fn a_half_closed_client_gets_the_rest(suite: Server) {
    let mut server = suite.start();
    let address = server.addr();
    let witness = peer::connect(address).unwrap();
    expect_echo(&witness, "hello");
    let before = Holdings::of(server.pid());
    let mut client = peer::connect(address).unwrap();
    let message: Vec<u8> = (0..1 << 20).map(|n: u32| n.to_le_bytes()[1]).collect();
    let mut copy = client.try_clone().unwrap();
    let answer = std::thread::scope(|scope| {
        scope.spawn(|| {
            copy.write_all(&message).unwrap();
            copy.shutdown(Shutdown::Write).unwrap();
        });
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).unwrap();
        answer
    });
    assert!(answer == message, "{} bytes came back of {}", answer.len(), message.len());
    until_closed(&server, &before);
}

/// The same for every amount that the server may still owe when it meets the end: from nothing,
/// because all of it fits into the kernel's buffers, to more than it is willing to take.
pub fn a_half_closed_client_that_reads_late_gets_the_rest(suite: Server) {
    let mut server = suite.start();
    let address = server.addr();
    for size in (0..=512 * 1024).step_by(32 * 1024) {
        let kind = socket2::Type::STREAM;
        let socket = socket2::Socket::new(socket2::Domain::IPV4, kind, None).unwrap();
        // Small segments and a small window keep the kernel's buffers small: with loopback's own
        // they would hold megabytes, and the server would owe nothing.
        socket.set_tcp_mss(536).unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        socket.set_read_timeout(Some(crate::LIMIT)).unwrap();
        socket.connect(&address.into()).unwrap();
        let mut client = TcpStream::from(socket);
        let sent = peer::stall(&client, Duration::from_millis(50), size).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        // What has come makes it ready at once, so when it sleeps it has done what it can.
        until("the server sleeps", || proc::asleep_in(server.pid(), server.pid()));
        let got = io::copy(&mut client, &mut io::sink()).unwrap();
        assert_eq!(got, sent as u64, "the rest was thrown away");
    }
}

/// Fails when a server that has nothing to do uses the processor.
pub fn expect_idle(server: &Running) {
    let cpu = || proc::stat(server.pid()).expect("the server lives").cpu;
    let (start, before) = (Instant::now(), cpu());
    // Time is what is measured here: a loop that spins uses most of it, whatever else runs.
    while start.elapsed() < Duration::from_millis(500) {
        std::thread::park_timeout(Duration::from_millis(50));
    }
    let used = cpu().saturating_sub(before);
    assert!(used < Duration::from_millis(100), "{used:?} of processor time in 500 ms of rest");
}

/// EMFILE: the clients that it has are served, the others wait, and get their turn.
pub fn running_out_of_descriptors_neither_spins_nor_kills(suite: Server) {
    let mut server = suite.command().max_files(16).spawn();
    let address = server.addr();
    let mut clients: Vec<_> = (0..30).map(|_| peer::connect(address).unwrap()).collect();
    until("it says that it has run out", || {
        server.stderr().contains("Too many open files").then_some(())
    });
    assert_eq!(server.stderr().lines().count(), 1, "once: {}", server.stderr());
    expect_echo(&clients[0], "one of the lucky ones");
    expect_idle(&server);
    assert_eq!(server.stderr().lines().count(), 1, "once: {}", server.stderr());
    // The last one gets its turn when the first ones have gone.
    let last = clients.pop().unwrap();
    drop(clients);
    expect_echo(&last, "at last");
}

/// `printf … | client`: what was sent comes back, then it ends.
pub fn the_client_takes_a_pipe(program: &'static str) {
    let mut server = Server { program, role: "server" }.start();
    let address = server.addr().to_string();
    let mut client = Program::new(program).args(["client", &address]).stdin_pipe().spawn();
    client.type_in("one\ntwo\n");
    client.line("one");
    client.line("two");
    client.type_in("no newline");
    client.close_stdin();
    let done = client.wait();
    done.succeeded();
    assert_eq!(done.stdout, "one\ntwo\nno newline");
}

/// What epoll refuses to watch; more than all buffers on the way hold, so that a client that
/// sends first and reads afterwards would never end.
pub fn the_client_takes_a_file_and_nothing(program: &'static str) {
    let mut server = Server { program, role: "server" }.start();
    let address = server.addr().to_string();
    let mut text = Vec::new();
    for n in 0..1_000_000 {
        writeln!(text, "line {n}").unwrap();
    }
    let path = std::env::temp_dir().join(format!("nine-days-{}-{address}", std::process::id()));
    std::fs::write(&path, &text).unwrap();
    let file = File::open(&path);
    std::fs::remove_file(&path).unwrap();
    for (stdin, expected) in [(Stdio::from(file.unwrap()), &text[..]), (Stdio::null(), b"")] {
        let done = Program::new(program).args(["client", &address]).stdin(stdin).run();
        done.succeeded();
        assert!(
            done.stdout.as_bytes() == expected,
            "{} of {} bytes",
            done.stdout.len(),
            expected.len()
        );
    }
}

/// Lines as they are typed, answers as they come, Ctrl-D to end.
pub fn the_client_talks_at_a_terminal(program: &'static str) {
    let mut pty = match Pty::open() {
        Ok(pty) => pty,
        Err(error) => skip!("no pseudo-terminal here: {error}"),
    };
    let mut server = Server { program, role: "server" }.start();
    let address = server.addr().to_string();
    let client = Program::new(program).args(["client", &address]);
    let mut client = pty.attach(client).unwrap().spawn();
    pty.press("hello\n").unwrap();
    client.line("hello");
    pty.press("wor\x7frld\n").unwrap();
    client.line("world");
    pty.press("\x04").unwrap();
    client.wait().succeeded();
}
