//! Starts a program as a tracee, from its first instruction on.

use std::ffi::{CString, OsString};
use std::io::{PipeReader, PipeWriter, Read as _, Write as _, pipe};
use std::os::fd::{AsRawFd as _, OwnedFd, RawFd};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::Path;

use syscall::{Context as _, Errno, Error, Result};

use super::{Tid, seize};

/// What a tracee's standard descriptors become; the tracer's own where nothing is given.
#[derive(Debug, Default)]
pub(crate) struct Stdio {
    pub(crate) input: Option<OwnedFd>,
    pub(crate) output: Option<OwnedFd>,
    pub(crate) error: Option<OwnedFd>,
}

/// A program with everything that execve(2) and chdir(2) want, made before the fork: behind it,
/// in a process that may have had threads, nothing can be allocated.
#[derive(Debug)]
pub(crate) struct Command {
    program: CString,
    args: Vec<CString>,
    environment: Vec<CString>,
    directory: Option<CString>,
    stdio: Stdio,
}

impl Command {
    /// # Errors
    /// EINVAL: a NUL in one of them.
    pub(crate) fn new(
        program: &Path,
        args: &[OsString],
        environment: impl IntoIterator<Item = (OsString, OsString)>,
        directory: Option<&Path>,
        stdio: Stdio,
    ) -> Result<Self> {
        let text =
            |bytes: Vec<u8>| CString::new(bytes).map_err(|_| Error::new("execve", Errno::EINVAL));
        let program = text(program.as_os_str().as_bytes().to_vec())?;
        let rest = args.iter().map(|arg| text(arg.as_bytes().to_vec()));
        let args = [Ok(program.clone())].into_iter().chain(rest).collect::<Result<_>>()?;
        let variable = |(name, value): (OsString, OsString)| {
            let mut bytes = name.into_vec();
            bytes.push(b'=');
            bytes.extend(value.into_vec());
            text(bytes)
        };
        let environment = environment.into_iter().map(variable).collect::<Result<_>>()?;
        let directory = directory.map(|path| text(path.as_os_str().as_bytes().to_vec()));
        Ok(Self { program, args, environment, directory: directory.transpose()?, stdio })
    }

    /// Starts it, seized, in a process group of its own. It waits for a byte on a pipe until it
    /// has a tracer, so no stop is needed, and none is seen by anybody.
    ///
    /// # Errors
    /// EPERM: the system does not allow tracing. EAGAIN, ENOMEM: no more processes. Those of
    /// chdir(2) and execve(2): the program cannot be executed.
    pub(crate) fn start(self) -> Result<Tid> {
        let (gate, open) = pipe().call("pipe2")?;
        let (mut failure, fails) = pipe().call("pipe2")?;
        let (args, environment) = (pointers(&self.args), pointers(&self.environment));
        // SAFETY: this process may have threads, so the child makes only calls that are
        // async-signal-safe (signal-safety(7)), and leaves by execve or _exit.
        let pid = Errno::result(unsafe { libc::fork() }).call("fork")?;
        if pid == 0 {
            self.become_program([&gate, &failure], [&open, &fails], &args, &environment);
        }
        drop((gate, fails));
        let started =
            seize(pid).and_then(|()| let_go(open)).and_then(|()| self.outcome(&mut failure));
        if started.is_err() {
            // SAFETY: a child of ours that nobody has waited for, so the number is its own.
            unsafe { libc::kill(pid, libc::SIGKILL) };
            // SAFETY: a null pointer says that the status is not wanted.
            unsafe { libc::waitpid(pid, std::ptr::null_mut(), libc::__WALL) };
        }
        started.map(|()| pid)
    }

    /// Waits for the end of what the child has to say: nothing once it executes the program,
    /// because its end is close-on-exec; or which call has failed, and how.
    fn outcome(&self, failure: &mut PipeReader) -> Result<()> {
        let mut said = Vec::new();
        failure.read_to_end(&mut said).call("read")?;
        let Some((&call, errno)) = said.split_first() else { return Ok(()) };
        let errno = errno.first_chunk().map_or(0, |bytes| i32::from_ne_bytes(*bytes));
        let (call, on) = match (call, &self.directory) {
            (CHDIR, Some(directory)) => ("chdir", directory),
            _ => ("execve", &self.program),
        };
        let on = Path::new(std::ffi::OsStr::from_bytes(on.as_bytes()));
        Err(Error::new(call, Errno::from_raw(errno)).on(on.display()))
    }

    /// In the child.
    fn become_program(
        &self,
        [gate, failure]: [&PipeReader; 2],
        [open, fails]: [&PipeWriter; 2],
        args: &[*const libc::c_char],
        environment: &[*const libc::c_char],
    ) -> ! {
        let Stdio { input, output, error } = &self.stdio;
        for (fd, place) in [(input, 0), (output, 1), (error, 2)] {
            if let Some(fd) = fd {
                become_standard(fd.as_raw_fd(), place);
            }
        }
        // SAFETY: no pointers. A group of its own, so that Ctrl-C at the tracer's terminal is the
        // tracer's to pass on.
        unsafe { libc::setpgid(0, 0) };
        // SAFETY: the parent's end; this process uses and drops no copy of it any more.
        unsafe { libc::close(open.as_raw_fd()) };
        // SAFETY: the same.
        unsafe { libc::close(failure.as_raw_fd()) };
        let mut byte = 0_u8;
        // SAFETY: one byte is stored at `byte`. Without a byte there is no tracer: end.
        let read = unsafe { libc::read(gate.as_raw_fd(), (&raw mut byte).cast(), 1) };
        if read == 1 {
            // SAFETY: no pointers. What the tracer has open without close-on-exec is not for the
            // program (close_range(2), CLOSE_RANGE_CLOEXEC is 4).
            unsafe { libc::syscall(libc::SYS_close_range, 3, u32::MAX, 4) };
            if let Some(directory) = &self.directory {
                // SAFETY: a string with its NUL.
                if unsafe { libc::chdir(directory.as_ptr()) } != 0 {
                    say(fails, CHDIR);
                }
            }
            // SAFETY: strings with their NULs, in arrays that end with a null pointer.
            unsafe { libc::execve(self.program.as_ptr(), args.as_ptr(), environment.as_ptr()) };
            say(fails, EXECVE);
        }
        // SAFETY: does not return.
        unsafe { libc::_exit(127) }
    }
}

/// What of the child has failed, in one byte.
const CHDIR: u8 = 1;
const EXECVE: u8 = 2;

/// In the child: says why it cannot go on, and ends.
fn say(fails: &PipeWriter, call: u8) -> ! {
    let [a, b, c, d] = Errno::last_raw().to_ne_bytes();
    let said = [call, a, b, c, d];
    // SAFETY: five bytes are read at the pointer. Nobody is there to hear of a failure.
    unsafe { libc::write(fails.as_raw_fd(), said.as_ptr().cast(), said.len()) };
    // SAFETY: does not return.
    unsafe { libc::_exit(127) }
}

/// dup2, and where the descriptor has the right number already, without its close-on-exec.
fn become_standard(fd: RawFd, place: RawFd) {
    if fd == place {
        // SAFETY: no pointers.
        unsafe { libc::fcntl(fd, libc::F_SETFD, 0) };
    } else {
        // SAFETY: no pointers.
        unsafe { libc::dup2(fd, place) };
    }
}

fn let_go(mut open: PipeWriter) -> Result<()> {
    open.write_all(&[1]).call("write")
}

fn pointers(texts: &[CString]) -> Vec<*const libc::c_char> {
    texts.iter().map(|text| text.as_ptr()).chain([std::ptr::null()]).collect()
}
