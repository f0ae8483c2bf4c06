//! The lesson and the server, as their users meet them.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::Duration;

use nix::sys::signal::Signal;
use testkit::leaks::Holdings;
use testkit::pty::Pty;
use testkit::{Program, Running, echo, need, peer, skip, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day09-thread-server");

fn program(dir: &Path, limit: usize) -> Program {
    let limit = limit.to_string();
    let args = ["server", "127.0.0.1:0"].map(OsStr::new);
    Program::new(PROGRAM).args(args).args([dir.as_os_str(), OsStr::new(&limit)])
}

fn start(dir: &Path, limit: usize) -> (Running, SocketAddr) {
    let mut server = program(dir, limit).spawn();
    let address = server.addr();
    (server, address)
}

/// All that comes until the end, after these lines and the end of our side.
fn answers(server: SocketAddr, lines: &[u8]) -> String {
    let mut client = peer::connect(server).unwrap();
    client.write_all(lines).unwrap();
    String::from_utf8(peer::half_close(&client).unwrap()).unwrap()
}

/// One line for a line.
fn ask(mut client: &TcpStream, question: &str) -> String {
    client.write_all(question.as_bytes()).unwrap();
    line(client)
}

fn line(mut client: &TcpStream) -> String {
    let (mut text, mut byte) = (Vec::new(), [0]);
    while !text.ends_with(b"\n") {
        client.read_exact(&mut byte).unwrap();
        text.push(byte[0]);
    }
    String::from_utf8(text).unwrap()
}

fn one_file() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a"), "12345").unwrap();
    dir
}

#[test]
fn the_lesson_runs_by_itself() {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    for part in [
        "link-to-ten   symbolic link  true     false\n",
        "link-to-none  symbolic link  false    false\n",
        "    4 files\n    ten\n    two\\nlines\n    文件\n    \\xff\n",
        "  bob: size ten: 10 bytes\n",
        "  bob: size link-to-ten: no such file\n",
        "  bob: size ../ten: no such file\n",
        "  cat connects and asks: 1 in the backlog, 4 threads\n",
        "  SIGTERM: ann hears the end, cat hears the end\n",
        "  stopped with 2 inside, 0 of them cut; threads joined: 3\n",
        "eve says nothing, hears the end\n  stopped with 0 inside, 0 of them cut; threads joined: 1",
        "ann has got \"170 files\" and no more\n  bob, who was silent: hears the end\n",
        "  ann reads on: 170 lines, hears the end\n",
        "  stopped with 2 inside, 0 of them cut; threads joined: 2\n",
    ] {
        assert!(done.stdout.contains(part), "{part:?} is not in\n{}", done.stdout);
    }
    let after = "  1 thread is left; a new connection: ECONNREFUSED";
    assert_eq!(done.stdout.matches(after).count(), 3, "{}", done.stdout);
}

#[test]
fn only_ordinary_files_sorted_and_safe_to_show() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &[u8]| dir.path().join(OsStr::from_bytes(name));
    for name in [&b"b"[..], b"a", b"two\nlines", b"\xff\xfe", "文件".as_bytes(), b"back\\slash"] {
        fs::write(path(name), "1").unwrap();
    }
    fs::write(path(b"red\x1b[31m\xe2\x80\xae"), "123").unwrap();
    fs::write(path(b"it's \"good\""), "12").unwrap();
    fs::create_dir(path(b"dir")).unwrap();
    symlink("a", path(b"link")).unwrap();
    symlink("/etc/passwd", path(b"out")).unwrap();
    let _socket = UnixListener::bind(path(b"socket")).unwrap();
    let (_server, address) = start(dir.path(), 4);
    let names = [
        "a",
        "b",
        "back\\\\slash",
        "it's \"good\"",
        "red\\u{1b}[31m\\u{202e}",
        "two\\nlines",
        "文件",
        "\\xff\\xfe",
    ];
    assert_eq!(answers(address, b"list\n"), format!("8 files\n{}\n", names.join("\n")));
    // Every name that is shown can be asked for.
    for (name, size) in names.iter().zip([1, 1, 1, 2, 3, 1, 1, 1]) {
        assert_eq!(
            answers(address, format!("size {name}\n").as_bytes()),
            format!("{size} bytes\n")
        );
    }
    for name in ["dir", "link", "out", "socket", "../a", "/etc/passwd", ".", "", "two"] {
        let question = format!("size {name}\n");
        assert_eq!(answers(address, question.as_bytes()), "no such file\n", "{name}");
    }
}

#[test]
fn lines_of_all_kinds() {
    let dir = one_file();
    let (_server, address) = start(dir.path(), 4);
    assert_eq!(answers(address, b""), "");
    assert_eq!(answers(address, b"size a"), "5 bytes\n", "the last line lacks its newline");
    assert_eq!(answers(address, b"size a\r\nsize a\n"), "5 bytes\n5 bytes\n");
    assert_eq!(answers(address, b"quit\nlist\n"), "", "nothing after quit");
    assert!(answers(address, b"\nLIST\n\xff\n").starts_with("unknown: "));
    let mut long = vec![b'x'; 100_000];
    long.extend(b"\nsize a\n");
    let answer = answers(address, &long);
    assert_eq!(answer.lines().count(), 2, "{answer}");
    assert!(answer.contains("2048") && answer.ends_with("\n5 bytes\n"), "{answer}");
}

#[test]
fn a_directory_that_goes_away_is_an_answer() {
    let dir = one_file();
    let (_server, address) = start(dir.path(), 4);
    drop(dir);
    assert!(answers(address, b"list\n").starts_with("it failed: No such file"));
    assert!(answers(address, b"size a\n").starts_with("it failed: "));
}

#[test]
fn nc_and_bash_get_their_answers() {
    let dir = one_file();
    let (_server, address) = start(dir.path(), 4);
    let port = address.port();
    for (name, command) in [
        ("nc", format!("printf 'list\\nquit\\n' | nc -N 127.0.0.1 {port}")),
        ("bash", format!("exec 3<>/dev/tcp/127.0.0.1/{port}; echo list >&3; head -n 2 <&3")),
    ] {
        if need::program(name).is_none() {
            skip!("{name} is not installed");
        }
        let done = Program::new("bash").args(["-c", &command]).run();
        done.succeeded();
        assert_eq!(done.stdout, "1 files\na\n", "{name}");
    }
}

/// At the limit the others are connected, and wait until somebody leaves.
#[test]
fn the_limit_is_kept_and_nobody_is_forgotten() {
    let dir = one_file();
    let (server, address) = start(dir.path(), 8);
    let mut clients: Vec<_> = (0..1000).map(|_| peer::connect(address).unwrap()).collect();
    for client in &mut clients {
        client.write_all(b"who\n").unwrap();
    }
    for (number, client) in clients.into_iter().enumerate() {
        let answer = line(&client);
        let mut words = answer.split(' ');
        assert_eq!(words.nth(1), Some(format!("{},", number + 1).as_str()), "{answer}");
        let inside: usize = words.nth(2).unwrap().parse().unwrap();
        assert!(inside <= 8 && answer.ends_with("at most 8\n"), "{answer}");
        // Threads that were joined may be listed for a moment longer.
        assert!(testkit::proc::tasks(server.pid()).len() <= 17);
    }
}

#[test]
fn a_thousand_clients_at_once() {
    if let Err(reason) = need::descriptors(1200) {
        skip!("{reason}");
    }
    let dir = one_file();
    let (server, address) = start(dir.path(), 1001);
    // Once it has answered it holds all that it needs for itself.
    let witness = peer::connect(address).unwrap();
    assert_eq!(ask(&witness, "size a\n"), "5 bytes\n");
    let before = Holdings::of(server.pid());
    let clients: Vec<_> = (0..1000).map(|_| peer::connect(address).unwrap()).collect();
    for client in clients.iter().chain(clients.iter().rev()) {
        assert_eq!(ask(client, "size a\n"), "5 bytes\n");
    }
    assert_eq!(Holdings::of(server.pid()).threads.len(), 1002);
    drop(clients);
    until_left(&server, &before);
    echo::expect_idle(&server);
}

fn until_left(server: &Running, before: &Holdings) {
    until("all threads have been joined, all connections closed", || {
        before.leaked(&Holdings::of(server.pid())).is_empty().then_some(())
    });
}

#[test]
fn a_reset_costs_one_client() {
    let dir = one_file();
    let (server, address) = start(dir.path(), 64);
    let witness = peer::connect(address).unwrap();
    assert_eq!(ask(&witness, "size a\n"), "5 bytes\n");
    let before = Holdings::of(server.pid());
    for _ in 0..20 {
        peer::reset(peer::connect(address).unwrap()).unwrap();
        let mut talker = peer::connect(address).unwrap();
        talker.write_all(b"list\nlist\nlist\nli").unwrap();
        peer::reset(talker).unwrap();
    }
    assert_eq!(ask(&witness, "size a\n"), "5 bytes\n");
    until_left(&server, &before);
    echo::expect_idle(&server);
}

#[test]
fn a_dripping_client_stops_nobody() {
    let dir = one_file();
    let (_server, address) = start(dir.path(), 4);
    let (slow, witness) = (peer::connect(address).unwrap(), peer::connect(address).unwrap());
    std::thread::scope(|scope| {
        let dripping = scope.spawn(|| peer::drip(&slow, b"size a\n", Duration::from_millis(50)));
        while !dripping.is_finished() {
            assert_eq!(ask(&witness, "size a\n"), "5 bytes\n");
        }
        dripping.join().unwrap().unwrap();
    });
    assert_eq!(line(&slow), "5 bytes\n");
}

#[test]
fn running_out_of_descriptors_neither_spins_nor_kills() {
    let dir = one_file();
    let mut server = program(dir.path(), 64).max_files(16).spawn();
    let address = server.addr();
    let mut clients: Vec<_> = (0..30).map(|_| peer::connect(address).unwrap()).collect();
    until("it says that it has run out", || {
        server.stderr().contains("Too many open files").then_some(())
    });
    assert!(ask(&clients[0], "who\n").starts_with("client 1, "));
    echo::expect_idle(&server);
    assert_eq!(server.stderr().lines().count(), 1, "once: {}", server.stderr());
    let mut last = clients.pop().unwrap();
    last.write_all(b"who\n").unwrap();
    drop(clients);
    assert!(line(&last).starts_with("client 30, "));
}

#[test]
fn ctrl_c_is_a_clean_stop() {
    let mut pty = match Pty::open() {
        Ok(pty) => pty,
        Err(error) => skip!("no pseudo-terminal here: {error}"),
    };
    let dir = one_file();
    let mut server = pty.attach(program(dir.path(), 4)).unwrap().spawn();
    let mut client = peer::connect(server.addr()).unwrap();
    assert_eq!(ask(&client, "size a\n"), "5 bytes\n");
    pty.press("\x03").unwrap();
    let done = server.wait();
    done.succeeded();
    let end = "SIGINT\nstopped with 1 inside, 0 of them cut; threads joined: 1\n";
    assert!(done.stdout.ends_with(end), "{}", done.stdout);
    // An end of the stream, not a reset.
    assert_eq!(client.read(&mut [0]).unwrap(), 0);
}

fn many_files() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for number in 0..400 {
        File::create(dir.path().join(format!("{number:0>200}"))).unwrap();
    }
    dir
}

/// Takes little at a time, and has read the first line of an answer of 80 kB.
fn in_the_middle(server: SocketAddr) -> TcpStream {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.set_read_timeout(Some(testkit::LIMIT)).unwrap();
    socket.connect(&server.into()).unwrap();
    let client = TcpStream::from(socket);
    assert_eq!(ask(&client, "list\n"), "400 files\n");
    client
}

#[test]
fn an_answer_that_has_begun_is_finished() {
    let dir = many_files();
    let (server, address) = start(dir.path(), 4);
    let mut client = in_the_middle(address);
    let mut silent = peer::connect(address).unwrap();
    assert!(ask(&silent, "who\n").starts_with("client 2, "));
    server.signal(Signal::SIGTERM);
    // The clients are told in the order of their numbers: by now the first one has been, too.
    assert_eq!(silent.read(&mut [0]).unwrap(), 0);
    // What it asks now is not answered, and is no reason to lose the answer either.
    client.write_all(b"list\n").unwrap();
    let mut rest = String::new();
    client.read_to_string(&mut rest).unwrap();
    assert_eq!(rest.lines().count(), 400);
    let done = server.wait();
    done.succeeded();
    assert!(done.stdout.ends_with("2 inside, 0 of them cut; threads joined: 2\n"), "{done:?}");
}

/// Whoever does not read its answer cannot keep the server alive.
#[test]
fn a_client_that_never_reads_is_cut_at_the_stop() {
    let dir = many_files();
    let (server, address) = start(dir.path(), 4);
    let mut client = in_the_middle(address);
    server.signal(Signal::SIGTERM);
    let done = server.wait();
    done.succeeded();
    assert!(done.stdout.ends_with("1 inside, 1 of them cut; threads joined: 1\n"), "{done:?}");
    let mut rest = Vec::new();
    let read = client.read_to_end(&mut rest);
    assert!(rest.len() < 400 * 201, "{read:?}");
}

#[test]
fn who_waits_in_the_backlog_is_not_kept_waiting() {
    let dir = one_file();
    let (server, address) = start(dir.path(), 1);
    let inside = peer::connect(address).unwrap();
    assert!(ask(&inside, "who\n").starts_with("client 1, "));
    let mut waiting = peer::connect(address).unwrap();
    waiting.write_all(b"who\n").unwrap();
    // A listener that is readable all the time is no reason to spin.
    echo::expect_idle(&server);
    server.signal(Signal::SIGTERM);
    server.wait().succeeded();
    assert!(!matches!(waiting.read(&mut [0]), Ok(1..)), "it was never accepted");
}

#[test]
fn help_and_mistakes() {
    let done = Program::new(PROGRAM).args(["--help"]).run();
    done.succeeded();
    assert!(done.stdout.contains("-- server ADDR [DIR] [LIMIT]"), "{}", done.stdout);
    for (args, status, part) in [
        (&["server"][..], 2, "the server needs ADDR"),
        (&["server", "127.0.0.1:0", ".", "0"], 2, "'0' is not a limit"),
        (&["server", "127.0.0.1:0", ".", "many"], 2, "'many' is not a limit"),
        (&["server", "127.0.0.1"], 2, "has no port"),
        (&["server", "127.0.0.1:0", "/nonexistent"], 1, "/nonexistent cannot be listed"),
        (&["server", "127.0.0.1:0", "/etc/passwd"], 1, "Not a directory"),
        (&["server", "192.0.2.1:0"], 1, "Cannot assign requested address (EADDRNOTAVAIL)"),
    ] {
        Program::new(PROGRAM).args(args).run().failed(status, part);
    }
}

#[test]
fn a_busy_port_is_refused() {
    let dir = one_file();
    let (_server, address) = start(dir.path(), 4);
    let second = Program::new(PROGRAM).args(["server", &address.to_string()]).run();
    second.failed(1, "Address already in use (EADDRINUSE)");
    let client = peer::connect(address).unwrap();
    assert_eq!(ask(&client, "size a\n"), "5 bytes\n");
    client.shutdown(Shutdown::Both).unwrap();
}
