//! Names in calls about processes, threads, signals and time.

#![allow(
    clippy::cast_sign_loss,
    clippy::cast_lossless,
    clippy::unnecessary_cast,
    reason = "libc gives its constants many types; here all are bits"
)]

use super::{List, Names, names};

/// The signals of signal(7) below the real-time ones.
pub(in crate::decode) const SIGNALS: List = names![
    SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGKILL SIGUSR1 SIGSEGV SIGUSR2
    SIGPIPE SIGALRM SIGTERM SIGSTKFLT SIGCHLD SIGCONT SIGSTOP SIGTSTP SIGTTIN SIGTTOU SIGURG
    SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGWINCH SIGIO SIGPWR SIGSYS
];
/// rt_sigprocmask(2).
pub(in crate::decode) const MASK: &Names =
    &Names::one_of(names![SIG_BLOCK SIG_UNBLOCK SIG_SETMASK]);
/// sa_flags of sigaction(2). SA_RESTORER is glibc's own.
pub(in crate::decode) const ACTION: &Names = &Names::flags(names![
    SA_RESTART SA_SIGINFO SA_NOCLDSTOP SA_NOCLDWAIT SA_ONSTACK SA_NODEFER SA_RESETHAND
]);
/// si_code where it says who has sent a signal.
pub(in crate::decode) const CODE: &Names = &Names::one_of(names![
    SI_USER SI_KERNEL SI_QUEUE SI_TIMER SI_MESGQ SI_ASYNCIO SI_SIGIO SI_TKILL
]);
/// si_code of SIGCHLD.
pub(in crate::decode) const CHILD: &Names = &Names::one_of(names![
    CLD_EXITED CLD_KILLED CLD_DUMPED CLD_TRAPPED CLD_STOPPED CLD_CONTINUED
]);
/// sigev_notify.
pub(in crate::decode) const NOTIFY: &Names =
    &Names::one_of(names![SIGEV_SIGNAL SIGEV_NONE SIGEV_THREAD SIGEV_THREAD_ID]);
/// signalfd4(2).
pub(in crate::decode) const SIGNALFD: &Names = &Names::flags(names![SFD_CLOEXEC SFD_NONBLOCK]);

/// clone(2): the lowest byte is the signal at the end.
pub(in crate::decode) const CLONE: &Names = &Names::both(
    0xff,
    SIGNALS,
    names![
        CLONE_VM CLONE_FS CLONE_FILES CLONE_SIGHAND CLONE_PIDFD CLONE_VFORK CLONE_PARENT
        CLONE_THREAD CLONE_NEWNS CLONE_SYSVSEM CLONE_SETTLS CLONE_PARENT_SETTID
        CLONE_CHILD_CLEARTID CLONE_CHILD_SETTID CLONE_NEWUTS CLONE_NEWIPC CLONE_NEWUSER
        CLONE_NEWPID CLONE_NEWNET; CLONE_CLEAR_SIGHAND = 1 << 32, CLONE_INTO_CGROUP = 1 << 33
    ],
);
/// wait4(2).
pub(in crate::decode) const WAIT: &Names =
    &Names::flags(names![WNOHANG WUNTRACED WCONTINUED __WALL __WCLONE __WNOTHREAD]);
/// waitid(2).
pub(in crate::decode) const WAITID: &Names = &Names::flags(names![
    WEXITED WSTOPPED WCONTINUED WNOHANG WNOWAIT __WALL __WCLONE __WNOTHREAD
]);
/// waitid(2).
pub(in crate::decode) const WHOM: &Names = &Names::one_of(names![P_ALL P_PID P_PGID P_PIDFD]);
/// prctl(2).
pub(in crate::decode) const PRCTL: &Names = &Names::one_of(names![
    PR_SET_PDEATHSIG PR_GET_PDEATHSIG PR_SET_DUMPABLE PR_GET_DUMPABLE PR_SET_NAME PR_GET_NAME
    PR_SET_CHILD_SUBREAPER PR_GET_CHILD_SUBREAPER PR_SET_NO_NEW_PRIVS PR_GET_NO_NEW_PRIVS
    PR_SET_PTRACER PR_SET_SECCOMP PR_GET_SECCOMP PR_SET_TIMERSLACK PR_GET_TIMERSLACK
    PR_SET_THP_DISABLE PR_SET_KEEPCAPS PR_GET_KEEPCAPS PR_CAPBSET_READ PR_SET_MM PR_SET_VMA
]);
/// getpriority(2).
pub(in crate::decode) const PRIORITY: &Names =
    &Names::one_of(names![PRIO_PROCESS PRIO_PGRP PRIO_USER]);
/// prlimit64(2).
pub(in crate::decode) const RESOURCE: &Names = &Names::one_of(names![
    RLIMIT_CPU RLIMIT_FSIZE RLIMIT_DATA RLIMIT_STACK RLIMIT_CORE RLIMIT_RSS RLIMIT_NPROC
    RLIMIT_NOFILE RLIMIT_MEMLOCK RLIMIT_AS RLIMIT_LOCKS RLIMIT_SIGPENDING RLIMIT_MSGQUEUE
    RLIMIT_NICE RLIMIT_RTPRIO RLIMIT_RTTIME
]);
/// getrusage(2).
pub(in crate::decode) const USAGE: &Names =
    &Names::one_of(&[(0, "RUSAGE_SELF"), (1, "RUSAGE_THREAD"), (0xffff_ffff, "RUSAGE_CHILDREN")]);
/// pidfd_open(2).
pub(in crate::decode) const PIDFD: &Names =
    &Names::flags(names![; PIDFD_NONBLOCK = libc::O_NONBLOCK as u64]);
/// arch_prctl(2), a call of x86-64 alone.
#[cfg(target_arch = "x86_64")]
pub(in crate::decode) const ARCH: &Names =
    &Names::one_of(names![; ARCH_SET_GS = 0x1001, ARCH_SET_FS = 0x1002, ARCH_GET_FS = 0x1003]);

/// futex(2): seven bits of operation.
pub(in crate::decode) const FUTEX: &Names = &Names::both(
    0x7f,
    names![
        FUTEX_WAIT FUTEX_WAKE FUTEX_FD FUTEX_REQUEUE FUTEX_CMP_REQUEUE FUTEX_WAKE_OP FUTEX_LOCK_PI
        FUTEX_UNLOCK_PI FUTEX_TRYLOCK_PI FUTEX_WAIT_BITSET FUTEX_WAKE_BITSET FUTEX_WAIT_REQUEUE_PI
        FUTEX_CMP_REQUEUE_PI FUTEX_LOCK_PI2
    ],
    names![FUTEX_PRIVATE_FLAG FUTEX_CLOCK_REALTIME],
);
/// The bit set of FUTEX_WAIT_BITSET.
pub(in crate::decode) const BITSET: &Names =
    &Names::one_of(names![; FUTEX_BITSET_MATCH_ANY = 0xffff_ffff]);

/// clock_gettime(2) and its relatives.
pub(in crate::decode) const CLOCK: &Names = &Names::one_of(names![
    CLOCK_REALTIME CLOCK_MONOTONIC CLOCK_PROCESS_CPUTIME_ID CLOCK_THREAD_CPUTIME_ID
    CLOCK_MONOTONIC_RAW CLOCK_REALTIME_COARSE CLOCK_MONOTONIC_COARSE CLOCK_BOOTTIME
]);
/// clock_nanosleep(2), timer_settime(2).
pub(in crate::decode) const SLEEP: &Names = &Names::flags(names![TIMER_ABSTIME]);
/// setitimer(2).
pub(in crate::decode) const INTERVAL: &Names =
    &Names::one_of(names![ITIMER_REAL ITIMER_VIRTUAL ITIMER_PROF]);

/// shmget(2), semget(2), msgget(2): the lowest nine bits are permissions.
pub(in crate::decode) const IPC_GET: &Names = &Names::flags(names![IPC_CREAT IPC_EXCL]);
/// shmctl(2), semctl(2), msgctl(2).
pub(in crate::decode) const IPC_CTL: &Names = &Names::one_of(names![IPC_RMID IPC_SET IPC_STAT]);
