//! A connection that waits for its next request costs at most 1 KiB of the server's memory: what
//! 10,000 of them add, each of which has been answered already.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

#[path = "common/memory.rs"]
mod memory;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::ExitCode;

use capstone_http::connection::Service;
use capstone_http::files::{self, Site};
use capstone_http::server::{self, Model, Options};
use memory::memory;
use testkit::cases::{next_of, pipe, tell};

const MANY: u64 = 10_000;
const REQUEST: &[u8] = b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

fn main() -> ExitCode {
    testkit::cases::run(&[("an_idle_connection_is_small", an_idle_connection_is_small)])
}

fn an_idle_connection_is_small() {
    if let Err(reason) = testkit::need::descriptors(MANY + 200) {
        testkit::skip!("{reason}");
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a"), [b'x'; 1024]).unwrap();
    let (said, say) = pipe();
    let stopper = ::server::Stopper::new().unwrap();
    let mut child = process::fork(|| {
        let listeners = server::listen("127.0.0.1:0".parse().unwrap(), 1).unwrap();
        tell(&say, &format!("{}\n", listeners[0].local_addr().unwrap()));
        let site = Site::open(folder.path(), files::Options::default()).unwrap();
        let service = Service::new(site).unwrap();
        let options = Options { connections: 20_000, ..Options::of(Model::Epoll) };
        server::serve(listeners, service, &options, &stopper).unwrap();
        0
    })
    .unwrap();
    let at: std::net::SocketAddr = next_of(&said).trim().parse().unwrap();
    let pid = child.pid().as_raw().cast_unsigned();
    let ask = || {
        let mut stream = TcpStream::connect(at).unwrap();
        stream.set_read_timeout(Some(testkit::LIMIT)).unwrap();
        // Cut, so that half of it has to be kept for a while.
        stream.write_all(&REQUEST[..10]).unwrap();
        stream.write_all(&REQUEST[10..]).unwrap();
        let mut bytes = [0; 4096];
        let mut all = 0;
        while all < 1024 + 100 {
            all += stream.read(&mut bytes).unwrap();
        }
        stream
    };
    let mut streams = vec![ask()];
    let before = memory(pid);
    for _ in 1..MANY {
        streams.push(ask());
    }
    let each = (memory(pid) - before) / MANY;
    assert!(each <= 1024, "{each} bytes");
    stopper.stop().unwrap();
    drop(streams);
    child.join(syscall::Deadline::Never).unwrap();
}
