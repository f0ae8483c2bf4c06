//! Whether a demo can be stepped through here (crates/trace): a program is traced as the stage
//! does it. Without the stage's code, so that this program is built in seconds.

mod refusal;

use std::fs::{self, File};
use std::io::IoSliceMut;
use std::os::unix::fs::FileExt as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::ptrace::{self, Options};
use nix::sys::uio::{RemoteIoVec, process_vm_readv};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::{Check, Need};
use crate::sys;
use refusal::{Refusal, Surroundings};

/// A healthy system needs microseconds.
const LIMIT: Duration = Duration::from_secs(2);
/// Between two looks whether the child has stopped.
const LOOK: Duration = Duration::from_millis(1);

pub(super) fn check() -> Check {
    let traced = trace();
    Check {
        name: "stepping",
        remedy: traced.as_ref().map_or_else(Refusal::remedy, |_| ""),
        found: traced.map_err(|refusal| refusal.to_string()),
        need: Need::Optional,
        cost: "cargo course demo NAME --step and --text (recordings are shown all the same), \
               debuggers, strace",
    }
}

/// Whether a program can be traced here; why not, in a sentence.
pub(crate) fn can_trace() -> Result<String, String> {
    trace().map_err(|refusal| refusal.to_string())
}

/// On a child that waits for its input.
fn trace() -> Result<String, Refusal> {
    let mut cat = Command::new("cat");
    cat.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = cat.spawn().map_err(|error| Refusal::NoChild(error.to_string()))?;
    let traced = trace_child(&child);
    end(&mut child);
    traced
}

fn trace_child(child: &Child) -> Result<String, Refusal> {
    let pid = Pid::from_raw(child.id().cast_signed());
    ptrace::seize(pid, options()).map_err(|errno| Surroundings::look(pid).refuse(errno))?;
    let request = |name| move |errno| Refusal::Failed(name, errno);
    ptrace::interrupt(pid).map_err(request("PTRACE_INTERRUPT"))?;
    await_stop(pid)?;
    // From the stop in the middle of nowhere to one at a system call.
    ptrace::syscall(pid, None).map_err(request("PTRACE_SYSCALL"))?;
    await_stop(pid)?;
    let call = ptrace::syscall_info(pid).map_err(Refusal::NoCallInfo)?;
    let memory = read_memory(pid, call.stack_pointer)?;
    let scope = match refusal::yama() {
        None | Some(0) => String::new(),
        Some(scope) => format!(" (yama ptrace_scope {scope}: strace -p needs root)"),
    };
    let state = match sys::duplicate(child.id(), 0) {
        Ok(_) => String::new(),
        Err(errno) => format!(
            "; pidfd_getfd: {errno}, so the stage cannot tell what pipes and queues hold (docker \
             run --cap-add SYS_PTRACE mends that)"
        ),
    };
    Ok(format!("a child was stopped at a call, and its memory read{memory}{state}{scope}"))
}

/// Those of crates/trace, sys/ptrace.rs.
fn options() -> Options {
    Options::PTRACE_O_TRACESYSGOOD
        | Options::PTRACE_O_TRACEFORK
        | Options::PTRACE_O_TRACEVFORK
        | Options::PTRACE_O_TRACECLONE
        | Options::PTRACE_O_TRACEEXEC
        | Options::PTRACE_O_EXITKILL
}

/// wait(2) has no deadline of its own, and a sandbox may only pretend to know ptrace(2).
fn await_stop(pid: Pid) -> Result<(), Refusal> {
    let deadline = Instant::now() + LIMIT;
    loop {
        match waitpid(pid, Some(WaitPidFlag::WNOHANG | WaitPidFlag::__WALL)) {
            Ok(WaitStatus::StillAlive) if Instant::now() < deadline => thread::sleep(LOOK),
            Ok(WaitStatus::StillAlive) => return Err(Refusal::NoStop),
            Ok(WaitStatus::Exited(..) | WaitStatus::Signaled(..)) => {
                return Err(Refusal::NoChild("it has ended at once".into()));
            }
            Ok(_) => return Ok(()),
            Err(Errno::EINTR) => {}
            Err(errno) => return Err(Refusal::Failed("waitpid", errno)),
        }
    }
}

/// One byte of its stack, as crates/trace does it: by /proc/PID/mem where process_vm_readv(2) is
/// refused. Gives what there is to say about it.
fn read_memory(pid: Pid, address: u64) -> Result<&'static str, Refusal> {
    let base = usize::try_from(address).map_err(|_| Refusal::Memory(Errno::EFAULT))?;
    let mut byte = [0];
    let there = [RemoteIoVec { base, len: 1 }];
    match process_vm_readv(pid, &mut [IoSliceMut::new(&mut byte)], &there) {
        Ok(_) => return Ok(""),
        Err(Errno::EPERM | Errno::ENOSYS) => {}
        Err(errno) => return Err(Refusal::Memory(errno)),
    }
    let read = File::open(format!("/proc/{pid}/mem")).and_then(|it| it.read_at(&mut byte, address));
    let refused = |error: std::io::Error| Errno::from_raw(error.raw_os_error().unwrap_or_default());
    read.map(|_| " (by /proc/PID/mem)").map_err(|error| Refusal::Memory(refused(error)))
}

/// A child that is traced dies of SIGKILL as any other. When it has died already there is nothing
/// to kill, and wait(2) cannot fail for a child that nobody else waits for.
fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// A line of /proc/PID/status.
fn status(pid: &str, key: &str) -> Option<String> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
    value.map(|value| value.trim().into())
}
