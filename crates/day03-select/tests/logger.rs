//! The logger as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use testkit::leaks::Holdings;
use testkit::pty::Pty;
use testkit::{Program, Running, peer, skip, until};

const PROGRAM: &str = env!("CARGO_BIN_EXE_day03-select");

struct Logger {
    server: Running,
    address: SocketAddr,
    log: PathBuf,
    _dir: tempfile::TempDir,
}

impl Logger {
    fn start() -> Self {
        Self::start_with(Program::stdin_pipe)
    }

    fn start_with(how: impl FnOnce(Program) -> Program) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join("log");
        let program = Program::new(PROGRAM).args(["server", "127.0.0.1:0", log.to_str().unwrap()]);
        let mut server = how(program).spawn();
        let address = server.addr();
        Self { server, address, log, _dir: dir }
    }

    /// A client that the server has greeted.
    fn connect(&self) -> TcpStream {
        let mut client = peer::connect(self.address).unwrap();
        client.read_exact(&mut [0; 14]).unwrap();
        client
    }

    /// What the file holds, each line without the name in front of it.
    fn lines(&self) -> Vec<String> {
        texts(&self.log)
    }

    fn until_logged(&self, text: &str) {
        until(text, || self.lines().iter().any(|line| line == text).then_some(()));
    }
}

fn texts(log: &Path) -> Vec<String> {
    let text = std::fs::read(log).unwrap();
    // A reader may come between the two pages of a write: what has no newline yet is no line.
    let whole = text.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let text = std::str::from_utf8(&text[..whole]).unwrap();
    text.lines().map(|line| line.split_once(": ").unwrap().1.to_owned()).collect()
}

#[test]
fn the_lesson_runs_by_itself() {
    let done = Program::new(PROGRAM).run();
    done.succeeded();
    let told: Vec<_> = done.stdout.split("the file now holds:").collect();
    let told: Vec<_> =
        told[1].trim().lines().map(|line| line.rsplit(": ").next().unwrap()).collect();
    assert_eq!(told, ["hello", "你好", "bye", "typed here", "half of a line"]);
}

#[test]
fn every_line_is_logged_whole_and_once() {
    let mut logger = Logger::start();
    let clients: Vec<_> = (0..3).map(|_| logger.connect()).collect();
    std::thread::scope(|scope| {
        for (name, mut client) in ["ann", "bob", "cat"].into_iter().zip(&clients) {
            scope.spawn(move || {
                // In pieces that have nothing to do with the lines.
                let text: String =
                    (0..500).map(|n| format!("{name} {n}\n")).collect::<Vec<_>>().concat();
                for piece in text.as_bytes().chunks(7) {
                    client.write_all(piece).unwrap();
                }
            });
        }
        for n in 0..500 {
            logger.server.type_in(format!("typed {n}\n"));
        }
    });
    for client in &clients {
        assert_eq!(peer::half_close(client).unwrap(), b"");
    }
    logger.until_logged("typed 499");
    let lines = logger.lines();
    assert_eq!(lines.len(), 2000);
    for name in ["ann", "bob", "cat", "typed"] {
        let own: Vec<_> = lines.iter().filter(|line| line.starts_with(name)).cloned().collect();
        let expected: Vec<_> = (0..500).map(|n| format!("{name} {n}")).collect();
        assert!(own == expected, "{own:?}");
    }
}

#[test]
fn the_end_of_the_terminal_is_not_the_end_of_the_server() {
    let mut logger = Logger::start();
    logger.server.type_in("one\ntwo\nno newline");
    logger.server.close_stdin();
    logger.until_logged("no newline");
    assert_eq!(logger.lines(), ["one", "two", "no newline"]);
    let mut client = logger.connect();
    client.write_all(b"still serving\n").unwrap();
    logger.until_logged("still serving");
    testkit::echo::expect_idle(&logger.server);
}

#[test]
fn input_from_a_file_and_from_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("input");
    std::fs::write(&input, "from a file\nand more\n").unwrap();
    let logger = Logger::start_with(|program| program.stdin(File::open(&input).unwrap()));
    logger.until_logged("and more");
    assert_eq!(logger.lines(), ["from a file", "and more"]);
    let logger = Logger::start_with(|program| program);
    logger.connect().write_all(b"x\n").unwrap();
    logger.until_logged("x");
    testkit::echo::expect_idle(&logger.server);
}

#[test]
fn lines_typed_at_a_terminal() {
    let mut pty = match Pty::open() {
        Ok(pty) => pty,
        Err(error) => skip!("no pseudo-terminal here: {error}"),
    };
    let logger = Logger::start_with(|program| pty.attach(program).unwrap());
    pty.press("typed\n").unwrap();
    logger.until_logged("typed");
    pty.press("\x04").unwrap();
    logger.connect().write_all(b"after Ctrl-D\n").unwrap();
    logger.until_logged("after Ctrl-D");
    pty.press("\x03").unwrap();
    assert_eq!(logger.server.wait().signal(), Some(2));
}

#[test]
fn a_reset_and_a_drip_and_a_stall_stop_nobody() {
    let logger = Logger::start();
    let witness = logger.connect();
    (&witness).write_all(b"before\n").unwrap();
    logger.until_logged("before");
    let before = Holdings::of(logger.server.pid());
    peer::reset(logger.connect()).unwrap();
    let slow = logger.connect();
    std::thread::scope(|scope| {
        let drip = scope.spawn(|| peer::drip(&slow, b"drop by drop\n", Duration::from_millis(50)));
        for n in 0.. {
            (&witness).write_all(format!("quick {n}\n").as_bytes()).unwrap();
            logger.until_logged(&format!("quick {n}"));
            if drip.is_finished() {
                break;
            }
        }
    });
    logger.until_logged("drop by drop");
    peer::half_close(&slow).unwrap();
    until("its descriptors are closed", || {
        before.leaked(&Holdings::of(logger.server.pid())).is_empty().then_some(())
    });
}

#[test]
fn hostile_lines_are_harmless() {
    let logger = Logger::start();
    let client = logger.connect();
    (&client).write_all("x".repeat(100_000).as_bytes()).unwrap();
    (&client).write_all(b"\nnext\n\x1b[2Jclear\xff\r\n\0\n").unwrap();
    peer::half_close(&client).unwrap();
    logger.until_logged("next");
    let expected =
        ["(the message is longer than 4096 bytes)", "next", "\u{fffd}[2Jclear\u{fffd}", "\u{fffd}"];
    assert_eq!(logger.lines(), expected);
}

#[test]
fn more_clients_than_a_set_has_room_for() {
    if let Err(reason) = testkit::need::descriptors(2300) {
        skip!("{reason}");
    }
    let logger = Logger::start();
    let clients: Vec<_> = (0..1100).map(|_| peer::connect(logger.address).unwrap()).collect();
    let mut turned_away = 0;
    for (n, mut client) in clients.iter().enumerate() {
        // Greeted, or turned away: the end.
        if client.read(&mut [0; 64]).unwrap() > 0 {
            client.write_all(format!("client {n}\n").as_bytes()).unwrap();
        } else {
            turned_away += 1;
        }
    }
    assert!((80..200).contains(&turned_away), "{turned_away}");
    logger.until_logged("client 0");
    until("it says why", || {
        logger.server.stderr().contains("select has no room for fd 1024").then_some(())
    });
    drop(clients);
    logger.connect().write_all(b"room again\n").unwrap();
    logger.until_logged("room again");
}

#[test]
fn running_out_of_descriptors_neither_spins_nor_kills() {
    let logger = Logger::start_with(|program| program.max_files(16));
    let mut clients: Vec<_> = (0..30).map(|_| peer::connect(logger.address).unwrap()).collect();
    until("it says that it has run out", || {
        logger.server.stderr().contains("Too many open files").then_some(())
    });
    testkit::echo::expect_idle(&logger.server);
    (&clients[0]).write_all(b"lucky\n").unwrap();
    logger.until_logged("lucky");
    let last = clients.pop().unwrap();
    drop(clients);
    (&last).write_all(b"at last\n").unwrap();
    logger.until_logged("at last");
}

#[test]
fn mistakes_are_one_sentence() {
    let run = |args: &[&str]| Program::new(PROGRAM).args(args).run();
    run(&["server", "127.0.0.1:0"]).failed(2, "the server needs FILE");
    run(&["server", "127.0.0.1", "/dev/null"]).failed(2, "has no port");
    run(&["server", "127.0.0.1:0", "/no/such/file"]).failed(1, "/no/such/file: No such file");
    run(&["server", "127.0.0.1:0", "/"]).failed(1, "/: Is a directory");
    let logger = Logger::start();
    let address = logger.address.to_string();
    run(&["server", &address, "/dev/null"]).failed(1, "Address already in use (EADDRINUSE)");
    let full = Program::new(PROGRAM).args(["server", "127.0.0.1:0", "/dev/full"]).stdin_pipe();
    let mut full = full.spawn();
    full.type_in("a line\n");
    full.wait().failed(1, "the log: No space left on device");
}

#[test]
fn the_client_sends_lines_and_ends() {
    let logger = Logger::start();
    let mut client =
        Program::new(PROGRAM).args(["client", &logger.address.to_string()]).stdin_pipe().spawn();
    client.line("lines, please");
    client.type_in("from the client\n");
    logger.until_logged("from the client");
    client.type_in("no newline");
    client.close_stdin();
    client.wait().succeeded();
    logger.until_logged("no newline");
}
