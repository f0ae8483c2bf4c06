//! The calls of this course, one row each: libc's constant, class, arguments, what it gives.

#![allow(
    clippy::enum_glob_use,
    clippy::wildcard_imports,
    reason = "a table of words: they are what the reader is to see, not where they come from"
)]

use super::kind::{Kind::*, Layout::*};
use super::names::*;
use super::table::{Row, rows};

pub(super) static ROWS: &[Row] = rows! {
    // Files and descriptors.
    SYS_read File [Fd, Buffer(2), Long] Number;
    SYS_write File [Fd, Bytes(2), Long] Number;
    SYS_readv File [Fd, Scatter(2), Int] Number;
    SYS_writev File [Fd, Gather(2), Int] Number;
    SYS_pread64 File [Fd, Buffer(2), Long, Long] Number;
    SYS_pwrite64 File [Fd, Bytes(2), Long, Long] Number;
    SYS_preadv File [Fd, Scatter(2), Int, Long] Number;
    SYS_pwritev File [Fd, Gather(2), Int, Long] Number;
    SYS_openat File [At, Text, Named(OPEN), ModeOf(2)] Fd;
    SYS_openat2 File [At, Text, In(OpenHow), Skip] Fd;
    SYS_close File [Fd] Number;
    SYS_close_range File [Fd, Unsigned, Named(CLOSE_RANGE)] Number;
    SYS_dup File [Fd] Fd;
    SYS_dup3 File [Fd, Fd, Named(PIPE)] Fd;
    SYS_fcntl File [Fd, Named(FCNTL), Control] Control;
    SYS_ioctl File [Fd, Named(IOCTL), Request] Number;
    SYS_flock File [Fd, Named(FLOCK)] Number;
    SYS_lseek File [Fd, Long, Named(WHENCE)] Number;
    SYS_ftruncate File [Fd, Long] Number;
    SYS_truncate File [Text, Long] Number;
    SYS_fallocate File [Fd, Named(ALLOCATE), Long, Long] Number;
    SYS_fsync File [Fd] Number;
    SYS_fdatasync File [Fd] Number;
    SYS_fstat File [Fd, Out(Stat)] Number;
    SYS_newfstatat File [At, Text, Out(Stat), Named(AT)] Number;
    SYS_statx File [At, Text, Named(AT), Named(STATX), Out(Statx)] Number;
    SYS_faccessat File [At, Text, Named(ACCESS)] Number;
    SYS_faccessat2 File [At, Text, Named(ACCESS), Named(ACCESS_AT)] Number;
    SYS_getdents64 File [Fd, Entries, Long] Number;
    SYS_unlinkat File [At, Text, Named(UNLINK)] Number;
    SYS_renameat2 File [At, Text, At, Text, Named(RENAME)] Number;
    SYS_mkdirat File [At, Text, Mode] Number;
    SYS_mknodat File [At, Text, Mode, Unsigned] Number;
    SYS_linkat File [At, Text, At, Text, Named(AT)] Number;
    SYS_symlinkat File [Text, At, Text] Number;
    SYS_readlinkat File [At, Text, TextOut, Long] Number;
    SYS_fchmod File [Fd, Mode] Number;
    SYS_fchmodat File [At, Text, Mode] Number;
    SYS_umask File [Mode] Number;
    SYS_chdir File [Text] Number;
    SYS_fchdir File [Fd] Number;
    SYS_getcwd File [TextOut, Long] Number;
    SYS_sendfile File [Fd, Fd, In(Offset), Long] Number;
    SYS_copy_file_range File [Fd, In(Offset), Fd, In(Offset), Long, Unsigned] Number;

    // Sockets.
    SYS_socket Socket [Named(FAMILY), Named(SOCKET_TYPE), Named(PROTOCOL)] Fd;
    SYS_socketpair Socket [Named(FAMILY), Named(SOCKET_TYPE), Named(PROTOCOL), Out(FdPair)] Number;
    SYS_bind Socket [Fd, Address(2), Skip] Number;
    SYS_listen Socket [Fd, Int] Number;
    SYS_accept Socket [Fd, Peer(2), Skip] Fd;
    SYS_accept4 Socket [Fd, Peer(2), Skip, Named(ACCEPT)] Fd;
    SYS_connect Socket [Fd, Address(2), Skip] Number;
    SYS_getsockname Socket [Fd, Peer(2), Skip] Number;
    SYS_getpeername Socket [Fd, Peer(2), Skip] Number;
    SYS_setsockopt Socket [Fd, Named(LEVEL), OptionName, OptionIn, Skip] Number;
    SYS_getsockopt Socket [Fd, Named(LEVEL), OptionName, OptionOut, Skip] Number;
    SYS_shutdown Socket [Fd, Named(SHUTDOWN)] Number;
    SYS_sendto Socket [Fd, Bytes(2), Long, Named(SEND), Address(5), Skip] Number;
    SYS_recvfrom Socket [Fd, Buffer(2), Long, Named(SEND), Peer(5), Skip] Number;
    SYS_sendmsg Socket [Fd, Message, Named(SEND)] Number;
    SYS_recvmsg Socket [Fd, MessageRoom, Named(SEND)] Number;
    SYS_sendmmsg Socket [Fd, Messages(2), Unsigned, Named(SEND)] Number;
    SYS_recvmmsg Socket [Fd, MessagesRoom, Unsigned, Named(SEND), Limit] Number;

    // Waiting for several descriptors.
    SYS_ppoll Readiness [Poll(1), Unsigned, Limit, In(Sigset), Skip] Number;
    SYS_pselect6 Readiness [Int, FdSet, FdSet, FdSet, Limit, Pointer] Number;
    SYS_epoll_create1 Readiness [Named(EPOLL_CREATE)] Fd;
    SYS_epoll_ctl Readiness [Fd, Named(EPOLL_CTL), Fd, In(Epoll)] Number;
    SYS_epoll_pwait Readiness [Fd, Events, Int, Millis, In(Sigset), Skip] Number;
    SYS_epoll_pwait2 Readiness [Fd, Events, Int, Limit, In(Sigset), Skip] Number;

    // Processes.
    SYS_clone Process [Named(CLONE), Pointer, Pointer, Pointer, Pointer] Pid;
    SYS_clone3 Process [In(Clone), Skip] Pid;
    SYS_execve Process [Text, Texts, Pointer] Number;
    SYS_execveat Process [At, Text, Texts, Pointer, Named(AT)] Number;
    SYS_exit_group Process [Int] Number;
    SYS_wait4 Process [Pid, Out(Status), Named(WAIT), Pointer] Pid;
    SYS_waitid Process [Named(WHOM), Whom, Out(Info), Named(WAITID), Pointer] Number;
    SYS_getpid Process [] Pid;
    SYS_getppid Process [] Pid;
    SYS_getpgid Process [Pid] Pid;
    SYS_setpgid Process [Pid, Pid] Number;
    SYS_getsid Process [Pid] Pid;
    SYS_setsid Process [] Pid;
    SYS_pidfd_open Process [Pid, Named(PIDFD)] Fd;
    SYS_pidfd_getfd Process [Fd, Fd, Unsigned] Fd;
    SYS_prctl Process [Named(PRCTL), Property] Number;
    SYS_getpriority Process [Named(PRIORITY), Pid] Number;
    SYS_setpriority Process [Named(PRIORITY), Pid, Int] Number;
    SYS_prlimit64 Process [Pid, Named(RESOURCE), In(Resource), Out(Resource)] Number;
    SYS_getrusage Process [Named(USAGE), Pointer] Number;
    SYS_times Process [Pointer] Number;
    SYS_getuid Process [] Number;
    SYS_geteuid Process [] Number;
    SYS_getgid Process [] Number;
    SYS_getegid Process [] Number;
    SYS_setuid Process [Int] Number;
    SYS_setgid Process [Int] Number;
    SYS_setresuid Process [Int, Int, Int] Number;

    // Signals.
    SYS_kill Signal [Pid, Signal] Number;
    SYS_tkill Signal [Pid, Signal] Number;
    SYS_tgkill Signal [Pid, Pid, Signal] Number;
    SYS_pidfd_send_signal Signal [Fd, Signal, In(Info), Unsigned] Number;
    SYS_rt_sigqueueinfo Signal [Pid, Signal, In(Info)] Number;
    SYS_rt_tgsigqueueinfo Signal [Pid, Pid, Signal, In(Info)] Number;
    SYS_rt_sigaction Signal [Signal, In(Action), Out(Action), Skip] Number;
    SYS_rt_sigprocmask Signal [Named(MASK), In(Sigset), Out(Sigset), Skip] Number;
    SYS_rt_sigpending Signal [Out(Sigset), Skip] Number;
    SYS_rt_sigsuspend Signal [In(Sigset), Skip] Number;
    SYS_rt_sigtimedwait Signal [In(Sigset), Out(Info), Limit, Skip] Signal;
    SYS_rt_sigreturn Signal [] Number;
    SYS_sigaltstack Signal [Pointer, Pointer] Number;
    SYS_signalfd4 Signal [Fd, In(Sigset), Skip, Named(SIGNALFD)] Fd;

    // Pipes, queues, shared memory.
    SYS_pipe2 Ipc [Out(FdPair), Named(PIPE)] Number;
    SYS_splice Ipc [Fd, In(Offset), Fd, In(Offset), Long, Named(SPLICE)] Number;
    SYS_tee Ipc [Fd, Fd, Long, Named(SPLICE)] Number;
    SYS_vmsplice Ipc [Fd, Gather(2), Long, Named(SPLICE)] Number;
    SYS_eventfd2 Ipc [Unsigned, Named(EVENTFD)] Fd;
    SYS_memfd_create Ipc [Text, Named(MEMFD)] Fd;
    SYS_mq_open Ipc [Text, Named(OPEN), ModeOf(1), In(Queue)] Fd;
    SYS_mq_unlink Ipc [Text] Number;
    SYS_mq_timedsend Ipc [Fd, Bytes(2), Long, Unsigned, Deadline] Number;
    SYS_mq_timedreceive Ipc [Fd, Buffer(2), Long, Out(Number), Deadline] Number;
    SYS_mq_notify Ipc [Fd, In(Notification)] Number;
    SYS_mq_getsetattr Ipc [Fd, In(Queue), Out(Queue)] Number;
    SYS_shmget Ipc [Int, Long, Named(IPC_GET)] Number;
    SYS_shmat Ipc [Int, Pointer, Unsigned] Pointer;
    SYS_shmdt Ipc [Pointer] Number;
    SYS_shmctl Ipc [Int, Named(IPC_CTL), Pointer] Number;
    SYS_semget Ipc [Int, Int, Named(IPC_GET)] Number;
    SYS_semop Ipc [Int, Pointer, Unsigned] Number;
    SYS_msgget Ipc [Int, Named(IPC_GET)] Number;

    // Threads.
    SYS_futex Thread [Pointer, Named(FUTEX), Futex] Number;
    SYS_exit Thread [Int] Number;
    SYS_gettid Thread [] Pid;
    SYS_set_tid_address Thread [Pointer] Pid;
    SYS_set_robust_list Thread [Pointer, Long] Number;
    SYS_rseq Thread [Pointer, Unsigned, Unsigned, Unsigned] Number;
    SYS_sched_yield Thread [] Number;
    SYS_sched_getaffinity Thread [Pid, Long, Pointer] Number;
    SYS_sched_setaffinity Thread [Pid, Long, Pointer] Number;

    // Sleeping and timers.
    SYS_nanosleep Time [In(Span), Pointer] Number;
    SYS_clock_nanosleep Time [Named(CLOCK), Named(SLEEP), Until(1), Pointer] Number;
    SYS_clock_gettime Time [Named(CLOCK), Out(Clock)] Number;
    SYS_clock_getres Time [Named(CLOCK), Out(Span)] Number;
    SYS_gettimeofday Time [Out(Clock), Pointer] Number;
    SYS_getitimer Time [Named(INTERVAL), Out(Intervals)] Number;
    SYS_setitimer Time [Named(INTERVAL), In(Intervals), Out(Intervals)] Number;
    SYS_timer_create Time [Named(CLOCK), In(Notification), Out(Number)] Number;
    SYS_timer_settime Time [Int, Named(SLEEP), Timer(1), Out(Timers)] Number;
    SYS_timer_delete Time [Int] Number;
    SYS_timerfd_create Time [Named(CLOCK), Named(TIMERFD)] Fd;
    SYS_timerfd_settime Time [Fd, Named(TIMERFD_SET), Timer(1), Out(Timers)] Number;
    SYS_timerfd_gettime Time [Fd, Out(Timers)] Number;

    // The address space.
    SYS_mmap Memory [Pointer, Long, Named(PROTECTION), Named(MAP), Fd, Long] Pointer;
    SYS_munmap Memory [Pointer, Long] Number;
    SYS_mprotect Memory [Pointer, Long, Named(PROTECTION)] Number;
    SYS_mremap Memory [Pointer, Long, Long, Named(REMAP)] Pointer;
    SYS_madvise Memory [Pointer, Long, Named(ADVICE)] Number;
    SYS_msync Memory [Pointer, Long, Named(SYNC)] Number;
    SYS_mlock Memory [Pointer, Long] Number;
    SYS_munlock Memory [Pointer, Long] Number;
    SYS_brk Memory [Pointer] Pointer;

    // Everything else.
    SYS_getrandom Other [Pointer, Long, Named(RANDOM)] Number;
    SYS_uname Other [Pointer] Number;
    SYS_sysinfo Other [Pointer] Number;
    SYS_restart_syscall Other [] Number;
    SYS_membarrier Other [Int, Unsigned] Number;
};
