//! Whole messages under one deadline, against peers that drip, stall, end and reset.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sockets::Deadline;
use sockets::message::{Error, recv_exact, send_all};
use syscall::Errno;

fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = testkit::peer::connect(listener.local_addr().unwrap()).unwrap();
    (client, listener.accept().unwrap().0)
}

#[test]
fn a_large_message_arrives_whole_through_small_buffers() {
    let (ours, mut theirs) = pair();
    let message: Vec<u8> =
        (0..8 << 20).map(|n: u32| n.to_le_bytes()[0] ^ n.to_le_bytes()[2]).collect();
    let copy = message.clone();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let mut got = vec![0; copy.len()];
            recv_exact(&theirs, &mut got, Deadline::after(testkit::LIMIT)).unwrap();
            assert!(got == copy, "the bytes changed on the way");
            theirs.write_all(b"ok").unwrap();
        });
        send_all(&ours, &message, Deadline::after(testkit::LIMIT)).unwrap();
        let mut answer = [0; 2];
        recv_exact(&ours, &mut answer, Deadline::Never).unwrap();
        assert_eq!(&answer, b"ok");
    });
}

#[test]
fn a_peer_that_drips_does_not_move_the_deadline() {
    let (ours, theirs) = pair();
    let limit = Duration::from_millis(100);
    let start = Instant::now();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // One byte every 5 ms would keep a read time-out of 100 ms quiet for ever; this goes on
        // until the buffer is full or the reader has given up.
        scope.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                testkit::peer::drip(&theirs, b"x", Duration::from_millis(5)).unwrap();
            }
        });
        let mut buffer = [0; 400];
        let received = recv_exact(&ours, &mut buffer, Deadline::after(limit));
        stop.store(true, Ordering::SeqCst);
        let error = received.unwrap_err();
        assert!(start.elapsed() >= limit);
        let done = error.done();
        assert_eq!(error, Error::TimedOut { done });
        assert!(
            buffer[..done].iter().all(|&b| b == b'x') && buffer[done..].iter().all(|&b| b == 0)
        );
    });
    // The socket is as it was: blocking, without a time-out.
    assert_eq!(ours.read_timeout().unwrap(), Some(testkit::LIMIT));
}

#[test]
fn a_peer_that_never_reads_ends_the_sending_in_time() {
    let (ours, _theirs) = pair();
    let limit = Duration::from_millis(50);
    let start = Instant::now();
    let error = send_all(&ours, &vec![0; 64 << 20], Deadline::after(limit)).unwrap_err();
    assert!(start.elapsed() >= limit);
    assert!(matches!(error, Error::TimedOut { done } if done > 0 && done < 64 << 20), "{error}");
    // Acknowledgements may still make a little room: in the end there is none, and now is a
    // deadline, too.
    testkit::until("every buffer is full", || {
        let error = send_all(&ours, &[0; 4096], Deadline::Now).err()?;
        (error == Error::TimedOut { done: 0 }).then_some(())
    });
}

#[test]
fn what_is_there_already_needs_no_time() {
    let (ours, mut theirs) = pair();
    theirs.write_all(b"abc").unwrap();
    ours.peek(&mut [0; 3]).unwrap();
    let mut buffer = [0; 3];
    recv_exact(&ours, &mut buffer, Deadline::Now).unwrap();
    assert_eq!(&buffer, b"abc");
    recv_exact(&ours, &mut [], Deadline::Now).unwrap();
    send_all(&ours, &[], Deadline::Now).unwrap();
}

#[test]
fn the_end_says_how_much_had_come() {
    let (ours, mut theirs) = pair();
    theirs.write_all(b"abc").unwrap();
    theirs.shutdown(Shutdown::Write).unwrap();
    let mut buffer = [0; 5];
    let never = Deadline::Never;
    assert_eq!(recv_exact(&ours, &mut buffer, never), Err(Error::Ended { done: 3 }));
    assert_eq!(&buffer, b"abc\0\0");
    assert_eq!(recv_exact(&ours, &mut buffer, never), Err(Error::Ended { done: 0 }));
}

#[test]
fn a_reset_is_a_failure_and_not_an_end() {
    let (ours, theirs) = pair();
    testkit::peer::reset(theirs).unwrap();
    let error = recv_exact(&ours, &mut [0; 5], Deadline::Never).unwrap_err();
    let Error::Failed { done: 0, error } = error else { panic!("{error}") };
    assert_eq!((error.call(), error.errno()), ("recv", Errno::ECONNRESET));
    let error = send_all(&ours, b"x", Deadline::Never).unwrap_err();
    let Error::Failed { done: 0, error } = error else { panic!("{error}") };
    assert_eq!((error.call(), error.errno()), ("send", Errno::EPIPE), "and no SIGPIPE");
    assert_eq!(error.to_string(), "send(): Broken pipe (EPIPE)");
}

#[test]
fn a_blocking_reader_gets_what_was_sent() {
    let (ours, mut theirs) = pair();
    send_all(&ours, b"hello", Deadline::Never).unwrap();
    drop(ours);
    let mut text = String::new();
    theirs.read_to_string(&mut text).unwrap();
    assert_eq!(text, "hello");
}
