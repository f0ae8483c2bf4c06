//! `Process`, after CPython's tests of multiprocessing.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs;
use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal as Standard, raise};
use nix::unistd::{getpid, getppid};
use process::orphan::Subreaper;
use process::procfs::{Stat, State};
use process::signals::{Calls, Disposition, Signal, alarm};
use process::{Child, Deadline, Exit, Pid, Process, Reaper, Run, Started, current, fork};
use testkit::cases::{next_of, pipe, stay, tell};
use testkit::{skip, until};

testkit::cases!(
    a_process_runs_and_its_result_is_its_exit_code,
    a_signal_is_told_as_such,
    a_join_waits_as_long_as_it_is_told_to,
    a_join_goes_on_after_signals,
    the_sentinel_can_be_polled,
    terminate_can_be_ignored_and_kill_cannot,
    a_signal_never_meets_a_stranger,
    names_count,
    an_own_type_runs,
    a_dropped_handle_leaves_no_process,
    a_daemon_ends_with_its_parent,
    a_daemon_that_comes_too_late_ends_too,
    what_is_no_daemon_goes_on,
);

fn exit_of(process: Process<impl Run>) -> Exit {
    process.start().unwrap().join(Deadline::Never).unwrap().unwrap()
}

fn waiting_for(reader: OwnedFd) -> Started {
    Process::new(move || {
        next_of(&reader);
        6
    })
    .start()
    .unwrap()
}

fn a_process_runs_and_its_result_is_its_exit_code() {
    for (said, arrives) in [(0, 0), (3, 3), (255, 255), (256, 0), (300, 44), (-1, 255)] {
        let exit = exit_of(Process::new(move || said));
        assert_eq!((exit, exit.code()), (Exit::Code(arrives), Some(arrives)));
        assert_eq!(exit.success(), arrives == 0);
    }
    assert_eq!(exit_of(Process::new(|| panic!("on purpose"))).code(), Some(process::PANICKED));
    assert_eq!(exit_of(Process::new(|| std::process::exit(9))).code(), Some(9));
    assert_eq!(Exit::Code(3).to_string(), "code 3");
}

fn a_signal_is_told_as_such() {
    let by = |signal: Signal| {
        let started = Process::new(stay).start().unwrap();
        let mut child = started.into_child();
        child.signal(signal).unwrap();
        let exit = child.join(Deadline::Never).unwrap().unwrap();
        assert_eq!(child.exit_code().unwrap(), Some(-signal.number()));
        exit
    };
    assert_eq!(by(Standard::SIGTERM.into()).to_string(), "SIGTERM");
    assert_eq!(by(Standard::SIGKILL.into()), Exit::Signal { number: 9, core: false });
    let real_time = Signal::real_time(3).unwrap();
    assert_eq!(by(real_time), Exit::Signal { number: real_time.number(), core: false });
    assert_eq!(by(real_time).to_string(), "SIGRTMIN+3");
    assert!(!by(Standard::SIGHUP.into()).success());
}

fn a_join_waits_as_long_as_it_is_told_to() {
    let (reader, writer) = pipe();
    let mut process = waiting_for(reader);
    assert_eq!(process.join(Deadline::Now).unwrap(), None);
    assert_eq!(process.exit_code().unwrap(), None);
    assert!(process.is_alive().unwrap());
    let start = Instant::now();
    assert_eq!(process.join(Deadline::after_millis(30)).unwrap(), None);
    assert!(start.elapsed() >= Duration::from_millis(30));
    tell(&writer, "go on");
    assert_eq!(process.join(Deadline::after(Duration::MAX)).unwrap(), Some(Exit::Code(6)));
    for deadline in [Deadline::Now, Deadline::Never, Deadline::after_millis(5)] {
        assert_eq!(process.join(deadline).unwrap(), Some(Exit::Code(6)), "it can be repeated");
    }
    assert_eq!(process.exit_code().unwrap(), Some(6));
    assert!(!process.is_alive().unwrap());

    // A negative number is no limit at all, as for poll.
    let (reader, writer) = pipe();
    let mut process = waiting_for(reader);
    tell(&writer, "go on");
    assert_eq!(process.join(Deadline::after_millis(-1)).unwrap(), Some(Exit::Code(6)));
    // 50 days are more than the milliseconds of poll can hold.
    let mut process = Process::new(|| 6).start().unwrap();
    let long = Deadline::after(Duration::from_hours(50 * 24));
    assert_eq!(process.join(long).unwrap(), Some(Exit::Code(6)));
}

fn a_join_goes_on_after_signals() {
    let alarms = Disposition::count(Standard::SIGALRM, Calls::Interrupt).unwrap();
    let (reader, writer) = pipe();
    let mut process = waiting_for(reader);
    let start = Instant::now();
    alarm(Duration::from_millis(5)).unwrap();
    assert_eq!(process.join(Deadline::after_millis(50)).unwrap(), None);
    assert!(start.elapsed() >= Duration::from_millis(50));
    assert_eq!(alarms.seen(), 1);
    // The same for a join without a limit: the alarm comes first, and its handler does nothing.
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // The alarm is for who joins.
            SigSet::from(Standard::SIGALRM).thread_block().unwrap();
            alarm(Duration::from_millis(5)).unwrap();
            until("the alarm has come", || (alarms.seen() == 2).then_some(()));
            tell(&writer, "go on");
        });
        assert_eq!(process.join(Deadline::Never).unwrap(), Some(Exit::Code(6)));
    });
}

fn ready(fd: &impl AsFd, timeout: PollTimeout) -> bool {
    let mut fds = [PollFd::new(fd.as_fd(), PollFlags::POLLIN)];
    poll(&mut fds, timeout).unwrap() == 1
}

fn the_sentinel_can_be_polled() {
    let (reader, writer) = pipe();
    let mut process = waiting_for(reader);
    assert!(!ready(&process, PollTimeout::ZERO));
    tell(&writer, "go on");
    assert!(ready(&process, PollTimeout::NONE));
    assert_eq!(process.join(Deadline::Now).unwrap(), Some(Exit::Code(6)));
    assert!(ready(&process, PollTimeout::ZERO), "and stays so");
}

fn terminate_can_be_ignored_and_kill_cannot() {
    let (reader, writer) = pipe();
    let mut process = Process::new(move || {
        let _ignored = Disposition::ignore(Standard::SIGTERM).unwrap();
        tell(&writer, "deaf");
        stay()
    })
    .start()
    .unwrap();
    assert_eq!(next_of(&reader), "deaf");
    process.terminate().unwrap();
    assert_eq!(process.join(Deadline::after_millis(50)).unwrap(), None);
    process.kill().unwrap();
    assert_eq!(process.join(Deadline::Never).unwrap().unwrap().code(), Some(-9));
    // It has ended: there is nothing to do, and that is fine.
    process.kill().unwrap();
    process.terminate().unwrap();
}

/// The kernel deals numbers out in ascending order; whoever may, tells it where to go on.
fn a_signal_never_meets_a_stranger() {
    const NEXT: &str = "/proc/sys/kernel/ns_last_pid";
    let mut old = Process::new(|| 0).start().unwrap();
    old.join(Deadline::Never).unwrap();
    let pid = old.pid();
    for _ in 0..200 {
        if let Err(error) = fs::write(NEXT, (pid.as_raw() - 1).to_string()) {
            skip!("{NEXT} cannot be set: {error}");
        }
        let mut stranger = Process::new(stay).start().unwrap();
        if stranger.pid() == pid {
            old.terminate().unwrap();
            old.kill().unwrap();
            assert_eq!(stranger.join(Deadline::after_millis(50)).unwrap(), None, "it was hit");
            assert_eq!(old.exit_code().unwrap(), Some(0));
            return;
        }
    }
    skip!("others were faster, 200 times");
}

fn names_count() {
    assert_eq!(current(), "MainProcess");
    let first = Process::new(|| {
        // Ours alone: to ps it is its program.
        assert_eq!(current(), "Process-1");
        assert_eq!(Stat::of(getpid()).unwrap().name, Stat::of(getppid()).unwrap().name);
        let mut inner = Process::new(|| i32::from(current() != "Process-1:1")).start().unwrap();
        assert_eq!(inner.name(), "Process-1:1");
        let inner = inner.join(Deadline::Never).unwrap().unwrap();
        assert!(inner.success());
        let second = Process::new(|| 0).start().unwrap();
        assert_eq!(second.name(), "Process-1:2");
        0
    });
    let shown = || i32::from(Stat::of(getpid()).unwrap().name != "a name");
    let named = Process::new(shown).name("a name\0with more than 15 bytes").daemon(true);
    let named = named.start().unwrap();
    assert_eq!(named.name(), "a name\0with more than 15 bytes");
    assert!(named.is_daemon());
    let first = first.start().unwrap();
    assert_eq!((first.name(), first.is_daemon()), ("Process-1", false));
    // The second one has its own name and has counted all the same.
    let third = Process::new(|| 0).start().unwrap();
    assert_eq!(third.name(), "Process-3");
    for mut process in [first, named, third] {
        assert_eq!(process.join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
    }
    assert_eq!(current(), "MainProcess");
}

fn an_own_type_runs() {
    struct Adder {
        numbers: Vec<i32>,
    }
    impl Run for Adder {
        fn run(self) -> i32 {
            self.numbers.iter().sum()
        }
    }
    assert_eq!(exit_of(Process::new(Adder { numbers: vec![1, 2, 4] })), Exit::Code(7));
}

fn a_dropped_handle_leaves_no_process() {
    let gone = |pid| Stat::of(pid).unwrap_err().errno() == Errno::ESRCH;
    let running = Process::new(stay).start().unwrap();
    let pid = running.pid();
    drop(running);
    assert!(gone(pid), "it was killed and reaped");

    let stopped = Process::new(|| raise(Standard::SIGSTOP).map_or(1, |()| 0)).start().unwrap();
    let pid = stopped.pid();
    until("it has stopped", || {
        Stat::of(pid).ok().filter(|stat| stat.state == State::Stopped).map(drop)
    });
    drop(stopped);
    assert!(gone(pid), "a stopped one as well");

    let zombie = Process::new(|| 0).start().unwrap();
    let pid = zombie.pid();
    until("it has ended", || {
        Stat::of(pid).ok().filter(|stat| stat.state == State::Zombie).map(drop)
    });
    drop(zombie);
    assert!(gone(pid), "it was reaped");

    let mut reaper = Reaper::new();
    reaper.add(Process::new(stay).start().unwrap());
    let pid = reaper.children()[0].pid();
    drop(reaper);
    assert!(gone(pid), "a reaper drops its children");
}

/// A parent that starts a child, tells its number, and ends in its own way. The child comes to us.
fn orphan_of(daemon: bool, ending: impl FnOnce()) -> (Exit, Child) {
    let (reader, writer) = pipe();
    let mut parent = fork(|| {
        let child = Process::new(stay).daemon(daemon).start().unwrap();
        tell(&writer, &child.into_child().leave().to_string());
        ending();
        0
    })
    .unwrap();
    let pid: i32 = next_of(&reader).parse().unwrap();
    let exit = parent.join(Deadline::Never).unwrap().unwrap();
    (exit, Child::adopt(Pid::from_raw(pid)).unwrap())
}

fn a_daemon_ends_with_its_parent() {
    let _subreaper = Subreaper::new().unwrap();
    let (exit, mut child) = orphan_of(true, || ());
    assert_eq!(exit, Exit::Code(0));
    assert_eq!(child.join(Deadline::Never).unwrap().unwrap().code(), Some(-9));
    let (exit, mut child) = orphan_of(true, || raise(Standard::SIGKILL).unwrap());
    assert_eq!(exit.code(), Some(-9), "nothing of the parent's could run any more");
    assert_eq!(child.join(Deadline::Never).unwrap().unwrap().code(), Some(-9));
}

/// The parent has ended before the daemon has asked to be told about that.
fn a_daemon_that_comes_too_late_ends_too() {
    let _subreaper = Subreaper::new().unwrap();
    for round in 0..100 {
        let (_, mut child) = orphan_of(true, || {
            if round % 2 == 0 {
                raise(Standard::SIGKILL).unwrap();
            }
        });
        assert_eq!(child.join(Deadline::Never).unwrap().unwrap().code(), Some(-9));
    }
}

fn what_is_no_daemon_goes_on() {
    let _subreaper = Subreaper::new().unwrap();
    let (_, mut child) = orphan_of(false, || raise(Standard::SIGKILL).unwrap());
    assert_eq!(child.join(Deadline::after_millis(50)).unwrap(), None);
    child.terminate().unwrap();
    assert_eq!(child.join(Deadline::Never).unwrap().unwrap().code(), Some(-15));
}
