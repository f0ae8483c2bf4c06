//! A reaper takes all of its own children and nobody else's.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal::SIGCHLD;
use process::procfs::{Stat, State};
use process::signals::{Disposition, Masked, SignalFd};
use process::{Child, Deadline, Exit, Pid, Process, Reaper, fork};
use testkit::cases::{next_of, pipe, stay, tell};
use testkit::until;

testkit::cases!(
    many_ends_in_one_signal_are_all_reaped,
    other_peoples_children_are_left_alone,
    ignored_children_are_noticed_and_told_apart,
    a_wait_ends_with_the_first_child_or_with_the_time,
    each_child_is_told_once,
);

fn until_zombie(pid: Pid) {
    until("it has ended", || {
        Stat::of(pid).ok().filter(|stat| stat.state == State::Zombie).map(drop)
    });
}

fn many_ends_in_one_signal_are_all_reaped() {
    let signals = SignalFd::new(Masked::block([SIGCHLD]).unwrap()).unwrap();
    let mut reaper = Reaper::new();
    reaper.extend((0..20).map(|code| fork(move || code).unwrap()));
    for child in reaper.children() {
        until_zombie(child.pid());
    }
    let pids: Vec<Pid> = reaper.children().iter().map(Child::pid).collect();
    let codes: Vec<_> = reaper.reap().unwrap().into_iter().map(|(_, exit)| exit).collect();
    assert_eq!(codes, (0..20).map(Exit::Code).collect::<Vec<_>>());
    assert!(reaper.is_empty());
    // Whoever was first has sent it; the other nineteen were not even queued.
    let info = signals.wait(Deadline::Now).unwrap().unwrap();
    assert_eq!(info.signal, SIGCHLD.into());
    assert!(pids.contains(&info.sender.unwrap()));
    assert_eq!(signals.wait(Deadline::Now).unwrap(), None, "twenty ends are one signal");
}

fn other_peoples_children_are_left_alone() {
    let mut foreign = Command::new("sh").args(["-c", "exit 3"]).spawn().unwrap();
    let mut own = Process::new(|| 4).start().unwrap();
    until_zombie(own.pid());
    until_zombie(Pid::from_raw(foreign.id().cast_signed()));
    let mut reaper = Reaper::new();
    reaper.add(fork(|| 5).unwrap());
    assert!(reaper.wait_all(Deadline::after(testkit::LIMIT)).unwrap());
    assert_eq!(reaper.reap().unwrap(), []);
    assert_eq!(own.join(Deadline::Now).unwrap(), Some(Exit::Code(4)));
    assert_eq!(foreign.wait().unwrap().code(), Some(3));
}

fn ignored_children_are_noticed_and_told_apart() {
    let mut reaper = Reaper::new();
    let (reader, writer) = pipe();
    let before = fork(move || {
        next_of(&reader);
        7
    })
    .unwrap();
    let pid = before.pid();
    let _ignored = Disposition::ignore(SIGCHLD).unwrap();
    reaper.add(before);
    assert_eq!(reaper.reap().unwrap(), [], "it runs");
    tell(&writer, "go on");
    assert_eq!(reaper.wait(Deadline::Never).unwrap(), [(pid, Exit::Lost)]);
    assert!(reaper.is_empty());
}

fn a_wait_ends_with_the_first_child_or_with_the_time() {
    let mut reaper = Reaper::new();
    assert_eq!(reaper.wait(Deadline::Never).unwrap(), [], "nobody to wait for");
    reaper.add(fork(stay).unwrap());
    let start = Instant::now();
    assert_eq!(reaper.wait(Deadline::after_millis(20)).unwrap(), []);
    assert!(start.elapsed() >= Duration::from_millis(20));
    assert!(!reaper.wait_all(Deadline::Now).unwrap());
    reaper.add(fork(|| 1).unwrap());
    let ended = reaper.wait(Deadline::Never).unwrap();
    assert_eq!((ended[0].1, ended.len(), reaper.len()), (Exit::Code(1), 1, 1));
    reaper.children()[0].kill().unwrap();
    assert!(reaper.wait_all(Deadline::Never).unwrap());
}

fn each_child_is_told_once() {
    let mut reaper = Reaper::new();
    let mut wanted = BTreeMap::new();
    for code in 0..200 {
        let child = fork(move || code).unwrap();
        wanted.insert(child.pid(), Exit::Code(code));
        reaper.add(child);
    }
    let mut got = BTreeMap::new();
    while !reaper.is_empty() {
        for (pid, exit) in reaper.wait(Deadline::Never).unwrap() {
            assert_eq!(got.insert(pid, exit), None);
        }
    }
    assert_eq!(got, wanted);
}
