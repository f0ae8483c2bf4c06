//! The default action of a signal, by trying it out.

use std::os::unix::net::UnixStream;

use cli::Outcome;
use nix::errno::Errno;
use nix::sys::prctl::set_dumpable;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, setpgid};

use crate::child::{hear, start, tell};

/// Sends it to a child that has no opinion about it. waitpid(2) tells of ends; of stops and
/// continuations only to those who ask for them.
pub(crate) fn observe(signal: Signal) -> Outcome<String> {
    let (child, line) = start(sit)?;
    hear(&line)?;
    // From here on we wait for it by number.
    let pid = child.leave();
    let seen = send(pid, signal, &line);
    if seen.is_err() {
        let _ = kill(pid, Signal::SIGKILL);
        let _ = wait(pid);
    }
    seen
}

fn send(pid: Pid, signal: Signal, line: &UnixStream) -> Outcome<String> {
    // Continuing is an event only for somebody who was stopped.
    if signal == Signal::SIGCONT {
        kill(pid, Signal::SIGSTOP)?;
        wait(pid)?;
        kill(pid, signal)?;
        let seen = wait(pid)?;
        let _ = tell(line, b'!');
        return Ok(format!("{}, then {}", word(seen), word(wait(pid)?)));
    }
    kill(pid, signal)?;
    // Whoever is still there gets to hear this, and leaves with 0. A signal takes effect before
    // the next instruction of the child, so one that survives has not felt it.
    let _ = tell(line, b'!');
    let seen = wait(pid)?;
    if matches!(seen, WaitStatus::Stopped(..)) {
        // Even a process that is stopped ends of this one.
        kill(pid, Signal::SIGKILL)?;
        return Ok(format!("{}, then {}", word(seen), word(wait(pid)?)));
    }
    Ok(word(seen))
}

/// The child.
fn sit(line: &UnixStream) -> Outcome {
    // A group of its own, whose leader has a parent outside: in a group without anybody like that
    // (an orphaned group) Ctrl-Z's default action is to do nothing.
    setpgid(Pid::from_raw(0), Pid::from_raw(0))?;
    // QUIT, ILL, ABRT and FPE write the memory to a file, a core. Not here: the limit forbids the
    // file, the attribute also the program that a machine may have in its place.
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    set_dumpable(false)?;
    tell(line, b'!')?;
    hear(line)?;
    Ok(())
}

fn wait(pid: Pid) -> Outcome<WaitStatus> {
    loop {
        match waitpid(pid, Some(WaitPidFlag::WUNTRACED | WaitPidFlag::WCONTINUED)) {
            Err(Errno::EINTR) => {}
            done => return Ok(done?),
        }
    }
}

fn word(seen: WaitStatus) -> String {
    match seen {
        WaitStatus::Exited(_, 0) => "nothing happened to it".into(),
        WaitStatus::Signaled(_, signal, core) => {
            format!("ended by {signal}{}", if core { ", with a core" } else { "" })
        }
        WaitStatus::Stopped(_, signal) => format!("stopped by {signal}"),
        WaitStatus::Continued(_) => "continued".into(),
        other => format!("{other:?}"),
    }
}
