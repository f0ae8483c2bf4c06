//! What a look costs, in processor time, so that a busy machine says the same:
//! `cargo test -p trace --lib -- --ignored measure --nocapture`.

use std::io::{Write as _, pipe, stderr};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use nix::time::ClockId;

use super::me;
use crate::kernel::{look, task_status};

const ROUNDS: u32 = 200;

/// The time that this thread has used so far.
fn now() -> Duration {
    ClockId::CLOCK_THREAD_CPUTIME_ID.now().unwrap().into()
}

#[test]
#[ignore = "a measurement"]
fn measure_a_look() {
    let mut held: Vec<Box<dyn std::any::Any>> = Vec::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let time = |what: &str, count: u32, work: &dyn Fn()| {
        let start = now();
        (0..ROUNDS).for_each(|_| work());
        let each = now().saturating_sub(start) / ROUNDS / count;
        writeln!(stderr(), "{what}: {each:?}").unwrap();
        each
    };
    let one = || drop(look(&[me()], |_| false));
    let before = time("this process as it is", 1, &one);
    let mut kind = |what: &str, make: &dyn Fn() -> Box<dyn std::any::Any>| {
        held.clear();
        held.extend((0..100).map(|_| make()));
        let start = now();
        (0..ROUNDS).for_each(|_| one());
        let each = (now().saturating_sub(start) / ROUNDS).saturating_sub(before) / 100;
        writeln!(stderr(), "100 more, {what}: {each:?} each").unwrap();
    };
    kind("files", &|| Box::new(std::fs::File::open("/etc/passwd").unwrap()));
    kind("pipes (two ends)", &|| Box::new(pipe().unwrap()));
    kind("TCP connections", &|| Box::new(TcpStream::connect(address).unwrap()));
    kind("TCP listeners", &|| Box::new(TcpListener::bind("127.0.0.1:0").unwrap()));
    kind("UDP sockets", &|| Box::new(UdpSocket::bind("127.0.0.1:0").unwrap()));
    kind("Unix pairs", &|| Box::new(UnixStream::pair().unwrap()));
    drop(held);
    time("task_status", 1, &|| assert_eq!(task_status(me(), me()), Some('S')));
}
