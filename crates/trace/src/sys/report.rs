//! What waitpid(2) reports of traced tasks.

use libc::c_int;
use syscall::{Context as _, Errno, Result};

use super::Tid;

/// A task has stopped or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Report {
    /// At the entry or the exit of a call.
    Call(Tid),
    /// Before a signal is delivered.
    Signal(Tid, c_int),
    /// PTRACE_EVENT_FORK and its siblings, at the parent; PTRACE_EVENT_EXEC.
    Event(Tid, c_int),
    /// PTRACE_EVENT_STOP: stopped by this signal with its whole process, or, with SIGTRAP, the
    /// first stop of a new task.
    Stop(Tid, c_int),
    /// Ended with this code.
    Exited(Tid, c_int),
    /// Ended by this signal.
    Killed(Tid, c_int),
}

/// The next report of this task, if there is one. Asked task by task, so that the tracer's other
/// children, and those of its other tracers, keep theirs.
///
/// # Errors
/// ECHILD: it is no traced task any more.
pub(crate) fn next_report(tid: Tid) -> Result<Option<Report>> {
    let mut status: c_int = 0;
    let flags = libc::__WALL | libc::__WNOTHREAD | libc::WNOHANG;
    // SAFETY: waitpid stores one int at `status`.
    let done =
        syscall::retry(|| Errno::result(unsafe { libc::waitpid(tid, &raw mut status, flags) }));
    let done = done.call("waitpid")?;
    Ok((done != 0).then(|| decode(done, status)))
}

/// The next stop of this task, if there is one. One that has ended is left unreported, and its parent
/// does not hear of it.
///
/// # Errors
/// None that a caller could mend.
pub(crate) fn next_stop(tid: Tid) -> Result<Option<Report>> {
    let Ok(id) = libc::id_t::try_from(tid) else { return Ok(None) };
    // SAFETY: siginfo_t is a C struct of integers and pointers, for which zeros are valid.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let flags = libc::WSTOPPED | libc::__WALL | libc::__WNOTHREAD | libc::WNOHANG;
    let done = syscall::retry(|| {
        // SAFETY: waitid stores one siginfo_t at `info`.
        Errno::result(unsafe { libc::waitid(libc::P_PID, id, &raw mut info, flags) })
    });
    match done {
        // It has ended, or it is none of ours: next_report tells the one from the other.
        Err(Errno::ECHILD) => return Ok(None),
        done => done.call("waitid")?,
    };
    // SAFETY: waitid has filled in the report of a child, or left zeros.
    let pid = unsafe { info.si_pid() };
    // SAFETY: the same.
    let status = unsafe { info.si_status() };
    Ok((pid != 0).then(|| decode(tid, status << 8 | STOPPED)))
}

/// The low bits of the status of who has stopped (wait(2)).
const STOPPED: c_int = 0x7f;

/// Whether the next report of this task is its end, which stays to be reported.
///
/// # Errors
/// As [`next_report`].
pub(crate) fn ends_next(tid: Tid) -> Result<bool> {
    // SAFETY: siginfo_t is a C struct of integers and pointers, for which zeros are valid.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let flags = libc::WEXITED | libc::WSTOPPED | libc::WNOWAIT | libc::WNOHANG;
    let flags = flags | libc::__WALL | libc::__WNOTHREAD;
    let id = tid.cast_unsigned();
    // SAFETY: waitid stores one siginfo_t at `info`.
    let look = || Errno::result(unsafe { libc::waitid(libc::P_PID, id, &raw mut info, flags) });
    syscall::retry(look).call("waitid")?;
    Ok(matches!(info.si_code, libc::CLD_EXITED | libc::CLD_KILLED | libc::CLD_DUMPED))
}

fn decode(tid: Tid, status: c_int) -> Report {
    if libc::WIFEXITED(status) {
        return Report::Exited(tid, libc::WEXITSTATUS(status));
    }
    if libc::WIFSIGNALED(status) {
        return Report::Killed(tid, libc::WTERMSIG(status));
    }
    // PTRACE_O_TRACESYSGOOD marks calls by the bit 0x80.
    let (signal, event) = (libc::WSTOPSIG(status), status >> 16);
    match event {
        libc::PTRACE_EVENT_STOP => Report::Stop(tid, signal),
        0 if signal == libc::SIGTRAP | 0x80 => Report::Call(tid),
        0 => Report::Signal(tid, signal),
        event => Report::Event(tid, event),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_told_apart() {
        let stopped = |signal: c_int| signal << 8 | 0x7f;
        for (status, report) in [
            (3 << 8, Report::Exited(7, 3)),
            (libc::SIGKILL, Report::Killed(7, libc::SIGKILL)),
            (stopped(libc::SIGTRAP | 0x80), Report::Call(7)),
            (stopped(libc::SIGTRAP), Report::Signal(7, libc::SIGTRAP)),
            (stopped(libc::SIGUSR1), Report::Signal(7, libc::SIGUSR1)),
            (
                libc::PTRACE_EVENT_FORK << 16 | stopped(libc::SIGTRAP),
                Report::Event(7, libc::PTRACE_EVENT_FORK),
            ),
            (
                libc::PTRACE_EVENT_STOP << 16 | stopped(libc::SIGTSTP),
                Report::Stop(7, libc::SIGTSTP),
            ),
        ] {
            assert_eq!(decode(7, status), report);
        }
    }
}
