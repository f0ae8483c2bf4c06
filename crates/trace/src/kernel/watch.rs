//! What a task is doing, looked at again and again. The files that tell it stay open: of a file under
//! /proc, opening costs several times as much as reading.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use crate::sys::Tid;

/// A task that is looked at.
#[derive(Debug)]
pub(crate) struct Watch {
    stat: File,
    /// `None` where nobody may read it.
    syscall: Option<File>,
}

impl Watch {
    /// `None` when there is no such task, or no descriptor is left for it.
    pub(crate) fn of(pid: Tid, tid: Tid) -> Option<Self> {
        let open = |name| File::open(format!("/proc/{pid}/task/{tid}/{name}"));
        Some(Self { stat: open("stat").ok()?, syscall: open("syscall").ok() })
    }

    /// What the task is doing, as one letter (proc_pid_stat(5)); `None` when it is gone.
    pub(crate) fn status(&self) -> Option<char> {
        // The letter stands behind the name, which has 15 bytes at most (64 for the kernel's own).
        let mut start = [0; 128];
        let n = self.stat.read_at(&mut start, 0).ok()?;
        // The name stands in parentheses and may contain parentheses itself, the numbers do not.
        let behind = start[..n].iter().rposition(|&byte| byte == b')')? + 2;
        start.get(behind).map(|&letter| letter.into())
    }

    /// Whether the task has left its processor for good. A call says that it sleeps before it looks
    /// once more for what it waits for, and so says it for a moment even where it will not wait. Here
    /// the kernel itself waits until that is decided (proc_pid_syscall(5)). `None` where it does not
    /// tell.
    pub(crate) fn is_off_processor(&self) -> Option<bool> {
        let mut start = [0; 7];
        let n = self.syscall.as_ref()?.read_at(&mut start, 0).ok().filter(|&n| n > 0)?;
        Some(&start[..n] != b"running")
    }
}

/// What a task is doing at this moment ([`Watch::status`]); `None` when there is no such task.
pub(crate) fn task_status(pid: Tid, tid: Tid) -> Option<char> {
    let stat = File::open(format!("/proc/{pid}/task/{tid}/stat")).ok()?;
    Watch { stat, syscall: None }.status()
}
