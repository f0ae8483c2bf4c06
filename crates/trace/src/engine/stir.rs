//! What a call may have done to others, when it is over: how carefully they have to be looked at.

use super::Tracer;
use super::current::Current;
use crate::call::Class;
use crate::decode;
use crate::sys::Tid;

/// What may have happened to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stir {
    Nothing,
    /// Somebody was woken, and is awake by now.
    Woken,
    /// Somebody is woken when a network has carried packets on.
    Network,
    /// Somebody is woken a moment later: a terminal's characters are carried on by the kernel's own
    /// threads, and it tells nobody whether they have been.
    Later,
    /// Somebody may have been killed, even among those who are held.
    Killed,
}

impl Tracer {
    /// Takes note of the end of a call.
    pub(super) fn stirs(&mut self, pid: Tid, current: &Current) {
        let stir = self.stir_of(pid, current.number, current.args[0]);
        self.stir = self.stir.max(stir);
    }

    /// What a call with this first argument may do, or have done.
    pub(super) fn stir_of(&mut self, pid: Tid, number: u64, argument: u64) -> Stir {
        if may_end_others(number) {
            Stir::Killed
        } else if wakes_nobody(number) {
            Stir::Nothing
        } else if self.tasks.has_one_only() && decode::class(number) != Class::Socket {
            Stir::Woken
        } else {
            self.carried_by(pid, number, argument)
        }
    }

    /// What carries on what a call does. Unknown may be a network: a descriptor that was just closed
    /// cannot be asked any more.
    fn carried_by(&mut self, pid: Tid, number: u64, argument: u64) -> Stir {
        match decode::class(number) {
            Class::File | Class::Socket | Class::Ipc | Class::Other => {}
            _ => return Stir::Woken,
        }
        match self.links.of(pid, argument) {
            None => Stir::Network,
            Some(link) if link.starts_with("socket:") => Stir::Network,
            Some(link) if link.starts_with("/dev/") && *link != *"/dev/null" => Stir::Later,
            Some(_) => Stir::Woken,
        }
    }
}

/// Whether a call may end others, held ones too, before it returns, if it does.
pub(super) fn may_end_others(number: u64) -> bool {
    matches!(
        libc::c_long::try_from(number),
        Ok(libc::SYS_exit_group
            | libc::SYS_execve
            | libc::SYS_execveat
            | libc::SYS_kill
            | libc::SYS_tkill
            | libc::SYS_tgkill
            | libc::SYS_rt_sigqueueinfo
            | libc::SYS_rt_tgsigqueueinfo
            | libc::SYS_pidfd_send_signal)
    )
}

/// Whether a call only asks something, or lets time pass.
pub(super) fn only_asks(number: u64) -> bool {
    matches!(
        libc::c_long::try_from(number),
        Ok(libc::SYS_sched_yield
            | libc::SYS_getpid
            | libc::SYS_getppid
            | libc::SYS_gettid
            | libc::SYS_getuid
            | libc::SYS_fstat
            | libc::SYS_statx
            | libc::SYS_newfstatat
            | libc::SYS_getsockname
            | libc::SYS_getpeername
            | libc::SYS_getsockopt
            | libc::SYS_nanosleep
            | libc::SYS_clock_nanosleep
            | libc::SYS_clock_gettime
            | libc::SYS_getrandom)
    )
}

fn wakes_nobody(number: u64) -> bool {
    only_asks(number)
        || matches!(decode::class(number), Class::Memory | Class::Readiness)
            && number != libc::SYS_epoll_ctl as u64
        || matches!(
            libc::c_long::try_from(number),
            Ok(libc::SYS_lseek
                | libc::SYS_socket
                | libc::SYS_bind
                | libc::SYS_listen
                | libc::SYS_pipe2
                | libc::SYS_wait4
                | libc::SYS_waitid
                | libc::SYS_rt_sigaction
                | libc::SYS_rt_sigprocmask
                | libc::SYS_rt_sigreturn
                | libc::SYS_sigaltstack
                | libc::SYS_set_robust_list
                | libc::SYS_rseq)
        )
}
