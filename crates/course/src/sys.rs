//! The two calls for which neither std nor nix has a safe function: all `unsafe` of this crate.

use std::io;
use std::os::fd::{AsFd, AsRawFd as _};

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

/// Columns and rows of a terminal; a terminal may not know them (0).
pub(crate) fn window_size(terminal: impl AsFd) -> Option<(u16, u16)> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    let fd = terminal.as_fd().as_raw_fd();
    // SAFETY: the descriptor is borrowed for the call, and TIOCGWINSZ (ioctl_tty(2)) writes one
    // winsize to the pointer, which is that of a local.
    let done = unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size) };
    (done == 0 && size.ws_col > 0).then_some((size.ws_col, size.ws_row))
}
