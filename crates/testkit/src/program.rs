//! A program under a watchdog.
//!
//! Its lines are handed over as they come, so a test waits for "listening on …" instead of
//! sleeping. It runs in a process group of its own, which is killed whole, and what it left
//! running when it ended is a failure. The leader is not reaped before that, so that neither its
//! id nor its group's can belong to somebody else when the signal is sent.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::SocketAddr;
use std::os::fd::{AsFd as _, FromRawFd as _, OwnedFd, RawFd};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigHandler, Signal, kill, killpg};
use nix::unistd::Pid;

use crate::proc;
use crate::until::LIMIT;

/// A program to start.
#[derive(Debug)]
pub struct Program {
    pub(crate) command: Command,
    limit: Duration,
    /// It becomes the leader of a session, and so of a group, by itself.
    own_session: bool,
}

impl Program {
    /// Standard input is /dev/null until [`Program::stdin_pipe`] says otherwise. No signal is
    /// ignored until [`Program::ignoring`] says otherwise, whoever has started the tests.
    pub fn new(path: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(path);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // SAFETY: between fork and exec only sigaction(2) is called; nothing is allocated and no
        // lock is taken.
        unsafe { command.pre_exec(signals_as_at_a_terminal) };
        Self { command, limit: LIMIT, own_session: false }
    }

    /// An example of the package under test; `cargo test` builds them.
    ///
    /// # Panics
    /// When the test binary does not lie where cargo puts it, or the example is not there.
    pub fn example(name: &str) -> Self {
        let test = std::env::current_exe().expect("/proc/self/exe can be read");
        // target/debug/deps/TEST → target/debug/examples/NAME
        let target = test.parent().and_then(Path::parent).expect("a test lies in target/*/deps");
        let example = target.join("examples").join(name);
        // `cargo test --test NAME` builds no examples.
        let package = std::env::var("CARGO_PKG_NAME").unwrap_or_else(|_| "PACKAGE".into());
        assert!(
            example.exists(),
            "{} is not built: cargo build -p {package} --example {name}",
            example.display()
        );
        Self::new(example)
    }

    /// Its path.
    pub fn path(&self) -> &OsStr {
        self.command.get_program()
    }

    /// Appends arguments.
    #[must_use]
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Starts it in this directory.
    #[must_use]
    pub fn in_dir(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    /// How long it may live, [`LIMIT`] unless said otherwise.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Standard input is a pipe that [`Running::type_in`] writes to.
    #[must_use]
    pub fn stdin_pipe(self) -> Self {
        self.stdin(Stdio::piped())
    }

    /// Standard input from somewhere else.
    #[must_use]
    pub fn stdin(mut self, from: impl Into<Stdio>) -> Self {
        self.command.stdin(from);
        self
    }

    /// Descriptor 0 is closed, as by `<&-` in a shell.
    #[must_use]
    pub fn without_stdin(mut self) -> Self {
        let close = || {
            // SAFETY: between fork and exec nobody else uses this descriptor; what Command had
            // put there is replaced for the program that is about to start.
            let closed = unsafe { libc::close(0) };
            Ok(Errno::result(closed).map(drop)?)
        };
        // SAFETY: between fork and exec only close(2) is called; nothing is allocated and no lock
        // is taken.
        unsafe { self.command.pre_exec(close) };
        self
    }

    /// Standard output to somewhere else: no lines can be waited for.
    #[must_use]
    pub fn stdout(mut self, to: impl Into<Stdio>) -> Self {
        self.command.stdout(to);
        self
    }

    /// Standard error to somewhere else: nothing of it is kept.
    #[must_use]
    pub fn stderr(mut self, to: impl Into<Stdio>) -> Self {
        self.command.stderr(to);
        self
    }

    /// The most descriptors it may have (RLIMIT_NOFILE, soft and hard).
    #[must_use]
    pub fn max_files(mut self, count: u64) -> Self {
        let set = move || {
            let limit = nix::sys::resource::Resource::RLIMIT_NOFILE;
            Ok(nix::sys::resource::setrlimit(limit, count, count)?)
        };
        // SAFETY: between fork and exec only setrlimit(2) is called; nothing is allocated and no
        // lock is taken.
        unsafe { self.command.pre_exec(set) };
        self
    }

    /// It begins with this signal ignored, as nohup(1) does with SIGHUP: execve(2) keeps that.
    #[must_use]
    pub fn ignoring(mut self, signal: Signal) -> Self {
        // SAFETY: no handler is installed; to ignore a signal calls none of our code.
        let ignore =
            move || Ok(unsafe { nix::sys::signal::signal(signal, SigHandler::SigIgn) }.map(drop)?);
        // SAFETY: between fork and exec only sigaction(2) is called; nothing is allocated and no
        // lock is taken.
        unsafe { self.command.pre_exec(ignore) };
        self
    }

    /// Makes a terminal its standard input and the controlling terminal of a new session.
    pub(crate) fn at_terminal(&mut self, terminal: OwnedFd) {
        self.own_session = true;
        self.command.stdin(terminal);
        let session = || {
            nix::unistd::setsid()?;
            // SAFETY: TIOCSCTTY takes an integer, and descriptor 0 is the terminal by now.
            let done = unsafe { libc::ioctl(0, libc::TIOCSCTTY, 0) };
            Ok(Errno::result(done).map(drop)?)
        };
        // SAFETY: between fork and exec only setsid(2) and ioctl(2) are called; nothing is
        // allocated and no lock is taken.
        unsafe { self.command.pre_exec(session) };
    }

    /// Starts it.
    ///
    /// # Panics
    /// When it cannot be started.
    #[track_caller]
    pub fn spawn(mut self) -> Running {
        let name = self.command.get_program().to_string_lossy().into_owned();
        if !self.own_session {
            self.command.process_group(0);
        }
        let mut child = self.command.spawn().unwrap_or_else(|e| panic!("{name}: {e}"));
        let output = Arc::new(Output::default());
        let mut readers = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            readers.push(read_lines(stdout, Arc::clone(&output), |text| &mut text.stdout));
        }
        if let Some(stderr) = child.stderr.take() {
            readers.push(read_lines(stderr, Arc::clone(&output), |text| &mut text.stderr));
        }
        let stdin = child.stdin.take();
        let deadline = Instant::now() + self.limit;
        Running { name, child: Some(child), stdin, output, readers, deadline, read: 0 }
    }

    /// Starts it and waits for its end.
    #[track_caller]
    pub fn run(self) -> Finished {
        self.spawn().wait()
    }
}

/// Every signal does what it does by default. execve(2) keeps what is ignored, and a shell without
/// job control ignores SIGINT and SIGQUIT for what it starts with `&`, nohup(1) SIGHUP: Ctrl-C
/// would be tested in vain.
fn signals_as_at_a_terminal() -> std::io::Result<()> {
    heed_signals()?;
    // SAFETY: the default runs none of our code.
    unsafe { nix::sys::signal::signal(Signal::SIGPIPE, SigHandler::SigDfl) }?;
    Ok(())
}

/// The same for a process that runs already: but for SIGPIPE, which Rust's runtime ignores, and those
/// by which it notices that a stack has overflowed.
pub(crate) fn heed_signals() -> nix::Result<()> {
    use Signal::{SIGBUS, SIGKILL, SIGPIPE, SIGSEGV, SIGSTOP};
    let other = [SIGBUS, SIGKILL, SIGPIPE, SIGSEGV, SIGSTOP];
    for signal in Signal::iterator().filter(|signal| !other.contains(signal)) {
        // SAFETY: the default runs none of our code.
        unsafe { nix::sys::signal::signal(signal, SigHandler::SigDfl) }?;
    }
    Ok(())
}

#[derive(Default, Debug)]
struct Text {
    stdout: String,
    stderr: String,
    open: usize,
}

#[derive(Default, Debug)]
struct Output {
    text: Mutex<Text>,
    changed: Condvar,
}

impl Output {
    fn lock(&self) -> MutexGuard<'_, Text> {
        self.text.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Line by line, and what is not UTF-8 shown as such: a test that fails must be able to print it.
fn read_lines(
    from: impl Read + Send + 'static,
    to: Arc<Output>,
    part: fn(&mut Text) -> &mut String,
) -> JoinHandle<()> {
    to.lock().open += 1;
    std::thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        // An error of the pipe means the same as its end: there will be no more lines.
        while matches!(from.read_until(b'\n', &mut line), Ok(1..)) {
            part(&mut to.lock()).push_str(&String::from_utf8_lossy(&line));
            to.changed.notify_all();
            line.clear();
        }
        to.lock().open -= 1;
        to.changed.notify_all();
    })
}

/// A program that has been started; dropping it kills its process group.
#[derive(Debug)]
pub struct Running {
    name: String,
    child: Option<Child>,
    stdin: Option<ChildStdin>,
    output: Arc<Output>,
    readers: Vec<JoinHandle<()>>,
    deadline: Instant,
    /// How much of standard output has been waited for.
    read: usize,
}

/// How a program ended and what it said.
#[derive(Debug)]
pub struct Finished {
    /// Its exit status.
    pub status: ExitStatus,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Running {
    /// Its process id, which is also the id of its process group.
    ///
    /// # Panics
    /// After [`Running::wait`].
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("it was waited for already").id()
    }

    /// Waits for a line of standard output that contains `part`, behind those already waited for.
    ///
    /// # Panics
    /// When it ends, or its time is over, before it says so.
    #[track_caller]
    pub fn line(&mut self, part: &str) -> String {
        let output = Arc::clone(&self.output);
        let mut text = output.lock();
        loop {
            for line in text.stdout[self.read..].split_inclusive('\n') {
                self.read += line.len();
                if line.contains(part) {
                    return line.trim_end().into();
                }
            }
            let left = self.deadline.saturating_duration_since(Instant::now());
            if text.open == 0 || left.is_zero() {
                drop(text);
                self.give_up(&format!("it never said {part:?}"));
            }
            let waited = output.changed.wait_timeout(text, left);
            text = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits for the line "listening on ADDR" that every server prints when it can be reached.
    ///
    /// # Panics
    /// As [`Running::line`].
    #[track_caller]
    pub fn addr(&mut self) -> SocketAddr {
        let line = self.line("listening on ");
        let text = line.split("listening on ").nth(1).and_then(|rest| rest.split(' ').next());
        text.and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no address in {line:?}"))
    }

    /// Writes to its standard input.
    ///
    /// # Panics
    /// Without [`Program::stdin_pipe`], or when it reads no more.
    #[track_caller]
    pub fn type_in(&mut self, text: impl AsRef<[u8]>) {
        let stdin = self.stdin.as_mut().expect("its standard input is no pipe");
        stdin.write_all(text.as_ref()).expect("writing to its standard input");
    }

    /// Closes its standard input.
    pub fn close_stdin(&mut self) {
        self.stdin = None;
    }

    /// Sends it a signal.
    ///
    /// # Panics
    /// When it cannot be sent.
    pub fn signal(&self, signal: Signal) {
        kill(self.group(), signal).expect("the child is not reaped yet, so its id is its own");
    }

    /// Everything it has said on standard error so far.
    pub fn stderr(&self) -> String {
        self.output.lock().stderr.clone()
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When its time is over first, and when processes that it started are still running.
    #[track_caller]
    pub fn wait(mut self) -> Finished {
        let deadline = self.deadline;
        if !self.ends_before(deadline) {
            self.give_up("it did not end");
        }
        let left = self.group_members();
        let status = self.kill_and_reap();
        for reader in self.readers.drain(..) {
            // A reader only fails when its test is failing already.
            let _ = reader.join();
        }
        assert!(left.is_empty(), "{} ended and left running: {}", self.name, left.join(", "));
        let text = std::mem::take(&mut *self.output.lock());
        let status = status.expect("a child that has ended can be reaped");
        Finished { status, stdout: text.stdout, stderr: text.stderr }
    }

    fn group(&self) -> Pid {
        Pid::from_raw(self.pid().cast_signed())
    }

    /// pidfd_open(2): a descriptor that becomes readable when the process ends.
    fn ends_before(&self, deadline: Instant) -> bool {
        let pidfd = pidfd(self.pid()).expect("the child is not reaped yet");
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
            match poll(&mut [PollFd::new(pidfd.as_fd(), PollFlags::POLLIN)], timeout) {
                Ok(0) if left.is_zero() => return false,
                Ok(0) | Err(Errno::EINTR) => {}
                ready => return ready.is_ok(),
            }
        }
    }

    /// The others of its process group, zombies left out: those are init's by now.
    fn group_members(&self) -> Vec<String> {
        let group = self.pid();
        let stats = proc::pids().into_iter().filter(|&pid| pid != group);
        stats
            .filter_map(|pid| Some((pid, proc::stat(pid)?)))
            .filter(|(_, stat)| stat.group == group && stat.state != 'Z')
            .map(|(pid, stat)| format!("{} ({pid}, state {})", stat.name, stat.state))
            .collect()
    }

    fn kill_and_reap(&mut self) -> Option<ExitStatus> {
        let mut child = self.child.take()?;
        // ESRCH is impossible before the wait below, and the end is what was wanted in any case.
        let _ = killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGKILL);
        child.wait().ok()
    }

    #[track_caller]
    fn give_up(&mut self, why: &str) -> ! {
        let report = self.child.as_ref().map(|c| proc::report(c.id())).unwrap_or_default();
        let text = self.output.lock();
        let (stdout, stderr) = (text.stdout.clone(), text.stderr.clone());
        drop(text);
        panic!(
            "{}: {why}\n{report}--- standard output\n{stdout}--- standard error\n{stderr}---",
            self.name
        );
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill_and_reap();
    }
}

impl Finished {
    /// Fails unless it succeeded, with all that it said.
    ///
    /// # Panics
    /// When its exit status is not 0 or it wrote to standard error.
    #[track_caller]
    pub fn succeeded(&self) {
        assert!(self.status.success() && self.stderr.is_empty(), "{self:#?}");
    }

    /// Fails unless it ended with this status and one line on standard error that contains `part`.
    ///
    /// # Panics
    /// When it ended in any other way.
    #[track_caller]
    pub fn failed(&self, code: i32, part: &str) {
        let one_line = self.stderr.lines().count() == 1 && self.stderr.contains(part);
        assert!(self.status.code() == Some(code) && one_line, "wanted {code}, {part:?}: {self:#?}");
    }

    /// The signal that ended it.
    pub fn signal(&self) -> Option<i32> {
        self.status.signal()
    }
}

pub(crate) fn pidfd(pid: u32) -> nix::Result<OwnedFd> {
    // SAFETY: pidfd_open(2) takes two integers and touches no memory of ours.
    let fd = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
    let fd = Errno::result(fd)?;
    let fd = RawFd::try_from(fd).map_err(|_| Errno::EBADF)?;
    // SAFETY: the call succeeded, so this is a new descriptor that nobody else knows of.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}
