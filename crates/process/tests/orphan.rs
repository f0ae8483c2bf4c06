//! Processes that outlive their parent.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs;
use std::io::Write as _;
use std::os::fd::{AsFd as _, AsRawFd as _};
use std::os::unix::ffi::OsStrExt as _;

use nix::errno::Errno;
use nix::sys::prctl::{get_child_subreaper, set_child_subreaper};
use nix::sys::signal::Signal::{SIGCHLD, SIGTERM, SIGUSR1};
use nix::unistd::{getpgrp, getpid, getppid, getsid};
use process::orphan::{Daemon, Orphan, Subreaper, double_fork};
use process::procfs::Stat;
use process::signals::{Disposition, Masked, Set};
use process::{Child, Deadline, Exit, fork};

use testkit::cases::{all_of, next_of, pipe, stay, tell};

testkit::cases!(
    a_grandchild_is_adopted_before_it_begins,
    an_orphan_is_watched_and_signalled_by_descriptor,
    nothing_is_left_when_sigchld_is_ignored,
    an_error_of_the_second_process_arrives,
    a_daemon_has_no_terminal_and_nothing_of_its_maker,
    a_daemon_keeps_what_it_shall_keep,
    a_daemon_that_cannot_be_set_up_is_an_error,
    a_subreaper_is_one_as_long_as_it_lives,
);

/// It has come to us: reap it.
fn reap(orphan: &Orphan) -> Exit {
    Child::adopt(orphan.pid()).unwrap().join(Deadline::Never).unwrap().unwrap()
}

fn a_grandchild_is_adopted_before_it_begins() {
    let _subreaper = Subreaper::new().unwrap();
    for code in 0..20 {
        let parent = getpid();
        let orphan = double_fork(|| if getppid() == parent { code } else { 99 }).unwrap();
        assert_eq!(reap(&orphan), Exit::Code(code));
    }
    let orphan = double_fork(|| panic!("on purpose")).unwrap();
    assert_eq!(reap(&orphan), Exit::Code(101));
}

fn an_orphan_is_watched_and_signalled_by_descriptor() {
    let _subreaper = Subreaper::new().unwrap();
    let orphan = double_fork(stay).unwrap();
    assert!(!orphan.wait(Deadline::Now).unwrap());
    assert!(!orphan.wait(Deadline::after_millis(20)).unwrap());
    orphan.signal(SIGTERM).unwrap();
    assert!(orphan.wait(Deadline::Never).unwrap());
    assert_eq!(reap(&orphan).code(), Some(-15));
    orphan.signal(SIGTERM).unwrap();
}

fn nothing_is_left_when_sigchld_is_ignored() {
    let _subreaper = Subreaper::new().unwrap();
    let _ignored = Disposition::ignore(SIGCHLD).unwrap();
    for _ in 0..20 {
        let orphan = double_fork(|| 3).unwrap();
        assert!(orphan.wait(Deadline::Never).unwrap());
    }
}

fn an_error_of_the_second_process_arrives() {
    // One process may be made, which then reaches the limit; root has none.
    let mut child = fork(|| {
        // SAFETY: setresuid(2) takes integers; this process has one thread.
        if unsafe { libc::setresuid(64123, 64123, 64123) } != 0 {
            return 77;
        }
        nix::sys::resource::setrlimit(nix::sys::resource::Resource::RLIMIT_NPROC, 2, 2).unwrap();
        let refused = double_fork(|| 0).unwrap_err();
        assert_eq!(refused.to_string(), "fork(): Try again (EAGAIN)");
        0
    })
    .unwrap();
    match child.join(Deadline::Never).unwrap().unwrap() {
        Exit::Code(77) => testkit::skip!("no privilege to become a user without processes"),
        exit => assert_eq!(exit, Exit::Code(0)),
    }
}

fn a_daemon_has_no_terminal_and_nothing_of_its_maker() {
    let _subreaper = Subreaper::new().unwrap();
    let _masked = Masked::block([SIGUSR1]).unwrap();
    let session = getsid(None).unwrap();
    let (reader, writer) = pipe();
    let (_other, inherited) = pipe();
    let number = inherited.as_raw_fd();
    // SAFETY: the daemon uses `writer` only, and ends without dropping anything else.
    let daemon = unsafe { Daemon::new().umask(0o027).close_all_but(&[writer.as_fd()]) };
    let orphan = daemon
        .start(|| {
            let fds: Vec<String> = fs::read_dir("/proc/self/fd")
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .filter_map(|path| Some(fs::read_link(path).ok()?.display().to_string()))
                .collect();
            let null = fds.iter().filter(|&target| target == "/dev/null").count();
            let pipes = fds.iter().filter(|target| target.starts_with("pipe:")).count();
            let me = Stat::of(getpid()).unwrap();
            let leads = (getsid(None).unwrap() == getpid(), getpgrp() == getpid());
            assert_ne!(getsid(None), Ok(session));
            let umask = nix::sys::stat::umask(nix::sys::stat::Mode::empty()).bits();
            let directory = std::env::current_dir().unwrap();
            let blocked = Set::blocked().unwrap().contains(SIGUSR1);
            let open = fs::exists(format!("/proc/self/fd/{number}")).unwrap();
            let text = format!(
                "{null} {pipes} {leads:?} {:?} {umask:o} {} {blocked} {open}",
                me.foreground,
                directory.display()
            );
            tell(&writer, &text);
            0
        })
        .unwrap();
    assert_eq!(next_of(&reader), "3 1 (false, false) None 27 / false false");
    assert_eq!(reap(&orphan), Exit::Code(0));
    drop(inherited);
}

fn a_daemon_keeps_what_it_shall_keep() {
    let _subreaper = Subreaper::new().unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().canonicalize().unwrap();
    let (reader, writer) = pipe();
    let mut maker = fork(move || {
        nix::unistd::dup2_stdout(&writer).unwrap();
        drop(writer);
        let daemon = Daemon::new().directory(&path).keep_standard_files(true);
        let started = daemon.start(|| {
            let directory = std::env::current_dir().unwrap();
            std::io::stdout().write_all(directory.as_os_str().as_bytes()).unwrap();
            4
        });
        started.unwrap().wait(Deadline::Never).map_or(1, |_| 0)
    })
    .unwrap();
    assert_eq!(all_of(reader), scratch.path().canonicalize().unwrap().to_str().unwrap());
    assert_eq!(maker.join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
    // It was made by a child and has come to us.
    let tree = process::procfs::Tree::read().unwrap();
    for orphan in tree.children(getpid()) {
        let exit = Child::adopt(orphan.pid).unwrap().join(Deadline::Never).unwrap();
        assert_eq!(exit, Some(Exit::Code(4)));
    }
}

fn a_daemon_that_cannot_be_set_up_is_an_error() {
    let refused = Daemon::new().directory("/nowhere/at/all").start(stay).unwrap_err();
    assert_eq!(refused.errno(), Errno::ENOENT);
    assert_eq!(refused.to_string(), "chdir(/nowhere/at/all): No such file or directory (ENOENT)");
}

fn a_subreaper_is_one_as_long_as_it_lives() {
    assert!(!get_child_subreaper().unwrap());
    {
        let _outer = Subreaper::new().unwrap();
        let _inner = Subreaper::new().unwrap();
        assert!(get_child_subreaper().unwrap());
    }
    assert!(!get_child_subreaper().unwrap());
    set_child_subreaper(true).unwrap();
    drop(Subreaper::new().unwrap());
    assert!(get_child_subreaper().unwrap(), "what was before is restored");
}
