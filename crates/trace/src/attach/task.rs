//! One task: noted, stopped, looked at, let go.

use std::fs;
use std::time::Duration;

use syscall::{Errno, Result};

use super::Standing;
use crate::call::{Call, Value};
use crate::decode;
use crate::engine::Doing;
use crate::kernel;
use crate::symbols::Symbols;
use crate::sys::{self, OfProcess, Report, Tid};

/// A task that is seized. Dropping it lets it go.
pub(super) struct Looked {
    pid: Tid,
    tid: Tid,
    doing: Doing,
    call: Option<Call>,
    /// The signal that it is to go on with, when it stands.
    stands: Option<i32>,
    gone: bool,
}

impl Looked {
    /// Notes what it does, and begins to stop it. `None` for one that has ended.
    pub(super) fn at(pid: Tid, tid: Tid) -> Result<Option<Self>> {
        // Before it is stopped: afterwards it is in no call any more.
        let doing = match kernel::task_status(pid, tid) {
            None | Some('Z' | 'X') => return Ok(None),
            Some('S' | 'D') => Doing::Sleeping,
            Some('T' | 't') => Doing::Stopped,
            Some(_) => Doing::Computing,
        };
        if let Err(error) = sys::seize_to_look(tid) {
            return if error.errno() == Errno::ESRCH { Ok(None) } else { Err(error) };
        }
        let call = if doing == Doing::Sleeping { call(pid, tid) } else { None };
        // One that has gone by now is found out when it is waited for.
        let _ = sys::interrupt(tid);
        Ok(Some(Self { pid, tid, doing, call, stands: None, gone: false }))
    }

    /// Whether its stop is still on the way.
    pub(super) fn is_coming(&mut self) -> bool {
        if self.stands.is_some() || self.gone {
            return false;
        }
        // How a child of this very process has ended is for whoever waits for it.
        if self.is_our_child() && sys::ends_next(self.tid).unwrap_or(true) {
            self.gone = true;
            return false;
        }
        match sys::next_report(self.tid) {
            Ok(None) => return true,
            Ok(Some(Report::Signal(_, signal))) => self.stands = Some(signal),
            Ok(Some(Report::Exited(..) | Report::Killed(..))) | Err(_) => self.gone = true,
            Ok(Some(_)) => self.stands = Some(0),
        }
        false
    }

    fn is_our_child(&self) -> bool {
        let me = std::process::id();
        self.tid == self.pid && kernel::parent(self.pid).is_some_and(|parent| parent == me)
    }

    pub(super) fn tell(self, symbols: &mut Symbols) -> Option<Standing> {
        if self.gone {
            return None;
        }
        let (pid, tid) = (self.pid, self.tid);
        let place = self.stands.map(|_| symbols.place(pid, tid).place.clone()).unwrap_or_default();
        let fd = self.call.as_ref().and_then(|call| match call.args.first() {
            Some(Value::Fd(fd)) => Some(*fd),
            _ => None,
        });
        Some(Standing {
            pid,
            tid,
            name: fs::read_to_string(format!("/proc/{pid}/task/{tid}/comm")).ok()?.trim().into(),
            doing: self.doing,
            used: used(pid, tid).unwrap_or_default(),
            call: self.call.clone(),
            object: fd.and_then(|fd| kernel::object(pid, fd)),
            place,
        })
    }
}

impl Drop for Looked {
    fn drop(&mut self) {
        if let Some(signal) = self.stands {
            // One that was killed meanwhile needs nothing any more.
            let _ = sys::detach(self.tid, signal);
        }
    }
}

/// The call that a task sleeps in (proc_pid_syscall(5)).
fn call(pid: Tid, tid: Tid) -> Option<Call> {
    let text = fs::read_to_string(format!("/proc/{pid}/task/{tid}/syscall")).ok()?;
    let mut words = text.split_whitespace();
    // A minus sign: it sleeps, and in no call.
    let number: u64 = words.next()?.parse().ok()?;
    let mut args = [0; 6];
    for arg in &mut args {
        *arg = u64::from_str_radix(words.next()?.strip_prefix("0x")?, 16).ok()?;
    }
    Some(decode::call(number, &args, &OfProcess(pid), None))
}

/// Nanoseconds are the first number there (schedstats of the kernel's documentation).
fn used(pid: Tid, tid: Tid) -> Option<Duration> {
    let text = fs::read_to_string(format!("/proc/{pid}/task/{tid}/schedstat")).ok()?;
    text.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}
