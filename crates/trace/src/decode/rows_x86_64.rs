//! The calls of x86-64 alone. Later processors have only what came after them, such as openat for
//! open, and ppoll for poll.

#![allow(
    clippy::enum_glob_use,
    clippy::wildcard_imports,
    reason = "a table of words: they are what the reader is to see, not where they come from"
)]

use super::kind::{Kind::*, Layout::*};
use super::names::*;
use super::table::{Row, rows};

pub(super) static ROWS: &[Row] = rows! {
    SYS_open File [Text, Named(OPEN), ModeOf(1)] Fd;
    SYS_stat File [Text, Out(Stat)] Number;
    SYS_lstat File [Text, Out(Stat)] Number;
    SYS_access File [Text, Named(ACCESS)] Number;
    SYS_dup2 File [Fd, Fd] Fd;
    SYS_unlink File [Text] Number;
    SYS_rename File [Text, Text] Number;
    SYS_mkdir File [Text, Mode] Number;
    SYS_rmdir File [Text] Number;
    SYS_link File [Text, Text] Number;
    SYS_symlink File [Text, Text] Number;
    SYS_readlink File [Text, TextOut, Long] Number;
    SYS_chmod File [Text, Mode] Number;
    SYS_poll Readiness [Poll(1), Unsigned, Millis] Number;
    SYS_select Readiness [Int, FdSet, FdSet, FdSet, LimitMicros] Number;
    SYS_epoll_create Readiness [Int] Fd;
    SYS_epoll_wait Readiness [Fd, Events, Int, Millis] Number;
    SYS_fork Process [] Pid;
    SYS_vfork Process [] Pid;
    SYS_getpgrp Process [] Pid;
    SYS_pause Signal [] Number;
    SYS_signalfd Signal [Fd, In(Sigset), Skip] Fd;
    SYS_pipe Ipc [Out(FdPair)] Number;
    SYS_eventfd Ipc [Unsigned] Fd;
    SYS_alarm Time [Seconds] Number;
    SYS_arch_prctl Other [Named(ARCH), Pointer] Number;
};
