//! Signals: handlers, masks, waits without a gap, timers, values.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fmt::Write as _;
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::Signal as Standard;
use nix::sys::signal::Signal::{SIGALRM, SIGKILL, SIGSEGV, SIGSTOP, SIGUSR1, SIGUSR2};
use nix::sys::signal::raise;
use nix::unistd::{getpid, getppid};
use process::signals::{
    Calls, Disposition, Info, Masked, SelfPipe, Set, Signal, SignalFd, Timer, alarm,
};
use process::{Deadline, Error, Exit, fork};
use syscall::retry;

use testkit::cases::{next_of, pipe, stay, tell};

testkit::cases!(
    names_and_numbers,
    a_handler_counts,
    what_cannot_be_handled_is_refused,
    a_disposition_is_restored,
    calls_go_on_or_are_interrupted,
    errno_survives_a_handler,
    a_self_pipe_hands_signals_over,
    a_child_does_not_write_to_its_parents_pipe,
    a_mask_holds_back_and_is_restored,
    standard_signals_coalesce_and_real_time_signals_do_not,
    a_suspend_does_not_miss_what_came_before,
    a_wait_takes_signals_without_a_handler,
    a_signalfd_gives_signals_as_reads,
    an_alarm_replaces_the_one_before,
    a_timer_is_a_descriptor,
);

fn names_and_numbers() {
    assert_eq!(Signal::from(SIGUSR1).to_string(), "SIGUSR1");
    assert_eq!(Signal::real_time(0).unwrap().to_string(), "SIGRTMIN");
    assert_eq!(Signal::real_time(5).unwrap().to_string(), "SIGRTMIN+5");
    assert_eq!(Signal::real_time(5).unwrap().number(), libc::SIGRTMIN() + 5);
    let last = u8::try_from(libc::SIGRTMAX() - libc::SIGRTMIN()).unwrap();
    assert!(Signal::real_time(last).is_some());
    for number in [0, -1, 32, 33, 65, i32::MAX, i32::MIN] {
        assert_eq!(Signal::new(number), None);
    }
    assert_eq!(Signal::real_time(last + 1), None);
    assert_eq!(Signal::real_time(255), None);
    let set: Set = [SIGUSR1.into(), Signal::real_time(1).unwrap()].into_iter().collect();
    assert_eq!(format!("{set:?}"), r#"{"SIGUSR1", "SIGRTMIN+1"}"#);
    assert!(!set.without(SIGUSR1).contains(SIGUSR1));
}

fn a_handler_counts() {
    let hits = Disposition::count(SIGUSR1, Calls::Restart).unwrap();
    assert_eq!(hits.signal(), SIGUSR1.into());
    for n in 0..10 {
        assert_eq!(hits.seen(), n);
        raise(SIGUSR1).unwrap();
    }
    let second = Disposition::count(SIGUSR1, Calls::Restart).unwrap_err();
    assert_eq!(second, Error::Handled(10));
    assert_eq!(second.errno(), Errno::EBUSY);
    drop(hits);
    assert_eq!(Disposition::count(SIGUSR1, Calls::Restart).unwrap().seen(), 0, "it begins anew");
}

fn what_cannot_be_handled_is_refused() {
    for signal in [SIGKILL, SIGSTOP, SIGSEGV] {
        // Twice: a refusal leaves nothing behind.
        for _ in 0..2 {
            let refused = Disposition::count(signal, Calls::Restart).unwrap_err();
            assert_eq!(refused.errno(), Errno::EINVAL, "{signal}");
        }
    }
    assert_eq!(Disposition::ignore(SIGKILL).unwrap_err().errno(), Errno::EINVAL);
}

fn a_disposition_is_restored() {
    {
        let _ignored = Disposition::ignore(SIGUSR1).unwrap();
        raise(SIGUSR1).unwrap();
    }
    let mut child = fork(|| raise(SIGUSR1).map_or(1, |()| 0)).unwrap();
    let exit = child.join(Deadline::Never).unwrap().unwrap();
    assert_eq!(exit.to_string(), "SIGUSR1", "the default action ends it");
    let mut child = fork(|| {
        let ignored = Disposition::ignore(SIGUSR1).unwrap();
        raise(SIGUSR1).unwrap();
        drop(ignored);
        drop(Disposition::count(SIGUSR1, Calls::Interrupt).unwrap());
        let _default = Disposition::default(SIGUSR1).unwrap();
        raise(SIGUSR1).map_or(1, |()| 0)
    })
    .unwrap();
    assert_eq!(child.join(Deadline::Never).unwrap().unwrap().code(), Some(-10));
}

fn calls_go_on_or_are_interrupted() {
    let (reader, _writer) = pipe();
    let hits = Disposition::count(SIGALRM, Calls::Interrupt).unwrap();
    alarm(Duration::from_millis(10)).unwrap();
    assert_eq!(nix::unistd::read(&reader, &mut [0]), Err(Errno::EINTR));
    assert_eq!(hits.seen(), 1);
    drop(hits);

    let hits = Disposition::count(SIGALRM, Calls::Restart).unwrap();
    let (reader, writer) = pipe();
    let parent = getpid();
    let mut child = fork(move || {
        // The parent is asleep in its read; afterwards it gets its byte.
        testkit::until("the parent reads", || {
            let pid = parent.as_raw().cast_unsigned();
            testkit::proc::asleep_in(pid, pid).filter(|&call| call == libc::SYS_read)
        });
        nix::sys::signal::kill(parent, SIGALRM).unwrap();
        // A signal that was not yet handled is still pending.
        testkit::until("it was handled", || {
            let text = std::fs::read_to_string(format!("/proc/{parent}/status")).unwrap();
            text.contains("ShdPnd:\t0000000000000000").then_some(())
        });
        tell(&writer, "x");
        0
    })
    .unwrap();
    assert_eq!(nix::unistd::read(&reader, &mut [0]), Ok(1));
    assert_eq!(hits.seen(), 1);
    assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
}

fn errno_survives_a_handler() {
    let pipe = SelfPipe::new().unwrap();
    let _woken = Disposition::wake(SIGUSR1, &pipe, Calls::Restart).unwrap();
    // Until the pipe is full, and the handler's write fails.
    for _ in 0..70_000 {
        raise(SIGUSR1).unwrap();
    }
    Errno::ENOTTY.set();
    raise(SIGUSR1).unwrap();
    assert_eq!(Errno::last(), Errno::ENOTTY);
    assert_eq!(pipe.drain().unwrap().len(), 65_536);
}

fn readable(fd: std::os::fd::BorrowedFd<'_>, timeout: PollTimeout) -> bool {
    retry(|| poll(&mut [PollFd::new(fd, PollFlags::POLLIN)], timeout)).unwrap() == 1
}

fn a_self_pipe_hands_signals_over() {
    let pipe = SelfPipe::new().unwrap();
    let real_time = Signal::real_time(2).unwrap();
    let first = Disposition::wake(SIGUSR1, &pipe, Calls::Restart).unwrap();
    let second = Disposition::wake(real_time, &pipe, Calls::Restart).unwrap();
    assert_eq!(pipe.drain().unwrap(), []);
    assert!(!readable(pipe.as_fd(), PollTimeout::ZERO));
    raise(SIGUSR1).unwrap();
    // SAFETY: raise(3) takes an integer.
    unsafe { libc::raise(real_time.number()) };
    raise(SIGUSR1).unwrap();
    assert!(readable(pipe.as_fd(), PollTimeout::NONE));
    assert_eq!(pipe.drain().unwrap(), [SIGUSR1.into(), real_time, SIGUSR1.into()]);
    assert_eq!((first.seen(), second.seen()), (2, 1));
    // A handler may outlive the reader.
    drop(pipe);
    let _ignored = Disposition::ignore(Standard::SIGPIPE).unwrap();
    raise(SIGUSR1).unwrap();
    assert_eq!(first.seen(), 3);
}

fn a_child_does_not_write_to_its_parents_pipe() {
    let pipe = SelfPipe::new().unwrap();
    let hits = Disposition::wake(SIGUSR1, &pipe, Calls::Restart).unwrap();
    let mut child = fork(|| {
        raise(SIGUSR1).unwrap();
        i32::try_from(hits.seen()).unwrap()
    })
    .unwrap();
    assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(1)));
    assert_eq!((pipe.drain().unwrap().len(), hits.seen()), (0, 0));
}

fn a_mask_holds_back_and_is_restored() {
    let hits = Disposition::count(SIGUSR1, Calls::Restart).unwrap();
    let outer = Masked::block([SIGUSR1]).unwrap();
    {
        let inner = Masked::block([SIGUSR1, SIGUSR2]).unwrap();
        assert!(inner.set().contains(SIGUSR2));
        raise(SIGUSR1).unwrap();
        assert!(Set::blocked().unwrap().contains(SIGUSR2));
    }
    let blocked = Set::blocked().unwrap();
    assert!(blocked.contains(SIGUSR1) && !blocked.contains(SIGUSR2));
    assert!(Set::pending().unwrap().contains(SIGUSR1));
    assert_eq!(hits.seen(), 0);
    drop(outer);
    assert_eq!(hits.seen(), 1);
    assert_eq!(Set::blocked().unwrap().iter().count(), 0);
}

fn standard_signals_coalesce_and_real_time_signals_do_not() {
    let real_time = Signal::real_time(1).unwrap();
    let (reader, writer) = pipe();
    let (gate, opener) = pipe();
    let mut child = fork(|| {
        let masked = Masked::block([SIGUSR1.into(), real_time]).unwrap();
        tell(&writer, "blocked");
        next_of(&gate);
        let mut got = String::new();
        while let Some(Info { signal, sender, value }) = masked.wait(Deadline::Now).unwrap() {
            assert_eq!(sender, Some(getppid()));
            write!(got, "{signal} {value:?} ").unwrap();
        }
        tell(&writer, &got);
        0
    })
    .unwrap();
    assert_eq!(next_of(&reader), "blocked");
    for value in [3, -1, i32::MAX] {
        child.queue(real_time, value).unwrap();
        child.signal(SIGUSR1).unwrap();
    }
    tell(&opener, "go on");
    let wanted = "SIGUSR1 None SIGRTMIN+1 Some(3) SIGRTMIN+1 Some(-1) SIGRTMIN+1 Some(2147483647) ";
    assert_eq!(next_of(&reader), wanted);
    assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
    child.queue(real_time, 1).unwrap();
}

fn a_suspend_does_not_miss_what_came_before() {
    let hits = Disposition::count(SIGUSR1, Calls::Restart).unwrap();
    for _ in 0..100 {
        let masked = Masked::block([SIGUSR1]).unwrap();
        let before = hits.seen();
        // It comes before the sleep, where pause(2) would sleep for ever.
        raise(SIGUSR1).unwrap();
        assert_eq!(hits.seen(), before);
        masked.suspend();
        assert_eq!(hits.seen(), before + 1);
        assert!(Set::blocked().unwrap().contains(SIGUSR1), "and is held back again");
    }
    // One that is held back twice is let through all the same.
    let _outer = Masked::block([SIGUSR1]).unwrap();
    let inner = Masked::block([SIGUSR1]).unwrap();
    raise(SIGUSR1).unwrap();
    inner.suspend();
    assert_eq!(hits.seen(), 101);
}

fn a_wait_takes_signals_without_a_handler() {
    let masked = Masked::block([SIGUSR1, SIGALRM]).unwrap();
    let start = Instant::now();
    assert_eq!(masked.wait(Deadline::after_millis(20)).unwrap(), None);
    assert!(start.elapsed() >= Duration::from_millis(20));
    raise(SIGUSR1).unwrap();
    let info = masked.wait(Deadline::Never).unwrap().unwrap();
    assert_eq!((info.signal, info.sender), (SIGUSR1.into(), Some(getpid())));
    assert_eq!(info.value, None);
    alarm(Duration::from_millis(5)).unwrap();
    let info = masked.wait(Deadline::after(Duration::MAX)).unwrap().unwrap();
    assert_eq!((info.signal, info.sender), (SIGALRM.into(), None), "the kernel has sent it");
    assert_eq!(masked.wait(Deadline::Now).unwrap(), None);
}

fn a_signalfd_gives_signals_as_reads() {
    let real_time = Signal::real_time(4).unwrap();
    let signals = SignalFd::new(Masked::block([SIGUSR1.into(), real_time]).unwrap()).unwrap();
    assert!(!readable(signals.as_fd(), PollTimeout::ZERO));
    assert_eq!(signals.wait(Deadline::Now).unwrap(), None);
    let start = Instant::now();
    assert_eq!(signals.wait(Deadline::after_millis(20)).unwrap(), None);
    assert!(start.elapsed() >= Duration::from_millis(20));
    let me = getpid();
    let sent = |sender, signal: Signal, value| Some(Info { signal, sender: Some(sender), value });
    raise(SIGUSR1).unwrap();
    assert!(readable(signals.as_fd(), PollTimeout::NONE));
    assert_eq!(signals.wait(Deadline::Never).unwrap(), sent(me, SIGUSR1.into(), None));
    let mut child = fork(|| {
        let info = signals.wait(Deadline::Never).unwrap();
        i32::from(info != sent(getppid(), real_time, Some(-7)))
    })
    .unwrap();
    child.queue(real_time, -7).unwrap();
    assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(0)), "its own signals");
    assert!(signals.masked().set().contains(real_time));
    drop(signals);
    assert!(!Set::blocked().unwrap().contains(SIGUSR1));
}

fn an_alarm_replaces_the_one_before() {
    let masked = Masked::block([SIGALRM]).unwrap();
    assert_eq!(alarm(Duration::from_secs(1000)).unwrap(), None);
    let left = alarm(Duration::from_nanos(1)).unwrap().unwrap();
    assert!(left > Duration::from_mins(10) && left <= Duration::from_secs(1001), "{left:?}");
    assert!(masked.wait(Deadline::Never).unwrap().is_some(), "a nanosecond is no cancellation");
    assert_eq!(alarm(Duration::from_secs(1000)).unwrap(), None);
    assert!(alarm(Duration::ZERO).unwrap().is_some());
    assert_eq!(alarm(Duration::ZERO).unwrap(), None);
    assert_eq!(alarm(Duration::MAX).unwrap_err().errno(), Errno::EINVAL);
    // Without anything else it ends the process.
    drop(masked);
    let mut child = fork(|| alarm(Duration::from_millis(1)).map_or(1, |_| stay())).unwrap();
    assert_eq!(child.join(Deadline::Never).unwrap().unwrap().to_string(), "SIGALRM");
}

fn a_timer_is_a_descriptor() {
    let start = Instant::now();
    let once = Timer::after(Duration::from_millis(10)).unwrap();
    assert_eq!(once.wait(Deadline::Now).unwrap(), 0);
    assert!(readable(once.as_fd(), PollTimeout::NONE));
    assert_eq!(once.wait(Deadline::Never).unwrap(), 1);
    assert!(start.elapsed() >= Duration::from_millis(10));
    assert_eq!(once.wait(Deadline::after_millis(5)).unwrap(), 0, "once is once");
    assert_eq!(Timer::after(Duration::ZERO).unwrap().wait(Deadline::Never).unwrap(), 1);
    assert_eq!(Timer::after(Duration::MAX).unwrap_err().errno(), Errno::EINVAL);
    let (start, many) = (Instant::now(), Timer::every(Duration::from_millis(2)).unwrap());
    let mut count = 0;
    while count < 10 {
        count += many.wait(Deadline::Never).unwrap();
    }
    assert!(start.elapsed() >= Duration::from_millis(20));
}
