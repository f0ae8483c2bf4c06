//! The least that a tracer can do: the program is stopped twice at each call of each task, and let go at
//! once, and nothing is asked. What this costs, every tracer costs.

use std::io::{self, Read as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use cli::Outcome;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// Runs a program to its end; gives what it has said.
pub(crate) fn said_by(command: &mut Command) -> Outcome<String> {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let ask = || ptrace::traceme().map_err(io::Error::from);
    // SAFETY: ptrace(2) is one system call and allocates nothing.
    unsafe { command.pre_exec(ask) };
    // With PTRACE_TRACEME the first stop is that behind execve.
    let mut child = command.spawn()?;
    let first = Pid::from_raw(child.id().cast_signed());
    waitpid(first, None)?;
    let follow = Options::PTRACE_O_TRACECLONE | Options::PTRACE_O_EXITKILL;
    ptrace::setoptions(first, follow | Options::PTRACE_O_TRACESYSGOOD)?;
    ptrace::syscall(first, None)?;
    loop {
        // Nobody else is a child of this program at this moment.
        let (task, signal) = match waitpid(None, Some(WaitPidFlag::__WALL))? {
            // A thread begins with SIGSTOP.
            WaitStatus::PtraceSyscall(task)
            | WaitStatus::PtraceEvent(task, ..)
            | WaitStatus::Stopped(task, Signal::SIGSTOP) => (task, None),
            WaitStatus::Stopped(task, signal) => (task, Some(signal)),
            WaitStatus::Exited(task, 0) if task == first => break,
            WaitStatus::Exited(task, _) if task != first => continue,
            end => return Err(format!("the program has failed: {end:?}").into()),
        };
        ptrace::syscall(task, signal)?;
    }
    let mut said = String::new();
    if let Some(mut from) = child.stdout.take() {
        from.read_to_string(&mut said)?;
    }
    Ok(said)
}
