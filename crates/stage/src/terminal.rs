//! What stands between somebody and the stage: whether there is a terminal, and whether it is
//! still there.
//!
//! A terminal goes when its window is closed or its connection drops. SIGHUP says so only to the
//! session that it belongs to, and not to a program that ignores it (nohup(1)); what always comes
//! is POLLHUP (poll(2)).

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::{self, IsTerminal as _, Stdin, stdin, stdout};
use std::os::fd::AsFd as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::exit;

use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::Signal;
use nix::sys::termios::{SetArg, tcgetattr, tcsetattr};
use nix::unistd::dup2_stdin;

/// Whether there are keys and a screen. A dumb terminal cannot say where on it something is to
/// stand: it gets text.
pub(crate) fn has_a_screen() -> bool {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == OsStr::new("dumb"));
    stdin().is_terminal() && stdout().is_terminal() && !dumb
}

/// Whether the terminal that standard input was has gone.
pub(crate) fn is_gone() -> bool {
    hangs_up(&stdin(), PollTimeout::ZERO)
}

/// Ends this process as SIGHUP would as soon as the terminal has gone, whatever the rest of it is
/// doing: who reads keys may never come back from it, because crossterm goes on reading at the end
/// of its input. The program on the stage dies with its tracer.
pub(crate) fn end_with_it() -> io::Result<()> {
    let wait = || {
        while !hangs_up(&stdin(), PollTimeout::NONE) {}
        exit(128 + Signal::SIGHUP as i32)
    };
    std::thread::Builder::new().name("hangup".into()).spawn(wait).map(drop)
}

fn hangs_up(terminal: &Stdin, timeout: PollTimeout) -> bool {
    // Nothing is asked for: what tells that it has gone comes unasked.
    let mut fds = [PollFd::new(terminal.as_fd(), PollFlags::empty())];
    let gone = PollFlags::POLLHUP | PollFlags::POLLERR | PollFlags::POLLNVAL;
    match poll(&mut fds, timeout) {
        Ok(1..) => fds[0].revents().is_some_and(|revents| revents.intersects(gone)),
        _ => false,
    }
}

/// Makes standard input an open file of its own that never makes a reader wait. Half a key, or what
/// no terminal sends, would hold crossterm up in read(2) until somebody presses the next one, and
/// with it signals and the screen. O_NONBLOCK belongs to the open file, and the one before is the
/// shell's too. Where it cannot be opened, as after su(1), it stays as it was.
pub(crate) fn never_wait_for_keys() {
    let mut options = OpenOptions::new();
    let flags = OFlag::O_NONBLOCK | OFlag::O_NOCTTY;
    let own = options.read(true).custom_flags(flags.bits()).open("/proc/self/fd/0");
    // What fails here is not missed: keys come all the same.
    let _ = own.map(dup2_stdin);
}

/// Keys that have come are told once more. When crossterm 0.29 hears of a new size and of a key at the
/// same time, it gives the size and forgets the key, of which its edge-triggered poller (epoll(7))
/// says nothing any more until another one comes. Who sets a terminal's modes, be they the same,
/// wakes all who wait for it.
pub(crate) fn tell_of_keys_again() {
    // What fails here is a terminal that has gone.
    let _ = tcgetattr(stdin()).and_then(|same| tcsetattr(stdin(), SetArg::TCSANOW, &same));
}
