//! A process for an experiment: a signal belongs to a whole process, so nothing is tried out in
//! the one that runs the lesson.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::thread::yield_now;

use cli::Outcome;
use nix::errno::Errno;
use nix::sys::signal::{SigHandler, SigSet, Signal, signal};
use nix::unistd::{Pid, read, write};
use process::procfs::{Stat, State};
use process::{Child, Deadline, Exit, fork};

/// Forks, and returns when the child is ready for signals. Each side has one end of a line:
/// whoever dies is an end of stream to the other.
pub(crate) fn start(work: impl FnOnce(&UnixStream) -> Outcome) -> Outcome<(Child, UnixStream)> {
    // Started with SIGCHLD ignored, we would never learn how a child has ended.
    // SAFETY: the default action runs none of our code.
    unsafe { signal(Signal::SIGCHLD, SigHandler::SigDfl) }?;
    let (ours, theirs) = UnixStream::pair()?;
    let mut ours = Some(ours);
    let child = fork(|| {
        drop(ours.take());
        match fresh().and_then(|()| tell(&theirs, b'!')).and_then(|()| work(&theirs)) {
            Ok(()) => 0,
            Err(error) => {
                let _ = (&theirs).write_all(error.to_string().as_bytes());
                1
            }
        }
    })?;
    drop(theirs);
    // The child has emptied its own copy of the variable.
    let ours = ours.ok_or("the line is gone")?;
    hear(&ours)?;
    Ok((child, ours))
}

/// Nothing blocked, ignored or handled: a child inherits all three, and so did we.
fn fresh() -> Outcome {
    for number in Signal::iterator().filter(|s| !matches!(s, Signal::SIGKILL | Signal::SIGSTOP)) {
        // SAFETY: the default action runs none of our code.
        unsafe { signal(number, SigHandler::SigDfl) }?;
    }
    Ok(SigSet::empty().thread_set_mask()?)
}

/// What a child has to say when its experiment is over.
pub(crate) fn ask(work: impl FnOnce() -> Outcome<String>) -> Outcome<String> {
    let (child, mut line) = start(|mut line| Ok(line.write_all(work()?.as_bytes())?))?;
    let mut told = String::new();
    line.read_to_string(&mut told)?;
    succeeded(child, &told)?;
    Ok(told)
}

/// Waits for a child that must have done its work; `told` is what it said instead.
pub(crate) fn succeeded(mut child: Child, told: &str) -> Outcome {
    match child.join(Deadline::Never)? {
        Some(Exit::Code(0)) => Ok(()),
        Some(exit) => Err(format!("the child failed ({exit}): {told}").into()),
        None => Err("the child goes on".into()),
    }
}

/// Says a word of one byte.
pub(crate) fn tell(line: &UnixStream, word: u8) -> Outcome {
    loop {
        match write(line, &[word]) {
            Err(Errno::EINTR) => {}
            done => return Ok(done.map(drop)?),
        }
    }
}

/// Waits for a word; nothing when the other side has gone.
pub(crate) fn hear(line: &UnixStream) -> Outcome<Option<u8>> {
    let mut word = [0];
    loop {
        match read(line, &mut word) {
            Err(Errno::EINTR) => {}
            Err(Errno::ECONNRESET) | Ok(0) => return Ok(None),
            done => return Ok(done.map(|_| Some(word[0]))?),
        }
    }
}

/// Waits until the kernel shows the process in this state.
pub(crate) fn until(pid: Pid, state: State) -> Outcome {
    loop {
        match Stat::of(pid)?.state {
            now if now == state => return Ok(()),
            State::Zombie => return Err("the child has ended".into()),
            _ => yield_now(),
        }
    }
}
