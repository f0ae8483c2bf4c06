//! A handler that runs while the code below it holds a lock.

use std::fs;
use std::io::{self, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;
use std::sync::Mutex;
use std::thread::yield_now;

use cli::Outcome;
use nix::libc;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, kill, sigaction};
use nix::unistd::{Pid, alarm, getpid};
use process::Deadline;
use process::procfs::{Stat, State};

use crate::child::{hear, start, tell};
use crate::note::note;

pub(crate) static LOG: Mutex<Vec<i32>> = Mutex::new(Vec::new());

pub(crate) fn run() -> Outcome {
    let (mut child, line) = start(|line| {
        let action = SigAction::new(SigHandler::Handler(note), SaFlags::empty(), SigSet::empty());
        // SAFETY: memory is safe whatever a handler of Rust does that only uses statics; whether
        // it ever returns is the question here.
        unsafe { sigaction(Signal::SIGUSR1, &action) }?;
        alarm::set(10);
        let mut log = LOG.lock().map_err(|_| "somebody has panicked with the log")?;
        // In the middle of it. println takes a lock too, and malloc has some.
        kill(getpid(), Signal::SIGUSR1)?;
        log.push(0);
        drop(log);
        tell(line, b'!')
    })?;
    // Whichever comes first: its word, or the sleep that nobody can end.
    let seen = loop {
        if ready(&line)? {
            break hear(&line)?.map_or("it has died", |_| "it went on").to_owned();
        }
        if waits_for_a_lock(child.pid())? {
            break "its only thread sleeps (S) in futex, for a lock that it holds itself".into();
        }
        yield_now();
    };
    // A child that went on leaves by itself.
    if !seen.starts_with("it went on") {
        child.kill()?;
    }
    let end = child.join(Deadline::Never)?.map_or_else(String::new, |exit| exit.to_string());
    writeln!(io::stdout(), "a handler ran while a lock was held: {seen}; end: {end}")?;
    Ok(())
}

fn ready(line: &UnixStream) -> Outcome<bool> {
    Ok(poll(&mut [PollFd::new(line.as_fd(), PollFlags::POLLIN)], PollTimeout::ZERO)? > 0)
}

/// /proc shows the call that a process sleeps in: the number comes first.
fn waits_for_a_lock(pid: Pid) -> Outcome<bool> {
    if Stat::of(pid)?.state != State::Sleeping {
        return Ok(false);
    }
    // Where this file may not be read, the alarm ends the child, and the line with it.
    let call = fs::read_to_string(format!("/proc/{pid}/syscall")).unwrap_or_default();
    let number = call.split_whitespace().next().and_then(|number| number.parse().ok());
    Ok(number == Some(libc::SYS_futex))
}
