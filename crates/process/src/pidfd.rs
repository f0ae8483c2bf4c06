//! A process as a descriptor (pidfd_open(2), Linux 5.4 for waitid): it names this one process for
//! ever, while a number is given to somebody else as soon as its process has been waited for.

use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd, FromRawFd as _, OwnedFd, RawFd};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::{Pid, getpid};
use syscall::{Context as _, Deadline, Errno, Error, Result, retry};

use crate::exit::Exit;

/// A siginfo_t of sigqueue(3) (sigaction(2)): libc gives no way to write its fields.
#[repr(C)]
struct Queued {
    numbers: [i32; 3],
    sent: Sent,
}

/// Aligned like the pointer in it, which is where the gap after the numbers comes from.
#[repr(C)]
struct Sent {
    pid: libc::pid_t,
    uid: libc::uid_t,
    value: Value,
}

#[repr(C)]
union Value {
    int: i32,
    pointer: *mut libc::c_void,
}

#[derive(Debug)]
pub(crate) struct PidFd(OwnedFd);

impl PidFd {
    /// Close-on-exec at birth. The caller knows that the number still means whom he has in mind.
    ///
    /// # Errors
    /// ESRCH (nobody has this number), EMFILE, ENFILE, ENOSYS (before Linux 5.3).
    pub(crate) fn open(pid: Pid) -> Result<Self> {
        // SAFETY: pidfd_open(2) takes two integers and touches no memory of ours.
        let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid.as_raw(), 0) };
        let fd = Errno::result(fd).call_on("pidfd_open", pid)?;
        let fd = RawFd::try_from(fd).map_err(|_| Error::new("pidfd_open", Errno::EBADF))?;
        // SAFETY: the call succeeded, so this is a new descriptor that nobody else knows of.
        Ok(Self(unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    /// A process that has ended needs no signal: that is success.
    ///
    /// # Errors
    /// EINVAL (no such signal), EPERM (it has become another user's process).
    pub(crate) fn signal(&self, number: i32) -> Result<()> {
        // The kernel fills the siginfo in, as it does for kill(2).
        self.send(number, None)
    }

    /// The same with a value, as sigqueue(3) sends it.
    ///
    /// # Errors
    /// EAGAIN (RLIMIT_SIGPENDING), and as `signal`.
    pub(crate) fn queue(&self, number: i32, value: i32) -> Result<()> {
        // SAFETY: it consists of integers and pointers: all zeros is a value of it.
        let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
        info.si_signo = number;
        info.si_code = libc::SI_QUEUE;
        // SAFETY: getuid(2) touches no memory and cannot fail.
        let uid = unsafe { libc::getuid() };
        let sent = Sent { pid: getpid().as_raw(), uid, value: Value { int: value } };
        let to = (&raw mut info).cast::<Queued>();
        // SAFETY: a siginfo_t for SI_QUEUE begins as a Queued does, in size and alignment.
        unsafe { (*to).sent = sent };
        self.send(number, Some(&info))
    }

    fn send(&self, number: i32, info: Option<&libc::siginfo_t>) -> Result<()> {
        let fd = self.0.as_raw_fd();
        let info = info.map_or(std::ptr::null(), std::ptr::from_ref);
        // SAFETY: `info` is null or lives through the call, which only reads it.
        let sent = unsafe { libc::syscall(libc::SYS_pidfd_send_signal, fd, number, info, 0) };
        match Errno::result(sent) {
            Ok(_) | Err(Errno::ESRCH) => Ok(()),
            Err(errno) => Err(errno).call_on("pidfd_send_signal", number),
        }
    }

    /// Waits until the process has ended; false when the time is over first. Takes nothing: the
    /// status stays where it is.
    ///
    /// # Errors
    /// ENOMEM.
    pub(crate) fn wait(&self, deadline: Deadline) -> Result<bool> {
        loop {
            let timeout = PollTimeout::try_from(deadline.as_millis()).unwrap_or(PollTimeout::MAX);
            let mut fds = [PollFd::new(self.as_fd(), PollFlags::POLLIN)];
            match poll(&mut fds, timeout) {
                Ok(0) if deadline.has_passed() => return Ok(false),
                Ok(0) | Err(Errno::EINTR) => {}
                Ok(_) => return Ok(true),
                Err(errno) => return Err(errno).call("poll"),
            }
        }
    }

    /// waitid(2) for this one process, which is reaped by it. `None` while it runs, when `wait`
    /// is false.
    ///
    /// libc's own call: nix has no word for the end by a real-time signal and would lose it.
    ///
    /// # Errors
    /// ENOMEM; ECHILD is [`Exit::Lost`].
    pub(crate) fn reap(&self, wait: bool) -> Result<Option<Exit>> {
        let options = libc::WEXITED | if wait { 0 } else { libc::WNOHANG };
        let id = self.0.as_raw_fd().cast_unsigned();
        // SAFETY: a siginfo_t consists of integers and pointers: all zeros is a value of it.
        let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
        let done = retry(|| {
            // SAFETY: `info` is ours and lives through the call, which writes nothing else.
            Errno::result(unsafe { libc::waitid(libc::P_PIDFD, id, &raw mut info, options) })
        });
        match done {
            Err(Errno::ECHILD) => return Ok(Some(Exit::Lost)),
            done => done.call("waitid")?,
        };
        // SAFETY: waitid has filled in the fields of SIGCHLD, or left the zeros.
        if unsafe { info.si_pid() } == 0 {
            return Ok(None);
        }
        // SAFETY: the same.
        let status = unsafe { info.si_status() };
        Ok(Some(match info.si_code {
            libc::CLD_EXITED => Exit::Code(status),
            how => Exit::Signal { number: status, core: how == libc::CLD_DUMPED },
        }))
    }
}

impl AsFd for PidFd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}
