//! What a container does to a program: a filter over its system calls (seccomp(2)), and a user who
//! may do nothing special.
//!
//! The filters do not look at the architecture, as one that protects something must: they are for
//! programs that are built like the test that starts them.

mod alone;
mod docker;

use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::Stdio;

use libc::{c_int, c_long, sock_filter};
use nix::errno::Errno;

use crate::Program;

pub use alone::{become_nobody, own_mounts, tmpfs};

/// A filter that lets everything pass but what it is told to refuse.
#[derive(Clone, Debug)]
pub struct Filter(Vec<sock_filter>);

impl Filter {
    /// Refuses nothing.
    pub fn new() -> Self {
        // seccomp_data begins with the number of the call.
        Self(vec![statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0)])
    }

    /// This call fails.
    #[must_use]
    pub fn refuse(mut self, call: c_long, errno: Errno) -> Self {
        self.0.push(unless(equal(call), 1));
        self.0.push(fail(errno));
        self
    }

    /// This call fails when its first argument is this.
    #[must_use]
    pub fn refuse_first(self, call: c_long, argument: u32, errno: Errno) -> Self {
        let test = statement(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, argument);
        self.refuse_where(call, 0, test, errno)
    }

    /// This call fails when its argument of this number, counted from 0, has one of these bits.
    #[must_use]
    pub fn refuse_bits(self, call: c_long, argument: u8, bits: u32, errno: Errno) -> Self {
        let test = statement(libc::BPF_JMP | libc::BPF_JSET | libc::BPF_K, bits);
        self.refuse_where(call, argument, test, errno)
    }

    fn refuse_where(mut self, call: c_long, number: u8, test: sock_filter, errno: Errno) -> Self {
        // Number, architecture (4), instruction pointer (8), and then the arguments (8 each), whose
        // lower half comes first on the processors that this course is built for.
        let argument = 16 + 8 * u32::from(number);
        self.0.extend([
            unless(equal(call), 4),
            statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, argument),
            unless(test, 1),
            fail(errno),
            statement(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0),
        ]);
        self
    }

    /// Puts this thread under it, and all that it starts from now on, for good.
    ///
    /// # Errors
    /// EINVAL: the kernel has no filters. EPERM: a sandbox refuses them.
    pub fn install(&self) -> io::Result<()> {
        let mut complete = Complete::from(self);
        complete.install()
    }
}

impl Default for Filter {
    fn default() -> Self {
        Self::new()
    }
}

/// A filter with its end: to install it allocates nothing, so that it can be done behind a fork.
struct Complete(Vec<sock_filter>);

impl From<&Filter> for Complete {
    fn from(Filter(statements): &Filter) -> Self {
        let allow = statement(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ALLOW);
        Self(statements.iter().copied().chain([allow]).collect())
    }
}

impl Complete {
    fn install(&mut self) -> io::Result<()> {
        // SAFETY: PR_SET_NO_NEW_PRIVS takes integers. Without it only root may filter.
        Errno::result(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) })?;
        // The longest filter that the kernel takes has 4,096 statements.
        let len = self.0.len().try_into().map_err(|_| Errno::EINVAL)?;
        let program = libc::sock_fprog { len, filter: self.0.as_mut_ptr() };
        let mode = libc::SECCOMP_MODE_FILTER;
        // SAFETY: the kernel copies `len` statements, which live until the call returns.
        Errno::result(unsafe { libc::prctl(libc::PR_SET_SECCOMP, mode, &raw const program) })?;
        Ok(())
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the codes of BPF have 16 bits")]
const fn statement(code: u32, k: u32) -> sock_filter {
    sock_filter { code: code as u16, jt: 0, jf: 0, k }
}

#[allow(clippy::cast_possible_truncation, reason = "numbers of calls are small")]
const fn equal(call: c_long) -> sock_filter {
    statement(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, call.cast_unsigned() as u32)
}

/// Goes over the next statements unless the test holds.
const fn unless(test: sock_filter, over: u8) -> sock_filter {
    sock_filter { jf: over, ..test }
}

const fn fail(errno: Errno) -> sock_filter {
    let errno = (errno as c_int).cast_unsigned();
    statement(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ERRNO | errno)
}

/// The user that owns nothing, by its number everywhere.
const NOBODY: u32 = 65534;

impl Program {
    /// It and all that it starts are under a filter.
    #[must_use]
    pub fn filtered(mut self, filter: &Filter) -> Self {
        let mut filter = Complete::from(filter);
        // SAFETY: between fork and exec only prctl(2) is called; nothing is allocated and no lock
        // is taken.
        unsafe { self.command.pre_exec(move || filter.install()) };
        self
    }

    /// It runs as nobody, without groups and so without capabilities (capabilities(7)). Only root
    /// can do that: see [`Program::can_start`].
    #[must_use]
    pub fn as_nobody(mut self) -> Self {
        self.command.uid(NOBODY).gid(NOBODY);
        self
    }

    /// Starts it, and kills it: for a test that is skipped where it cannot be started. Only root
    /// becomes nobody, nobody may not go everywhere, and some sandboxes refuse filters.
    ///
    /// # Errors
    /// A sentence for [`skip!`](crate::skip!).
    pub fn can_start(mut self) -> Result<(), String> {
        let name = self.command.get_program().display().to_string();
        let started = self.command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let mut child = started.map_err(|error| format!("{name} cannot be started: {error}"))?;
        // ESRCH is impossible before the wait, and how it ends is not the question.
        let _ = child.kill();
        child.wait().map(drop).map_err(|error| error.to_string())
    }
}
