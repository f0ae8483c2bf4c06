//! Signals.

use std::io::{PipeWriter, Read as _, Write as _, pipe};
use std::os::fd::AsRawFd as _;
use std::os::unix::net::UnixStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::libc;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags};
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, kill, raise, sigaction};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, getppid, pause, read, setpgid};

use crate::Done;
use crate::output::say;
use crate::processes::child;

extern "C" fn handler(signal: i32) {
    let text: &[u8] = if signal == libc::SIGUSR2 { b"(usr2)\n" } else { b"(handler)\n" };
    // SAFETY: `text` is valid for its length, and write is async-signal-safe.
    unsafe { libc::write(1, text.as_ptr().cast(), text.len()) };
    if signal == libc::SIGUSR2 {
        let _ = raise(Signal::SIGUSR1);
        // SAFETY: as above.
        unsafe { libc::write(1, b"(usr2 ends)\n".as_ptr().cast(), 12) };
    }
}

pub(crate) fn handle(signal: Signal, flags: SaFlags) -> nix::Result<()> {
    let action = SigAction::new(SigHandler::Handler(handler), flags, SigSet::empty());
    // SAFETY: the handler makes async-signal-safe calls only.
    unsafe { sigaction(signal, &action) }.map(drop)
}

pub(crate) fn after(wait: u64, signal: Signal) -> nix::Result<Pid> {
    child(|| {
        sleep(Duration::from_millis(wait));
        i32::from(kill(getppid(), signal).is_err())
    })
}

/// A child ends while epoll_wait sleeps. SIGCHLD is ignored, so nothing wakes it.
pub(crate) fn ignored() -> Done {
    let epoll = Epoll::new(EpollCreateFlags::empty())?;
    let (reader, _writer): (_, PipeWriter) = pipe()?;
    epoll.add(&reader, EpollEvent::new(EpollFlags::EPOLLIN, 7))?;
    let before = Instant::now();
    let pid = child(|| {
        sleep(Duration::from_millis(50));
        0
    })?;
    let mut events = [EpollEvent::empty()];
    let result = epoll.wait(&mut events, 300_u16);
    let late = before.elapsed() >= Duration::from_millis(300);
    say(&format!("{result:?} {late}"))?;
    waitpid(pid, None)?;
    Ok(())
}

/// A handler without SA_RESTART: read fails with EINTR.
pub(crate) fn handled() -> Done {
    handle(Signal::SIGUSR1, SaFlags::empty())?;
    let (reader, writer) = pipe()?;
    let pid = after(20, Signal::SIGUSR1)?;
    let result = read(&reader, &mut [0]);
    say(&format!("{result:?}"))?;
    waitpid(pid, None)?;
    drop(writer);
    Ok(())
}

/// A handler with SA_RESTART: read begins again, and gets what comes later.
pub(crate) fn restarted() -> Done {
    handle(Signal::SIGUSR1, SaFlags::SA_RESTART)?;
    let (mut reader, writer) = pipe()?;
    let pid = child(|| {
        sleep(Duration::from_millis(20));
        let sent = kill(getppid(), Signal::SIGUSR1);
        sleep(Duration::from_millis(20));
        i32::from(sent.is_err() || nix::unistd::write(&writer, b"x") != Ok(1))
    })?;
    let mut byte = [0];
    let result = reader.read(&mut byte);
    say(&format!("{result:?} {}", byte[0]))?;
    let status = waitpid(pid, None)?;
    say(if status == WaitStatus::Exited(pid, 0) { "ended" } else { "failed" })
}

/// A handler inside a handler.
pub(crate) fn nested() -> Done {
    handle(Signal::SIGUSR1, SaFlags::SA_RESTART)?;
    handle(Signal::SIGUSR2, SaFlags::SA_RESTART)?;
    let pid = after(20, Signal::SIGUSR2)?;
    let status = waitpid(pid, None)?;
    say(if status == WaitStatus::Exited(pid, 0) { "ended" } else { "failed" })
}

/// A child is stopped, goes on, and is killed.
pub(crate) fn stop() -> Done {
    // SIGTSTP stops nobody in a group that no shell looks after, as behind nohup (setpgid(2)).
    setpgid(Pid::from_raw(0), Pid::from_raw(0))?;
    let pid = child(|| {
        if raise(Signal::SIGTSTP).is_err() {
            return 1;
        }
        loop {
            pause();
        }
    })?;
    let stopped = waitpid(pid, Some(WaitPidFlag::WUNTRACED))?;
    say(&format!("{}", stopped == WaitStatus::Stopped(pid, Signal::SIGTSTP)))?;
    kill(pid, Signal::SIGCONT)?;
    let goes_on = waitpid(pid, Some(WaitPidFlag::WCONTINUED))?;
    say(&format!("{}", goes_on == WaitStatus::Continued(pid)))?;
    kill(pid, Signal::SIGTERM)?;
    let ended = waitpid(pid, None)?;
    say(&format!("{}", matches!(ended, WaitStatus::Signaled(_, Signal::SIGTERM, _))))
}

/// A signal that has no name.
pub(crate) fn real_time() -> Done {
    let signal = libc::SIGRTMIN() + 3;
    let action: extern "C" fn(i32) = handler;
    // SAFETY: the handler makes async-signal-safe calls only.
    unsafe { libc::signal(signal, action as *const () as usize) };
    // SAFETY: no pointers.
    Errno::result(unsafe { libc::raise(signal) })?;
    Ok(())
}

/// A long sleep is ended by a signal.
pub(crate) fn short_nap() -> Done {
    handle(Signal::SIGUSR1, SaFlags::empty())?;
    let pid = after(50, Signal::SIGUSR1)?;
    let asked = libc::timespec { tv_sec: 100, tv_nsec: 0 };
    let mut left = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: both are valid for the call.
    let result = Errno::result(unsafe { libc::nanosleep(&raw const asked, &raw mut left) });
    say(&format!("{result:?}, {} s are left", left.tv_sec))?;
    waitpid(pid, None)?;
    Ok(())
}

/// An alarm ends a sleep that is longer.
pub(crate) fn alarm() -> Done {
    handle(Signal::SIGALRM, SaFlags::empty())?;
    nix::unistd::alarm::set(1);
    let left = nix::unistd::sleep(30);
    let (_reader, writer) = pipe()?;
    let _ = writer.as_raw_fd();
    say(&format!("{left} s are left"))
}

/// What arrives at a socket sends SIGIO, which is held back.
pub(crate) fn held_back() -> Done {
    let (mut a, mut b) = UnixStream::pair()?;
    SigSet::from(Signal::SIGIO).thread_block()?;
    let us = std::process::id().cast_signed();
    // SAFETY: F_SETOWN takes an integer.
    Errno::result(unsafe { libc::fcntl(b.as_raw_fd(), libc::F_SETOWN, us) })?;
    // SAFETY: so does F_SETFL.
    Errno::result(unsafe { libc::fcntl(b.as_raw_fd(), libc::F_SETFL, libc::O_ASYNC) })?;
    a.write_all(b"x")?;
    b.read_exact(&mut [0])?;
    say("held back")
}
