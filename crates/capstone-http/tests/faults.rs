//! The server while the kernel interrupts, has no room, cuts short and refuses:
//! cargo test -p capstone-http --features faults --test faults -- --nocapture. Whatever happens to
//! its calls, each answer is complete and in order, in all models. EINTR meets waits alone: all other
//! calls of the server return at once.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::thread;

use capstone_http::server::Model;
use testkit::faults::{Act, Fault, Fd, Server, Talk, survives};

const SOCKET: Fd = Fd::Kind("socket:");
const CLIENTS: usize = 6;

fn content(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n.wrapping_mul(2_654_435_761) >> 11).to_le_bytes()[0]).collect()
}

/// One of everything on one connection, all of it at once; what is heard then is compared.
fn talk(at: SocketAddr, file: &[u8]) -> Result<(), String> {
    let mut stream = testkit::peer::connect(at).map_err(|error| error.to_string())?;
    let requests = [
        "GET /file HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /small HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /missing HTTP/1.1\r\nHost: h\r\n\r\n",
        "PUT /api/new HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n\
         5\r\n{\"day\r\n1c\r\n\":9,\"minutes\":1,\"title\":\"x\"}\r\n0\r\n\r\n",
        "GET /file HTTP/1.1\r\nHost: h\r\nRange: bytes=1000-\r\nConnection: close\r\n\r\n",
    ];
    stream.write_all(requests.concat().as_bytes()).map_err(|error| error.to_string())?;
    let mut heard = Vec::new();
    stream.read_to_end(&mut heard).map_err(|error| error.to_string())?;
    let mut rest = &heard[..];
    for (status, body) in [
        (200, file),
        (200, b"small"),
        (404, b"404 Not Found\n"),
        (0, br#"{"day":9,"minutes":1,"name":"new","title":"x"}"#),
        (206, &file[1000..]),
    ] {
        let end = rest.windows(4).position(|four| four == b"\r\n\r\n").ok_or("no answer")? + 4;
        let head = String::from_utf8_lossy(&rest[..end]).into_owned();
        rest = rest[end..].strip_prefix(body).ok_or(format!("another answer: {head}"))?;
        rest = rest.strip_prefix(b"\n").filter(|_| status == 0).unwrap_or(rest);
        // The first to put is told something else than the others.
        if status > 0 && !head.starts_with(&format!("HTTP/1.1 {status} ")) {
            return Err(format!("another status: {head}"));
        }
    }
    if rest.is_empty() { Ok(()) } else { Err(format!("{} bytes too many", rest.len())) }
}

fn play(at: SocketAddr, file: &[u8]) -> Result<u32, String> {
    thread::scope(|scope| {
        let all: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(move || talk(at, file))).collect();
        all.into_iter().try_for_each(|one| one.join().map_err(|_| "a client panicked")?)
    })?;
    Ok(0)
}

/// In each model, with a file of so many bytes.
fn survive(size: usize, faults: impl Fn() -> Vec<Fault>) {
    survive_as(&Model::ALL, &[], size, faults, play);
}

fn survive_as(
    models: &[Model],
    more: &[&str],
    size: usize,
    faults: impl Fn() -> Vec<Fault>,
    play: impl Fn(SocketAddr, &[u8]) -> Result<u32, String>,
) {
    let file = content(size);
    for &model in models {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), &file).unwrap();
        std::fs::write(folder.path().join("small"), b"small").unwrap();
        let server = Server {
            program: env!("CARGO_BIN_EXE_capstone-http").into(),
            // What is served by crate `server` is served by its calls.
            root: concat!(env!("CARGO_MANIFEST_DIR"), "/.."),
            role: model.name(),
            talk: Talk::Echo,
        };
        let folder = folder.path().to_str().unwrap();
        let mut args = vec![folder, "--listen", "127.0.0.1:0", "--model", model.name()];
        args.extend(["--data", "/api", "--log", "off"]);
        // A crew of 256 would begin under the tracer's eyes.
        args.extend((model == Model::Pool).then_some(["--max-connections", "8"]).iter().flatten());
        args.extend(more);
        survives(&server, &args, faults(), |at| play(at, &file));
    }
}

fn fails(call: &'static str, errno: i32) -> Fault {
    Fault::on(&[call], Act::Error(errno))
}

fn short(call: &'static str, length: u64) -> Fault {
    Fault::on(&[call], Act::Short(length)).fd(SOCKET).every(1)
}

#[test]
fn interrupted_waits() {
    survive(300_000, || vec![fails("@wait", libc::EINTR).every(2)]);
}

#[test]
fn short_reads() {
    survive(30_000, || vec![short("@read", 1)]);
    survive(30_000, || vec![short("@read", 7)]);
}

#[test]
fn short_writes() {
    survive(5000, || vec![short("@write", 1)]);
    survive(30_000, || vec![short("@write", 7)]);
}

#[test]
fn short_sendfiles() {
    survive(20_000, || vec![short("sendfile", 7)]);
    survive(300_000, || vec![short("sendfile", 777)]);
}

#[test]
fn sendfiles_without_room() {
    survive(3_000_000, || vec![fails("sendfile", libc::EAGAIN).every(2)]);
}

#[test]
fn reads_that_find_nothing() {
    survive(30_000, || vec![fails("@read", libc::EAGAIN).fd(SOCKET).every(2)]);
}

#[test]
fn writes_without_room() {
    survive(30_000, || vec![fails("@write", libc::EAGAIN).fd(SOCKET).every(2)]);
}

#[test]
fn no_descriptor_left() {
    survive(30_000, || vec![fails("@accept", libc::EMFILE).every(2).times(4)]);
}

#[test]
fn aborted_connections() {
    survive(30_000, || vec![fails("@accept", libc::ECONNABORTED).every(2)]);
    survive(30_000, || vec![fails("@accept", libc::EAGAIN).every(2)]);
}

/// Who cannot be watched is parted with, alone: the second client. The door, the stop, the first one who
/// comes and goes are four calls.
#[test]
fn no_room_for_a_watch() {
    let faults = || vec![fails("epoll_ctl", libc::ENOSPC).nth(5).times(1)];
    survive_as(&[Model::Epoll], &["--workers", "1"], 30_000, faults, one_by_one);
}

/// Clients who are waited for in the middle, so that each has to be watched. Gives how many were turned
/// away.
fn one_by_one(at: SocketAddr, _: &[u8]) -> Result<u32, String> {
    let mut turned_away = 0;
    for _ in 0..CLIENTS {
        let mut stream = testkit::peer::connect(at).map_err(|error| error.to_string())?;
        let body = br#"{"day":9,"minutes":1,"title":"x"}"#;
        let head = format!(
            "PUT /api/new HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: {}\r\n\
             Expect: 100-continue\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).map_err(|error| error.to_string())?;
        let mut heard = vec![0; "HTTP/1.1 100 Continue\r\n\r\n".len()];
        stream.read_exact(&mut heard).map_err(|error| error.to_string())?;
        // Who is turned away is by now, or will be.
        let _ = stream.write_all(body);
        heard.clear();
        let end = stream.read_to_end(&mut heard);
        if heard.starts_with(b"HTTP/1.1 2") {
            end.map_err(|error| error.to_string())?;
        } else if heard.is_empty() {
            turned_away += 1;
        } else {
            return Err(String::from_utf8_lossy(&heard).into_owned());
        }
    }
    Ok(turned_away)
}

#[test]
fn all_at_once() {
    let faults = || {
        vec![
            fails("@wait", libc::EINTR).every(3),
            fails("@accept", libc::ECONNABORTED).every(5),
            fails("@accept", libc::EMFILE).nth(3).times(1),
            fails("@read", libc::EAGAIN).fd(SOCKET).every(3),
            fails("@write", libc::EAGAIN).fd(SOCKET).every(3),
            fails("sendfile", libc::EAGAIN).every(3),
            short("sendfile", 777),
            short("@read", 7),
            short("@write", 77),
        ]
    };
    survive(30_000, faults);
}
