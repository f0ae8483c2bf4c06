//! The role `be`: a process that has some property, and then lives until its input ends.

use std::ffi::CString;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::mem::forget;
use std::os::fd::AsFd as _;
use std::thread;

use cli::{Outcome, Role, Usage};
use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::prctl::{set_name, set_pdeathsig};
use nix::sys::ptrace;
use nix::sys::signal::{Signal, raise};
use nix::unistd::{pause, read, setsid};

use crate::being::Being;
use crate::priority::add;

pub(crate) const ROLE: Role = Role {
    name: "be",
    args: &["KIND", "[NAME]"],
    help: "a process to look at, with ps or watch: Enter makes it compute, Enter again wait,\n      \
           Ctrl-D end. KIND: plain nice less-nice threads session terminal all parent",
    run: |args| be(&args[0], args.get(1).map_or("", String::as_str)),
};

fn be(kind: &str, name: &str) -> Outcome {
    // Should the one who has started it die without a word, so does it.
    set_pdeathsig(Signal::SIGKILL)?;
    if !name.is_empty() {
        // At most 15 bytes arrive; longer names are cut.
        set_name(&CString::new(name)?)?;
    }
    let mut children = Vec::new();
    let done = match kind {
        "plain" => Ok(()),
        "nice" => add(5).map(drop),
        "less-nice" => add(-5).map(drop),
        "threads" => second_thread(),
        "session" => setsid().map(drop),
        "terminal" => {
            terminal().map_err(|error| Errno::from_raw(error.raw_os_error().unwrap_or(0)))
        }
        "all" => add(5).and(second_thread()).and(setsid().map(drop)),
        "parent" => {
            children.push(Being::start("plain", "child")?);
            Ok(())
        }
        // What a debugger lets its program do at the start: from here on a signal stops it.
        "traced" => ptrace::traceme(),
        other => return Err(Usage(format!("no KIND is called '{other}' (see --help)")).into()),
    };
    match done {
        Ok(()) => writeln!(io::stdout(), "ready")?,
        Err(errno) => writeln!(io::stdout(), "refused by {errno:?}")?,
    }
    if kind == "traced" && done.is_ok() {
        raise(Signal::SIGSTOP)?;
    }
    live()
}

/// Waits for a byte, computes until the next one, and so on until the end.
fn live() -> Outcome {
    let stdin = io::stdin();
    // Empty: it sleeps in read. State S.
    while next()? {
        // A poll that may not wait only looks: this loop never sleeps. State R.
        let mut fds = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
        while matches!(poll(&mut fds, PollTimeout::ZERO), Ok(0) | Err(Errno::EINTR)) {}
        if !next()? {
            break;
        }
    }
    Ok(())
}

/// False at the end of the input.
fn next() -> Outcome<bool> {
    loop {
        match read(io::stdin(), &mut [0]) {
            Err(Errno::EINTR) => {}
            n => return Ok(n? > 0),
        }
    }
}

/// A thread that stays until the process ends.
fn second_thread() -> nix::Result<()> {
    let started = thread::Builder::new().spawn(|| {
        loop {
            pause();
        }
    });
    started.map(drop).map_err(|_| Errno::EAGAIN)
}

/// A terminal of its own: the leader of a session that opens one without O_NOCTTY gets it as its
/// controlling terminal, and is in the foreground of it.
fn terminal() -> io::Result<()> {
    setsid()?;
    let keyboard = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC)?;
    grantpt(&keyboard)?;
    unlockpt(&keyboard)?;
    let screen: File = OpenOptions::new().read(true).write(true).open(ptsname_r(&keyboard)?)?;
    // Both stay open until the process ends: a terminal without a keyboard hangs up.
    forget((keyboard, screen));
    Ok(())
}
