//! EINTR: a signal was handled while a call waited, and the call comes back with nothing done.

use std::io::{self, Write as _};
use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;

use cli::Outcome;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SaFlags, Signal, kill};
use nix::unistd::read;
use process::procfs::State;

use crate::child::{hear, start, succeeded, tell, until};
use crate::handler::{handle, tells};

/// A call that waits for a byte from the parent.
type Call = fn(&UnixStream) -> nix::Result<usize>;

pub(crate) fn run() -> Outcome {
    let read: Call = |line| read(line, &mut [0]);
    let poll: Call = |line| {
        let mut fds = [PollFd::new(line.as_fd(), PollFlags::POLLIN)];
        poll(&mut fds, PollTimeout::NONE).map(|ready| usize::try_from(ready).unwrap_or(0))
    };
    let restart = SaFlags::SA_RESTART;
    let bare = interrupted(SaFlags::empty(), read)?;
    // The kernel goes back into the call. It does that for read, write, accept, waitpid.
    let restarted = interrupted(restart, read)?;
    // And never for poll, select, epoll_wait, pause, nanosleep: signal(7) has the list. So a loop
    // around poll must expect it in any case; `syscall::retry` is that loop.
    let polled = interrupted(restart, poll)?;

    let mut out = io::stdout();
    writeln!(out, "a handler runs while read waits: {bare}")?;
    writeln!(out, "  with SA_RESTART: {restarted}")?;
    writeln!(out, "  with SA_RESTART, poll: {polled}")?;
    Ok(())
}

/// What the call answers when a signal is handled in the middle of it.
fn interrupted(flags: SaFlags, call: Call) -> Outcome<String> {
    let (child, line) = start(|line| {
        handle(Signal::SIGUSR1, flags)?;
        tells(line)?;
        tell(line, b'!')?;
        match call(line) {
            Ok(got) => tell(line, u8::try_from(got)?),
            // No errno is as small as the 0 or 1 of a success: EINTR is 4.
            Err(error) => tell(line, u8::try_from(error as i32)?),
        }
    })?;
    hear(&line)?;
    until(child.pid(), State::Sleeping)?;
    kill(child.pid(), Signal::SIGUSR1)?;
    // The first word is the handler's.
    hear(&line)?;
    // Whoever sleeps on gets its byte; whoever has come back has said so, and takes no notice.
    let _ = tell(&line, b'!');
    let answer = match hear(&line)? {
        Some(4) => "EINTR".into(),
        Some(got) => format!("it goes on, and gives {got} afterwards"),
        None => "nothing".into(),
    };
    drop(line);
    succeeded(child, &answer)?;
    Ok(answer)
}
