//! A program at a terminal (pty(7)): what is written to the master are keys, what is read from
//! it is the screen, and the kernel's line discipline stands between, with its echo, its Ctrl-C
//! and its Ctrl-D.

use std::fs::OpenOptions;
use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
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
        Ok(Self { master, slave, screen: String::new(), read: 0 })
    }

    /// A descriptor of the terminal's own side, for a test that reads from it itself.
    ///
    /// # Errors
    /// EMFILE.
    pub fn terminal(&self) -> io::Result<OwnedFd> {
        self.slave.try_clone()
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
        let deadline = std::time::Instant::now() + LIMIT;
        loop {
            if let Some(at) = self.screen[self.read..].find(part) {
                self.read += at + part.len();
                return;
            }
            let left = deadline.saturating_duration_since(std::time::Instant::now());
            let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
            let mut fds = [PollFd::new(self.master.as_fd(), PollFlags::POLLIN)];
            let ready = poll(&mut fds, timeout).is_ok_and(|n| n > 0);
            let mut bytes = [0; 4096];
            let n = if ready { self.master.read(&mut bytes).unwrap_or(0) } else { 0 };
            assert!(n > 0, "{part:?} never came on the screen, which shows:\n{}", self.screen);
            self.screen.push_str(&String::from_utf8_lossy(&bytes[..n]));
        }
    }
}
