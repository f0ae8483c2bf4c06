//! Clients that are too slow for a session's pace: each step begins the time anew, and at its end the
//! session has the last word.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod common;

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use common::{Bound as _, Gate, Wish, start, stream};
use server::{
    Executor, Fork, Iterative, Multiplexed, Next, Pace, Pool, Reply, Session, Sessions, Tcp, Thread,
};

testkit::cases!(by_the_iterative_one, by_fork, by_thread, by_pool, by_loop);

/// One that is not over, even on a busy machine, when a client has paused so long.
const WITHIN: Duration = Duration::from_millis(800);
const PAUSE: Duration = Duration::from_millis(320);

fn by_the_iterative_one() {
    all(|| Iterative);
}

fn by_fork() {
    all(|| Fork);
}

fn by_thread() {
    all(|| Thread);
}

fn by_pool() {
    all(|| Pool::of(2));
}

fn by_loop() {
    all(|| Multiplexed);
}

/// An echo; the last word that it has heard says how it takes its leave.
#[derive(Debug)]
struct Patient {
    steps: u64,
    word: Vec<u8>,
}

impl Patient {
    fn new() -> Self {
        Self { steps: 0, word: Vec::new() }
    }
}

impl Session for Patient {
    fn received(&mut self, bytes: &[u8], reply: &mut Reply) -> io::Result<Next> {
        self.steps += 1;
        self.word = bytes.to_vec();
        reply.push(bytes);
        if bytes == b"flood" {
            // More than the kernel takes for a client that does not read.
            reply.push(&vec![0; 32 << 20]);
        }
        Ok(Next::Read)
    }

    fn late(&mut self, reply: &mut Reply) -> io::Result<Next> {
        let next = match &self.word[..] {
            b"close" | b"flood" => Next::Close,
            b"linger" => Next::Linger,
            b"read" => Next::Read,
            _ => return Err(io::ErrorKind::TimedOut.into()),
        };
        reply.push(b"late");
        Ok(next)
    }

    fn pace(&self) -> Option<Pace> {
        Some(Pace { step: self.steps, within: WITHIN })
    }
}

type Patients = Sessions<Box<dyn Fn() -> Patient + Send + Sync>>;

fn all<E: Executor<Tcp, Patients>>(executor: impl Fn() -> E) {
    // What it says; what it hears at the end; whether that was a failure.
    for (word, last, failed) in
        [("", "", 1), ("drop", "", 1), ("read", "", 1), ("close", "late", 0), ("linger", "late", 0)]
    {
        let server = start(Tcp::bound, executor(), patients, Wish::default());
        let (mut client, since) = (stream(&server.at).unwrap(), Instant::now());
        client.ask(word).unwrap();
        assert_eq!(client.rest().unwrap(), last, "{word:?}");
        assert!(since.elapsed() >= WITHIN, "{word:?}");
        drop(client);
        assert_eq!(server.finish().failed, failed, "{word:?}");
    }
    each_step_begins_the_time_anew(executor());
    the_last_words_have_their_time_too(executor());
}

fn patients(gate: Gate) -> Patients {
    Sessions(Box::new(move || {
        // Of no use here, and as long there as the server is, by which its leaks are told.
        let _ = &gate;
        Patient::new()
    }))
}

fn each_step_begins_the_time_anew(executor: impl Executor<Tcp, Patients>) {
    let server = start(Tcp::bound, executor, patients, Wish::default());
    let (mut client, since) = (stream(&server.at).unwrap(), Instant::now());
    for _ in 0..3 {
        client.ask("close").unwrap();
        // This is how slow it is.
        thread::sleep(PAUSE);
    }
    assert_eq!(client.ask("close").unwrap(), "close");
    assert_eq!(client.rest().unwrap(), "late");
    assert!(since.elapsed() >= PAUSE * 3 + WITHIN);
    assert_eq!(server.finish().done, 1);
}

/// And no more than that: who takes nothing of what it is owed is dropped.
fn the_last_words_have_their_time_too(executor: impl Executor<Tcp, Patients>) {
    let server = start(Tcp::bound, executor, patients, Wish::default());
    let (mut client, since) = (stream(&server.at).unwrap(), Instant::now());
    // Its beginning says that it is inside.
    assert_eq!(client.ask("flood").unwrap(), "flood");
    // The grace is long, and it is all that it waits for.
    let counts = server.finish();
    assert_eq!(counts.failed, 1, "{counts:?}");
    assert!(since.elapsed() >= WITHIN * 2);
}
