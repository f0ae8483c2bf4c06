//! Why nothing can be traced, and what to do.

use std::fmt;
use std::fs;

use nix::errno::Errno;
use nix::unistd::Pid;

use super::status;

/// Why a child could not be traced.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There is nothing to trace.
    NoChild(String),
    /// Somebody else does already: a debugger or strace, which follows the children of what it
    /// traces.
    Traced(String),
    /// Yama (Documentation/admin-guide/LSM/Yama.rst): 2 allows it to CAP_SYS_PTRACE, 3 to nobody.
    Yama(u8),
    /// A filter of seccomp(2).
    Filter(Errno),
    /// Something that says no more.
    Unknown(Errno),
    /// PTRACE_GET_SYSCALL_INFO, of Linux 5.3.
    NoCallInfo(Errno),
    /// A request that never fails on a child that has been seized.
    Failed(&'static str, Errno),
    /// The child goes on.
    NoStop,
    /// Its memory cannot be read.
    Memory(Errno),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoChild(why) => write!(f, "cat, which was to be traced: {why}"),
            Self::Traced(who) => write!(f, "{who} traces this program and its children already"),
            Self::Yama(scope) => write!(f, "Yama forbids it: kernel.yama.ptrace_scope is {scope}"),
            Self::Filter(errno) => {
                write!(f, "a seccomp filter, as containers have one, refuses ptrace: {errno}")
            }
            Self::Unknown(errno) => write!(f, "PTRACE_SEIZE: {errno}"),
            Self::NoCallInfo(errno) => write!(
                f,
                "PTRACE_GET_SYSCALL_INFO: {errno}; the kernel is older than 5.3, or a sandbox that \
                 stands in for it (gVisor) does not know it"
            ),
            Self::Failed(call, errno) => write!(f, "{call}: {errno}"),
            Self::NoStop => f.write_str("PTRACE_SEIZE succeeds, and then nothing stops"),
            Self::Memory(errno) => write!(f, "the memory of a child cannot be read: {errno}"),
        }
    }
}

impl Refusal {
    /// What to do.
    pub(super) fn remedy(&self) -> &'static str {
        match self {
            Self::NoChild(_) => "put cat (the package coreutils) into PATH",
            Self::Traced(_) => {
                "run it outside of the debugger, strace without -f: a program has one tracer"
            }
            Self::Yama(2) => "sysctl kernel.yama.ptrace_scope=1, as root",
            Self::Yama(_) => {
                "set kernel.yama.ptrace_scope=1 in /etc/sysctl.d and boot again: until then 3 stays"
            }
            Self::Filter(_) => {
                "docker run --cap-add SYS_PTRACE, or --security-opt seccomp=unconfined; Docker's \
                 default allows it on Linux 4.8 and later"
            }
            Self::NoCallInfo(_) | Self::NoStop => {
                "use Linux 5.3 or later, and in place of gVisor a runtime with a kernel (docker \
                 run --runtime runc)"
            }
            Self::Unknown(Errno::ENOSYS) => "use a kernel that has ptrace, WSL 2 in place of WSL 1",
            Self::Unknown(_) | Self::Failed(..) | Self::Memory(_) => {
                "ask who looks after this machine what forbids ptrace (SELinux: setsebool \
                 deny_ptrace off)"
            }
        }
    }
}

/// What may stand behind a refusal.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    /// Who traces the child.
    tracer: Option<String>,
    yama: Option<u8>,
    /// Whether there is a filter over this process.
    filtered: bool,
}

impl Surroundings {
    pub(super) fn look(child: Pid) -> Self {
        let tracer = status(&child.to_string(), "TracerPid").filter(|pid| pid != "0");
        let name = |pid: String| match fs::read_to_string(format!("/proc/{pid}/comm")) {
            Ok(name) => format!("{} ({pid})", name.trim_end()),
            Err(_) => format!("process {pid}"),
        };
        let filtered = status("self", "Seccomp").as_deref() == Some("2");
        Self { tracer: tracer.map(name), yama: yama(), filtered }
    }

    /// The one that is the cause of what PTRACE_SEIZE has failed with.
    pub(super) fn refuse(self, errno: Errno) -> Refusal {
        match (self.tracer, self.yama) {
            (Some(tracer), _) => Refusal::Traced(tracer),
            (None, Some(scope @ 2..)) => Refusal::Yama(scope),
            _ if self.filtered => Refusal::Filter(errno),
            _ => Refusal::Unknown(errno),
        }
    }
}

/// Where the kernel has Yama, how far it goes: 1, the usual, lets one trace one's own children.
pub(super) fn yama() -> Option<u8> {
    fs::read_to_string("/proc/sys/kernel/yama/ptrace_scope").ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_is_the_one_that_nothing_else_can_hide() {
        let all = || Surroundings { tracer: Some("gdb (7)".into()), yama: Some(3), filtered: true };
        let refuse = |it: Surroundings| it.refuse(Errno::EPERM);
        assert_eq!(refuse(all()), Refusal::Traced("gdb (7)".into()));
        assert_eq!(refuse(Surroundings { tracer: None, ..all() }), Refusal::Yama(3));
        for harmless in [None, Some(0), Some(1)] {
            let filtered = Surroundings { tracer: None, yama: harmless, ..all() };
            assert_eq!(refuse(filtered), Refusal::Filter(Errno::EPERM));
        }
        let nothing = Surroundings::default().refuse(Errno::ENOSYS);
        assert_eq!(nothing, Refusal::Unknown(Errno::ENOSYS));
        assert!(nothing.remedy().contains("WSL 2"));
    }

    #[test]
    fn yama_is_mended_at_once_or_by_a_boot() {
        assert!(Refusal::Yama(2).remedy().starts_with("sysctl kernel.yama.ptrace_scope=1"));
        assert!(Refusal::Yama(3).remedy().contains("boot again"));
        assert!(Refusal::Yama(3).to_string().ends_with("ptrace_scope is 3"));
    }
}
