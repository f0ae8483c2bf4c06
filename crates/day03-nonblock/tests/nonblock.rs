//! The demo as its users meet it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use testkit::Program;
use testkit::lesson::Told;

const PROGRAM: &str = env!("CARGO_BIN_EXE_day03-nonblock");

/// Lines with blanks of any number taken for one.
fn lesson() -> Told {
    Told::by(Program::new(PROGRAM))
}

#[test]
fn the_lesson_shows_every_fact_and_is_the_same_on_every_run() {
    let told = lesson();
    told.says([
        "blocked in accept: state S, 0 ms of processor time in 300 ms",
        "not now, so poll: state S, 0 ms of processor time in 300 ms",
        "computing: state R, more than 0 ms of processor time: true",
        "accept, nobody there WouldBlock, EAGAIN",
        "O_NONBLOCK: listener true, the accepted socket false: not inherited",
        "read, nothing there WouldBlock, EAGAIN",
        "write, the buffer full WouldBlock, EAGAIN",
        "set on a dup: O_NONBLOCK: original true, dup true: shared",
        "cleared on a dup: FD_CLOEXEC: original true, dup false: its own",
        "accept, nobody comes WouldBlock, EAGAIN",
        "read, nothing comes WouldBlock, EAGAIN",
        "it waited at least that long: true",
        "a limit of zero InvalidInput, without an errno: std's own",
        "None, and then None",
        "connect, no answer TimedOut, without an errno: std's own",
        "all at once whole, more than twice the limit: false",
        "a byte every 250 ms TimedOut, more than twice the limit: false",
        "blocking read sleeps (state S); a byte comes; read returns 1",
        "non-blocking read returns WouldBlock; a byte comes; read returns 1",
        "multiplexed poll on 2 sockets: 1 ready, number [2]; read returns 1",
        "signal-driven a byte comes; the kernel sends SIGIO; read returns 1",
    ]);
    assert!(told.last().unwrap().starts_with("asynchronous this kernel has"), "{told:?}");
    assert_eq!(told, lesson());
}

#[test]
fn mistakes_are_one_sentence() {
    Program::new(PROGRAM).args(["server"]).run().failed(2, "no role is called 'server'");
    Program::new(PROGRAM).args(["--fast"]).run().failed(2, "invalid option '--fast'");
    let help = Program::new(PROGRAM).args(["--help"]).run();
    help.succeeded();
    assert!(help.stdout.contains("the whole lesson"), "{}", help.stdout);
}
