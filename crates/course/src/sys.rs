//! The calls for which neither std nor nix has a safe function: all `unsafe` of this crate.

use std::io;
use std::os::fd::{AsFd, AsRawFd as _, FromRawFd as _, OwnedFd, RawFd};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use nix::errno::Errno;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};

/// Ctrl-C and Ctrl-\ end the children and not this process.
///
/// By a handler that does nothing, because exec(2) sets a handler back to the default, whereas
/// a signal that is ignored would stay ignored in the child (see signal(7)). For the same reason
/// a signal that was ignored when we started stays so: `nohup` and a shell's `&` mean the child.
pub(crate) fn outlive_the_keys() -> io::Result<()> {
    extern "C" fn nothing(_: libc::c_int) {}
    let action = SigAction::new(SigHandler::Handler(nothing), SaFlags::SA_RESTART, SigSet::empty());
    for signal in [Signal::SIGINT, Signal::SIGQUIT] {
        // SAFETY: the handler does nothing at all, so it is async-signal-safe.
        let before = unsafe { sigaction(signal, &action) }?;
        if matches!(before.handler(), SigHandler::SigIgn) {
            // SAFETY: this puts back the disposition that was there, and it is no handler.
            unsafe { sigaction(signal, &before) }?;
        }
    }
    Ok(())
}

/// Whether this signal was ignored when we started: `nohup` and a shell's `&` mean us, too.
pub(crate) fn is_ignored(signal: Signal) -> bool {
    // SAFETY: a sigaction consists of integers, pointers and `None`: all zeros is a value of it.
    let mut now: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: without a new action the call only writes to `now`, which is a local.
    let done = unsafe { libc::sigaction(signal as i32, std::ptr::null(), &raw mut now) };
    done == 0 && now.sa_sigaction == libc::SIG_IGN
}

/// What this command starts is asked to end when the thread that has started it ends first
/// (prctl(2), PR_SET_PDEATHSIG), as after a SIGKILL, which leaves no time for a farewell.
pub(crate) fn die_with_us(command: &mut Command) {
    let ask = || Ok(nix::sys::prctl::set_pdeathsig(Signal::SIGTERM)?);
    // SAFETY: between fork and exec only prctl(2) is called; nothing is allocated and no lock is
    // taken.
    unsafe { command.pre_exec(ask) };
}

/// Columns and rows of a terminal; a terminal may not know them (0).
pub(crate) fn window_size(terminal: impl AsFd) -> Option<(u16, u16)> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    let fd = terminal.as_fd().as_raw_fd();
    // SAFETY: the descriptor is borrowed for the call, and TIOCGWINSZ (ioctl_tty(2)) writes one
    // winsize to the pointer, which is that of a local.
    let done = unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size) };
    (done == 0 && size.ws_col > 0).then_some((size.ws_col, size.ws_row))
}

/// A duplicate of another process's descriptor, by pidfd_open(2) and pidfd_getfd(2): for whoever
/// may trace that process.
pub(crate) fn duplicate(pid: u32, fd: RawFd) -> nix::Result<OwnedFd> {
    // SAFETY: pidfd_open takes two integers and touches no memory.
    let process = owned(unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) })?;
    // SAFETY: pidfd_getfd takes three integers and touches no memory.
    owned(unsafe { libc::syscall(libc::SYS_pidfd_getfd, process.as_raw_fd(), fd, 0) })
}

fn owned(result: libc::c_long) -> nix::Result<OwnedFd> {
    let fd = RawFd::try_from(Errno::result(result)?).map_err(|_| Errno::EBADF)?;
    // SAFETY: the call has succeeded, so this is a new descriptor that nobody else knows of.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}
