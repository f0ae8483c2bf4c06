//! What needs a process of its own: signals, standard output, a standard error that nobody reads.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::io::{self, Read as _};
use std::os::fd::AsFd as _;
use std::thread;
use std::time::Instant;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, raise};
use nix::unistd::dup2_stderr;
use service::{Level, Log, Signals};

testkit::cases!(
    the_end_is_asked_for_once_and_again,
    a_thread_that_does_nothing_else_waits_for_them,
    what_is_watched_besides_ends_nothing,
    a_line_is_told_up_to_a_level,
    a_reader_that_sleeps_is_not_waited_for,
    a_reader_that_has_gone_misses_nothing,
);

fn is_ready(signals: &Signals) -> bool {
    let mut fds = [PollFd::new(signals.as_fd(), PollFlags::POLLIN)];
    poll(&mut fds, PollTimeout::ZERO) == Ok(1)
}

fn the_end_is_asked_for_once_and_again() {
    let mut signals = Signals::watch(&[]).unwrap();
    assert!(!is_ready(&signals) && signals.take().unwrap().is_empty());
    raise(Signal::SIGTERM).unwrap();
    assert!(is_ready(&signals));
    assert_eq!(signals.take().unwrap(), [Signal::SIGTERM.into()]);
    assert_eq!(signals.stops(), 1);
    raise(Signal::SIGINT).unwrap();
    signals.take().unwrap();
    assert_eq!(signals.stops(), 2);
    assert!(!is_ready(&signals));
}

fn a_thread_that_does_nothing_else_waits_for_them() {
    let mut signals = Signals::watch(&[]).unwrap();
    let mut come = thread::scope(|scope| {
        let (waits, main) = (scope.spawn(|| signals.wait()), std::process::id());
        testkit::until("it sleeps", || {
            testkit::proc::tasks(main).into_iter().find(|&task| {
                task != main && testkit::proc::asleep_in(main, task) == Some(libc::SYS_poll)
            })
        });
        raise(Signal::SIGTERM).unwrap();
        waits.join().unwrap().unwrap()
    });
    assert_eq!((come.pop(), signals.stops()), (Some(Signal::SIGTERM.into()), 1));
}

fn what_is_watched_besides_ends_nothing() {
    let mut signals = Signals::watch(&[Signal::SIGUSR1]).unwrap();
    raise(Signal::SIGUSR1).unwrap();
    assert_eq!(signals.take().unwrap(), [Signal::SIGUSR1.into()]);
    assert_eq!(signals.stops(), 0);
}

/// Standard error becomes a pipe while `work` runs; gives what came out of it.
fn told(work: impl FnOnce()) -> String {
    let before = io::stderr().as_fd().try_clone_to_owned().unwrap();
    let (mut reader, writer) = io::pipe().unwrap();
    dup2_stderr(writer).unwrap();
    work();
    dup2_stderr(before).unwrap();
    let mut told = String::new();
    reader.read_to_string(&mut told).unwrap();
    told
}

fn a_line_is_told_up_to_a_level() {
    let log = Log::new(Level::Info);
    let told = told(|| {
        log.say(Level::Warn, format_args!("event=one"));
        log.say(
            Level::Info,
            format_args!("event=two name={:?}", service::harmless(b"a\n\x1b[2J\"")),
        );
        log.say(Level::Debug, format_args!("event=three"));
        log.say(Level::Off, format_args!("event=four"));
    });
    assert_eq!(told, "level=warn event=one\nlevel=info event=two name=\"a␊␛[2J\\\"\"\n");
    assert_eq!(log.lost(), 0);
    assert!(log.tells(Level::Info) && !log.tells(Level::Debug) && !log.tells(Level::Off));
}

fn a_reader_that_sleeps_is_not_waited_for() {
    let log = Log::new(Level::Debug);
    let lines = 5_000;
    let told = told(|| {
        for n in 0..lines {
            log.say_of_peer(Level::Debug, Instant::now(), format_args!("event=noise n={n:0100}"));
        }
    });
    // Whole lines, and the first ones.
    let written = told.lines().count();
    for (n, line) in told.lines().enumerate() {
        assert_eq!(line, format!("level=debug event=noise n={n:0100}"));
    }
    assert!(log.lost() > 0);
    assert_eq!(written + usize::try_from(log.lost()).unwrap(), lines);
}

fn a_reader_that_has_gone_misses_nothing() {
    let log = Log::new(Level::Info);
    let before = io::stderr().as_fd().try_clone_to_owned().unwrap();
    let (reader, writer) = io::pipe().unwrap();
    drop(reader);
    dup2_stderr(writer).unwrap();
    log.say(Level::Warn, format_args!("event=unheard"));
    dup2_stderr(before).unwrap();
    assert_eq!(log.lost(), 1);
}
