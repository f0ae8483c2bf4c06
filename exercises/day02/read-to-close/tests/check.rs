//! A sender of the test's own at the other end of a TCP connection. It knows what was stored, and
//! goes on only then: nothing here depends on how fast anybody is.

use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use read_to_close::receive;
use testkit::{equal, peer, step};
use trace::{Act, Fault, Fd};

testkit::exercise! {
    t1_all_that_comes_before_the_end: cpu(Duration::from_secs(1)),
    t2_a_short_read_is_not_the_end,
    t3_the_end_is_told_once: cpu(Duration::from_secs(1)),
    t4_a_reset_is_not_the_end,
    t5_a_large_backup,
    t6_signals_and_short_reads: faults(interruptions),
}

fn t1_all_that_comes_before_the_end() {
    let (mut from, mut sender) = connection();
    sender.write_all(b"one small file").unwrap();
    drop(sender);
    let (result, stored) = run(&mut from);
    let total = good(result);
    equal!(text(&stored), "one small file", "what was stored, when the sender had closed");
    equal!(total, 14, "the number of bytes that receive() returned");
}

fn t2_a_short_read_is_not_the_end() {
    let (mut from, mut sender) = connection();
    let (tell, told) = channel();
    let sender = thread::spawn(move || {
        sender.write_all(b"abc").unwrap();
        wait_for(&told, 3);
        sender.write_all(b"defghi").unwrap();
        wait_for(&told, 6);
    });
    let (result, stored) = run_telling(&mut from, &tell);
    let total = good(result);
    assert!(
        stored.len() > 3,
        "receive() took a short read for the end: 3 bytes had come, recv(2) returned 3, and the \
         sender was still connected. A stream has no messages: fewer bytes than the buffer has \
         room for only means that no more have arrived yet. The end is a read that returns 0"
    );
    equal!((text(&stored), total), ("abcdefghi".into(), 9), "what came in two parts");
    sender.join().unwrap();
}

fn t3_the_end_is_told_once() {
    let (mut from, sender) = connection();
    drop(sender);
    step!("the sender has connected and closed without a byte: recv(2) returns 0 at once");
    let result = receive(&mut from, |piece| {
        assert!(
            !piece.is_empty(),
            "store was called with an empty piece: recv(2) had returned 0, which is the end of the \
             stream. The end is a state, not an event: every further read returns 0 at once, and a \
             loop that goes on uses 100 % of a processor"
        );
    });
    equal!(good(result), 0, "the number of bytes of an empty backup");
}

fn t4_a_reset_is_not_the_end() {
    let (mut from, mut sender) = connection();
    let (tell, told) = channel();
    let sender = thread::spawn(move || {
        sender.write_all(b"the first half").unwrap();
        wait_for(&told, 14);
        peer::reset(sender).unwrap();
    });
    let (result, stored) = run_telling(&mut from, &tell);
    step!("14 bytes were sent and stored, then the sender crashed: its kernel sent a RST");
    match result {
        Ok(n) => panic!(
            "receive() returned Ok({n}), so half a backup counts as a whole one: recv(2) had \
             failed with ECONNRESET, and that was taken for the end. The end is a read that \
             returns 0"
        ),
        Err(error) => equal!(
            error.kind(),
            io::ErrorKind::ConnectionReset,
            "the kind of the error, which shall be the one that read gave"
        ),
    }
    equal!(text(&stored), "the first half", "what was stored before the reset");
    sender.join().unwrap();
}

fn t5_a_large_backup() {
    let (mut from, mut sender) = connection();
    let backup: Vec<u8> = (0..8_u32 << 20).map(|i| (i % 251) as u8).collect();
    let sent = backup.clone();
    let sender = thread::spawn(move || sender.write_all(&sent));
    let (result, stored) = run(&mut from);
    equal!(good(result), backup.len() as u64, "the number of bytes of 8 MiB");
    equal!(stored.len(), backup.len(), "the number of bytes stored of 8 MiB");
    let wrong = stored.iter().zip(&backup).position(|(got, sent)| got != sent);
    assert!(
        wrong.is_none(),
        "byte {} of 8 MiB is not the one that was sent: of the buffer, only the first n bytes are \
         new after read has returned n",
        wrong.unwrap_or_default()
    );
    sender.join().unwrap().unwrap();
}

/// What a kernel may do to any read from a socket, and hardly ever does.
fn interruptions() -> Vec<Fault> {
    let socket = Fd::Kind("socket:");
    vec![
        Fault::on(&["@read"], Act::Error(libc::EINTR)).fd(socket).every(3),
        Fault::on(&["@read"], Act::Short(2)).fd(socket).every(2),
    ]
}

fn t6_signals_and_short_reads() {
    let (mut from, mut sender) = connection();
    sender.write_all(b"a backup in small pieces").unwrap();
    drop(sender);
    step!("every third read is interrupted by a signal, and others give 2 bytes at most");
    let (result, stored) = run(&mut from);
    good(result);
    equal!(text(&stored), "a backup in small pieces", "what was stored all the same");
}

fn connection() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let sender = peer::connect(listener.local_addr().unwrap()).unwrap();
    (listener.accept().unwrap().0, sender)
}

fn run(from: &mut TcpStream) -> (io::Result<u64>, Vec<u8>) {
    run_telling(from, &channel().0)
}

/// Tells the length of every piece that is stored. Nobody may listen any more.
fn run_telling(from: &mut TcpStream, tell: &Sender<usize>) -> (io::Result<u64>, Vec<u8>) {
    let mut stored = Vec::new();
    let result = receive(from, |piece| {
        stored.extend_from_slice(piece);
        let _ = tell.send(piece.len());
    });
    (result, stored)
}

/// Until so many bytes are stored, or nobody stores any more.
fn wait_for(told: &Receiver<usize>, bytes: usize) {
    let mut stored = 0;
    while stored < bytes
        && let Ok(piece) = told.recv()
    {
        stored += piece;
        step!("{piece} bytes were stored");
    }
}

fn good(result: io::Result<u64>) -> u64 {
    result.unwrap_or_else(|error| {
        panic!("receive() failed, although the sender has closed in an orderly way: {error:?}")
    })
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
