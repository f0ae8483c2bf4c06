//! The reader of /proc, and ps beside it.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::os::fd::AsRawFd as _;
use std::process::Command;

use nix::errno::Errno;
use nix::sys::prctl::set_name;
use nix::sys::signal::Signal::SIGSTOP;
use nix::unistd::{getpid, getppid, setpgid, setsid};
use process::procfs::{Stat, State, Tree, letters, pids, tasks};
use process::{Child, Deadline, Pid, fork, nice};
use testkit::cases::{next_of, pipe, stay, tell};
use testkit::{need, pty::Pty, skip, until};

testkit::cases!(
    a_line_is_read_whatever_the_name_is,
    what_is_no_such_line_is_refused,
    names_of_living_processes_are_read,
    states_are_told_apart,
    the_letters_are_those_of_ps,
    the_letters_of_a_process_at_a_terminal,
    a_process_that_has_gone_is_esrch,
    the_tree_knows_who_is_whose_child,
    a_circle_in_the_tree_ends,
);

const REST: &str = "5 6 7 34816 8 4194304 0 0 0 0 12 30 0 0 25 5 3 0 4711 0 0";

fn a_line_is_read_whatever_the_name_is() {
    for name in ["sh", "a b", ") R (", "((", "))", "", ") Z 1 1 1 (", "\n", "进程"] {
        let stat = Stat::parse(format!("42 ({name}) S {REST}\n").as_bytes()).unwrap();
        assert_eq!((stat.name.as_str(), stat.state), (name, State::Sleeping));
        let numbers = [stat.pid, stat.parent, stat.group, stat.session].map(Pid::as_raw);
        assert_eq!((numbers, stat.foreground), ([42, 5, 6, 7], Some(Pid::from_raw(8))));
        assert_eq!((stat.user_ticks, stat.system_ticks, stat.start_ticks), (12, 30, 4711));
        assert_eq!((stat.nice, stat.threads, stat.is_exiting()), (5, 3, false));
    }
    let stat = Stat::parse(&[b"1 (a\xff) X ".as_slice(), REST.as_bytes()].concat()).unwrap();
    assert_eq!((stat.name.as_str(), stat.state), ("a\u{fffd}", State::Dead));
    for letter in "RSDTtZXIPq".chars() {
        assert_eq!(State::from_letter(letter).letter(), letter);
        assert_eq!(State::from_letter(letter).to_string(), letter.to_string());
    }
}

fn what_is_no_such_line_is_refused() {
    for text in ["", "1", "1 (a", "1 a)", ")1(", "x (a) S 1", "1 (a) S 1 2 3", "1 (a)", "(a) S"] {
        assert_eq!(Stat::parse(text.as_bytes()), None, "{text}");
    }
    // A line that was cut anywhere is refused or tells nothing wrong.
    let line = format!("42 (a b) S {REST}");
    for end in 0..line.len() {
        if let Some(stat) = Stat::parse(&line.as_bytes()[..end]) {
            assert_eq!(stat.parent.as_raw(), 5, "{end}");
        }
    }
}

/// A child that has prepared itself and is asleep.
fn child(prepare: impl FnOnce()) -> Child {
    let (reader, writer) = pipe();
    let child = fork(|| {
        prepare();
        tell(&writer, "ready");
        stay()
    });
    let child = child.unwrap();
    assert_eq!(next_of(&reader), "ready");
    until_state(child.pid(), State::Sleeping);
    child
}

fn until_state(pid: Pid, state: State) {
    let what = format!("{pid} is in state {state}");
    until(&what, || Stat::of(pid).ok().filter(|stat| stat.state == state).map(drop));
}

fn names_of_living_processes_are_read() {
    for name in [c") R (", c"a b", c"(((", c"sixteen bytes...", c"a\nb"] {
        let child = child(|| set_name(name).unwrap());
        let stat = Stat::of(child.pid()).unwrap();
        assert_eq!(stat.name.as_bytes(), &name.to_bytes()[..name.to_bytes().len().min(15)]);
        assert_eq!((stat.state, stat.parent), (State::Sleeping, getpid()));
    }
}

fn states_are_told_apart() {
    assert_eq!(Stat::of(getpid()).unwrap().state, State::Running);
    let mut child = child(|| ());
    assert!(!Stat::of(child.pid()).unwrap().is_exiting());
    child.signal(SIGSTOP).unwrap();
    until_state(child.pid(), State::Stopped);
    child.kill().unwrap();
    until_state(child.pid(), State::Zombie);
    assert!(Stat::of(child.pid()).unwrap().is_exiting());
    assert_eq!(letters(child.pid()).unwrap(), "Z");
    child.join(Deadline::Never).unwrap();
}

fn ps(pid: Pid) -> String {
    let pid = pid.to_string();
    let shown = Command::new("ps").args(["-o", "stat=", "-p", &pid]).output().unwrap();
    String::from_utf8(shown.stdout).unwrap().trim().to_owned()
}

fn lock_a_page() {
    let page = Box::leak(Box::new([1_u8; 8192]));
    // SAFETY: the page is ours and stays for ever.
    let done = unsafe { libc::mlock(page.as_ptr().cast(), page.len()) };
    Errno::result(done).unwrap();
}

fn the_letters_are_those_of_ps() {
    let start_thread = || drop(std::thread::spawn(stay));
    let sessions = || assert_eq!(setsid(), Ok(getpid()));
    let nicer = || assert!(nice::add(3).is_ok());
    let mut rows = vec![
        (child(|| ()), "S"),
        (child(sessions), "Ss"),
        (child(|| setpgid(Pid::from_raw(0), Pid::from_raw(0)).unwrap()), "S"),
        (child(nicer), "SN"),
        (child(start_thread), "Sl"),
        (child(lock_a_page), "SL"),
    ];
    rows.push((
        child(|| {
            nicer();
            lock_a_page();
            sessions();
            start_thread();
        }),
        "SNLsl",
    ));
    if nice::add(-1).is_ok() {
        rows.push((child(|| ()), "S<"));
    } else {
        testkit::need::say_skipped("no privilege to become less nice");
    }
    let stopped = child(|| ());
    stopped.signal(SIGSTOP).unwrap();
    until_state(stopped.pid(), State::Stopped);
    rows.push((stopped, "T"));
    let zombie = child(|| ());
    zombie.kill().unwrap();
    until_state(zombie.pid(), State::Zombie);
    rows.push((zombie, "Z"));

    let has_ps = need::program("ps").is_some();
    for (child, wanted) in &rows {
        // What was given by our own niceness, if there was any before.
        assert_eq!(letters(child.pid()).unwrap().replace('<', ""), wanted.replace('<', ""));
        if has_ps {
            assert_eq!(letters(child.pid()).unwrap(), ps(child.pid()), "{wanted}");
        }
    }
    if !has_ps {
        skip!("no ps here to compare with");
    }
}

fn the_letters_of_a_process_at_a_terminal() {
    let pty = match Pty::open() {
        Ok(pty) => pty,
        Err(error) => skip!("no pseudo-terminal here: {error}"),
    };
    let terminal = pty.terminal().unwrap();
    let child = child(|| {
        setsid().unwrap();
        // SAFETY: TIOCSCTTY takes an integer.
        let done = unsafe { libc::ioctl(terminal.as_raw_fd(), libc::TIOCSCTTY, 0) };
        Errno::result(done).unwrap();
    });
    assert_eq!(letters(child.pid()).unwrap(), "Ss+");
    if need::program("ps").is_none() {
        skip!("no ps here to compare with");
    }
    assert_eq!(ps(child.pid()), "Ss+");
}

fn a_process_that_has_gone_is_esrch() {
    let mut child = fork(|| 0).unwrap();
    child.join(Deadline::Never).unwrap();
    for errno in [
        Stat::of(child.pid()).unwrap_err().errno(),
        letters(child.pid()).unwrap_err().errno(),
        tasks(child.pid()).unwrap_err().errno(),
    ] {
        assert_eq!(errno, Errno::ESRCH);
    }
    assert_eq!(tasks(getpid()).unwrap(), [getpid()]);
    assert!(pids().unwrap().contains(&getppid()));
}

fn the_tree_knows_who_is_whose_child() {
    let (reader, writer) = pipe();
    let first = child(|| {
        let grandchild = child(|| ());
        tell(&writer, &grandchild.leave().to_string());
    });
    let grandchild = Pid::from_raw(next_of(&reader).parse().unwrap());
    let second = child(|| ());
    let tree = Tree::read().unwrap();
    let children: Vec<Pid> = tree.children(getpid()).map(|stat| stat.pid).collect();
    assert_eq!(children.len(), 2);
    assert!(children.contains(&first.pid()) && children.contains(&second.pid()));
    assert_eq!(tree.get(grandchild).unwrap().parent, first.pid());
    let below: Vec<_> =
        tree.below(getpid()).into_iter().map(|(depth, stat)| (depth, stat.pid)).collect();
    assert_eq!(below[0], (0, getpid()));
    let at = |pid| below.iter().position(|&(_, found)| found == pid).unwrap();
    assert_eq!((below.len(), below[at(grandchild)].0), (4, 2));
    assert_eq!(at(grandchild), at(first.pid()) + 1, "behind its parent");
    assert!(tree.below(Pid::from_raw(-1)).is_empty());

    let _subreaper = process::orphan::Subreaper::new().unwrap();
    drop(first);
    drop(Child::adopt(grandchild).unwrap());
}

fn a_circle_in_the_tree_ends() {
    let line = |pid, parent| {
        let rest = REST.strip_prefix("5 ").unwrap();
        Stat::parse(format!("{pid} (x) S {parent} {rest}").as_bytes()).unwrap()
    };
    let tree = Tree::from_stats([line(1, 3), line(2, 1), line(3, 2), line(4, 4)]);
    let order = |root| -> Vec<i32> {
        tree.below(Pid::from_raw(root)).iter().map(|(_, stat)| stat.pid.as_raw()).collect()
    };
    assert_eq!(order(1), [1, 2, 3]);
    assert_eq!(order(4), [4]);
}
