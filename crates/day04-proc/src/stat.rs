//! What one process is doing: the fields of /proc/PID/stat that this day is about.

use std::fs;
use std::io::ErrorKind;

use cli::Outcome;
use nix::libc;
use nix::unistd::Pid;

use crate::being::until;
use crate::fields::split;

pub(crate) struct Stat {
    pub(crate) pid: Pid,
    pub(crate) name: String,
    /// R S D T t Z, and for the kernel's own threads I.
    pub(crate) state: char,
    pub(crate) parent: Pid,
    pub(crate) group: Pid,
    pub(crate) session: Pid,
    /// The group that its terminal listens to; -1 without a terminal.
    pub(crate) foreground: Pid,
    /// Processor time, in the program and in the kernel for it, in ticks of 1/100 s.
    pub(crate) ticks: u64,
    /// `PR` in top: 20 and the niceness.
    pub(crate) priority: i64,
    pub(crate) nice: i32,
    pub(crate) threads: u32,
    /// When it began, in ticks since the machine did. PIDs are given again, so only both together
    /// name one process for good.
    pub(crate) start: u64,
    /// The processor that it runs on, or ran on last.
    pub(crate) processor: usize,
}

impl Stat {
    /// Nothing when there is no such process, or no more: that is no error but an answer.
    pub(crate) fn of(pid: Pid) -> Outcome<Option<Self>> {
        let line = match fs::read(format!("/proc/{pid}/stat")) {
            Ok(line) => line,
            // ENOENT: it had gone before. ESRCH: it went between open and read.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) if error.raw_os_error() == Some(libc::ESRCH) => return Ok(None),
            Err(error) => return Err(format!("/proc/{pid}/stat: {error}").into()),
        };
        // A name is any bytes, not necessarily text.
        let line = String::from_utf8_lossy(&line);
        let found = split(&line).and_then(|(name, fields)| Self::new(pid, name, &fields));
        found.map(Some).ok_or_else(|| format!("/proc/{pid}/stat is not understood: {line}").into())
    }

    /// The numbers are those of proc_pid_stat(5), where the state is field 3.
    fn new(pid: Pid, name: &str, fields: &[&str]) -> Option<Self> {
        let field = |number: usize| fields.get(number - 3).copied();
        let pid_in = |number| Some(Pid::from_raw(field(number)?.parse().ok()?));
        let (user, system): (u64, u64) = (field(14)?.parse().ok()?, field(15)?.parse().ok()?);
        Some(Self {
            pid,
            name: name.into(),
            state: field(3)?.chars().next()?,
            parent: pid_in(4)?,
            group: pid_in(5)?,
            session: pid_in(6)?,
            foreground: pid_in(8)?,
            ticks: user + system,
            priority: field(18)?.parse().ok()?,
            nice: field(19)?.parse().ok()?,
            threads: field(20)?.parse().ok()?,
            start: field(22)?.parse().ok()?,
            processor: field(39)?.parse().ok()?,
        })
    }

    /// Looks at a process until it is in this state.
    pub(crate) fn until(pid: Pid, state: char) -> Outcome<Self> {
        until(&format!("{pid} in state {state}"), || {
            Ok(Self::of(pid)?.filter(|stat| stat.state == state))
        })
    }
}
