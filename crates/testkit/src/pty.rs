//! A program at a terminal (pty(7)): what is written to the master are keys, what is read from
//! it is the screen, and the kernel's line discipline stands between, with its echo, its Ctrl-C
//! and its Ctrl-D.

use std::fs::OpenOptions;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd, AsRawFd as _, OwnedFd};
use std::os::unix::fs::OpenOptionsExt as _;

use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{PtyMaster, grantpt, posix_openpt, ptsname_r, unlockpt};

use crate::program::Program;
use crate::until::LIMIT;

/// The keyboard and the screen.
#[derive(Debug)]
pub struct Pty {
    master: PtyMaster,
    slave: OwnedFd,
    screen: String,
    /// Of a character that is not all there yet: reads end anywhere.
    cut: Vec<u8>,
    read: usize,
}

impl Pty {
    /// A terminal of its own. Its descriptors are close-on-exec from birth, so that a program
    /// that another test starts at this moment does not keep it open.
    ///
    /// # Errors
    /// ENOSPC, ENOENT or EACCES where the machine gives no terminals: a reason for
    /// [`crate::skip!`].
    pub fn open() -> io::Result<Self> {
        let master = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let name = ptsname_r(&master)?;
        let slave = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(libc::O_NOCTTY)
            .open(name)?
            .into();
        Ok(Self { master, slave, screen: String::new(), cut: Vec::new(), read: 0 })
    }

    /// A descriptor of the terminal's own side, for a test that reads from it itself.
    ///
    /// # Errors
    /// EMFILE.
    pub fn terminal(&self) -> io::Result<OwnedFd> {
        self.slave.try_clone()
    }

    /// Gives it a size, as a window would (ioctl_tty(2), TIOCSWINSZ). The program at it gets
    /// SIGWINCH.
    ///
    /// # Errors
    /// None that is known.
    pub fn resize(&self, columns: u16, rows: u16) -> io::Result<()> {
        let size = libc::winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        let fd = self.slave.as_raw_fd();
        // SAFETY: the descriptor is open, and TIOCSWINSZ reads one winsize from the pointer, which
        // is that of a local.
        let done = unsafe { libc::ioctl(fd, libc::TIOCSWINSZ, &raw const size) };
        Ok(nix::errno::Errno::result(done).map(drop)?)
    }

    /// Whether the terminal echoes what is typed, as it does unless a program has taken it
    /// (termios(3), ECHO).
    ///
    /// # Errors
    /// None that is known.
    pub fn echoes(&self) -> io::Result<bool> {
        let modes = nix::sys::termios::tcgetattr(&self.slave)?;
        Ok(modes.local_flags.contains(nix::sys::termios::LocalFlags::ECHO))
    }

    /// How many bytes of what was typed no program has read yet (ioctl_tty(2), FIONREAD).
    ///
    /// # Errors
    /// None that is known.
    pub fn unread(&self) -> io::Result<usize> {
        let mut count: libc::c_int = 0;
        // SAFETY: the descriptor is open, and FIONREAD stores one int at the pointer, which is that
        // of a local.
        let done = unsafe { libc::ioctl(self.slave.as_raw_fd(), libc::FIONREAD, &raw mut count) };
        nix::errno::Errno::result(done)?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// Makes it the program's controlling terminal and standard input. Its standard output and
    /// error stay pipes, so that lines can be waited for.
    ///
    /// # Errors
    /// EMFILE.
    pub fn attach(&self, mut program: Program) -> io::Result<Program> {
        program.at_terminal(self.terminal()?);
        Ok(program)
    }

    /// The same, with standard output on the screen too.
    ///
    /// # Errors
    /// EMFILE.
    pub fn attach_screen(&self, program: Program) -> io::Result<Program> {
        Ok(self.attach(program)?.stdout(self.terminal()?))
    }

    /// Presses keys: `"\x03"` is Ctrl-C, `"\x04"` Ctrl-D.
    ///
    /// # Errors
    /// EIO.
    pub fn press(&mut self, keys: &str) -> io::Result<()> {
        self.master.write_all(keys.as_bytes())
    }

    /// Waits until the screen shows `part`, behind what was waited for before.
    ///
    /// # Panics
    /// When it does not within [`LIMIT`].
    #[track_caller]
    pub fn shows(&mut self, part: &str) {
        let read = self.read;
        let find = |screen: &str| Some(read + screen[read..].find(part)? + part.len());
        self.read = self.wait(&format!("{part:?}"), find);
    }

    /// Waits until everything that has been written to the screen so far, with its control
    /// sequences, is as somebody wants it.
    ///
    /// # Panics
    /// When it is not within [`LIMIT`]: `what` says what was hoped for.
    #[track_caller]
    pub fn fits(&mut self, what: &str, fits: impl Fn(&str) -> bool) {
        self.wait(what, |screen| fits(screen).then_some(()));
    }

    #[track_caller]
    fn wait<T>(&mut self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let deadline = std::time::Instant::now() + LIMIT;
        loop {
            if let Some(found) = find(&self.screen) {
                return found;
            }
            let left = deadline.saturating_duration_since(std::time::Instant::now());
            let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
            let mut fds = [PollFd::new(self.master.as_fd(), PollFlags::POLLIN)];
            let ready = poll(&mut fds, timeout).is_ok_and(|n| n > 0);
            let mut bytes = [0; 4096];
            let n = if ready { self.master.read(&mut bytes).unwrap_or(0) } else { 0 };
            assert!(n > 0, "{what} never came on the screen, which shows:\n{}", self.screen);
            self.take(&bytes[..n]);
        }
    }

    /// What is no UTF-8 is shown as such; what may become a character is kept for the next read.
    fn take(&mut self, bytes: &[u8]) {
        self.cut.extend_from_slice(bytes);
        let whole = match std::str::from_utf8(&self.cut) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.cut.len(),
        };
        self.screen.push_str(&String::from_utf8_lossy(&self.cut[..whole]));
        self.cut.drain(..whole);
    }
}

/// How many columns a terminal has; `None` when it is none, or does not know.
pub fn columns(terminal: impl AsFd) -> Option<usize> {
    let mut size = libc::winsize { ws_row: 0, ws_col: 0, ws_xpixel: 0, ws_ypixel: 0 };
    let fd = terminal.as_fd().as_raw_fd();
    // SAFETY: the descriptor is borrowed for the call, and TIOCGWINSZ (ioctl_tty(2)) writes one
    // winsize to the pointer, which is that of a local.
    let done = unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size) };
    (done == 0 && size.ws_col > 0).then(|| size.ws_col.into())
}
