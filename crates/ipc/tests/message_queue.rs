//! POSIX message queues between real processes.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::os::fd::AsFd;
use std::thread::sleep;
use std::time::{Duration, Instant};

use ipc::message_queue::PRIORITIES;
use ipc::{Deadline, Error, MessageQueue, Pipe, Result};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::mqueue::{MQ_OFlag, mq_open};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::Signal;
use nix::sys::stat::Mode;
use nix::unistd::getpid;
use process::signals::{Calls, Disposition, alarm};
use process::{Child, Exit, fork};
use testkit::cases::stay;

testkit::cases!(
    priorities_first_and_the_oldest_among_equals,
    every_message_is_received_once,
    full_and_empty_are_told_and_waited_for,
    a_blocked_sender_and_receiver_go_on,
    a_signal_is_no_message,
    sizes_have_limits,
    a_poller_sees_messages_and_room,
    a_name_is_found_and_goes_with_its_creator,
    whoever_finds_a_name_leaves_it,
    a_kept_queue_survives_its_creator,
    a_child_does_not_unlink_its_parents_name,
    a_name_that_was_taken_over_is_left_alone,
    an_anonymous_queue_has_no_name,
    names_have_rules,
    limits_are_named,
    queues_close_on_exec,
    a_killed_receiver_takes_nothing,
);

const NEVER: Deadline = Deadline::Never;

/// A name that no other test run has.
fn name(what: &str) -> String {
    format!("/ipc-test-{what}-{}", getpid())
}

/// Asks the kernel: /dev/mqueue need not be mounted.
fn exists(name: &str) -> bool {
    match mq_open(name, MQ_OFlag::O_RDONLY, Mode::empty(), None) {
        Ok(found) => nix::mqueue::mq_close(found).is_ok(),
        Err(errno) => {
            assert_eq!(errno, Errno::ENOENT);
            false
        }
    }
}

fn joined(mut child: Child) {
    assert_eq!(child.join(NEVER).unwrap(), Some(Exit::Code(0)));
}

fn errno<T: std::fmt::Debug>(result: Result<T>) -> Errno {
    result.unwrap_err().errno()
}

fn priorities_first_and_the_oldest_among_equals() {
    let queue = MessageQueue::anonymous(10, 16).unwrap();
    let child = fork(|| {
        let highest = PRIORITIES - 1;
        for (text, priority) in
            [("a", 0), ("b", 5), ("c", 0), ("d", 5), ("e", highest), ("", 1), ("f", 0)]
        {
            queue.send(text.as_bytes(), priority, Deadline::Now).unwrap();
        }
        0
    })
    .unwrap();
    joined(child);
    assert_eq!(queue.len().unwrap(), 7);
    let mut order = String::new();
    while let Ok((message, priority)) = queue.recv(Deadline::Now) {
        order += str::from_utf8(&message).unwrap();
        order += &priority.to_string();
        order.push(' ');
    }
    assert_eq!(order, "e32767 b5 d5 1 a0 c0 f0 ");
    assert!(queue.is_empty().unwrap());
}

fn every_message_is_received_once() {
    let name = name("once");
    let queue = MessageQueue::create_new(&name, 5, 8).unwrap();
    let (mut sums, sender) = Pipe::simplex().unwrap();
    let receivers: Vec<Child> = (0..2)
        .map(|_| {
            let (name, sender) = (&name, &sender);
            fork(move || {
                let queue = MessageQueue::open(name).unwrap();
                let mut sum = 0;
                loop {
                    let (message, _) = queue.recv(NEVER).unwrap();
                    let number = u64::from_le_bytes(message.try_into().unwrap());
                    if number == 0 {
                        tell(sender, sum);
                        return 0;
                    }
                    sum += number;
                }
            })
            .unwrap()
        })
        .collect();
    drop(sender);
    let senders: Vec<Child> = (0..2_u64)
        .map(|half| {
            let queue = &queue;
            let send = move || {
                for i in (1..=1000).filter(|i| i % 2 == half) {
                    queue.send(&i.to_le_bytes(), 1, NEVER).unwrap();
                }
                0
            };
            fork(send).unwrap()
        })
        .collect();
    senders.into_iter().for_each(joined);
    for _ in 0..2 {
        queue.send(&0_u64.to_le_bytes(), 0, NEVER).unwrap();
    }
    let mut total = 0;
    while let Ok(sum) = sums.recv(NEVER) {
        total += u64::from_le_bytes(sum.try_into().unwrap());
    }
    assert_eq!(total, 1000 * 1001 / 2);
    receivers.into_iter().for_each(joined);
}

/// One of several senders: in a process of its own, and so with a copy of the end.
fn tell(sender: &ipc::pipe::Sender, sum: u64) {
    let bytes = [&[0, 0, 0, 8, 0, 0, 0, 0], &sum.to_le_bytes()[..]].concat();
    assert_eq!(nix::unistd::write(sender, &bytes), Ok(16));
}

fn full_and_empty_are_told_and_waited_for() {
    let queue = MessageQueue::anonymous(2, 8).unwrap();
    assert_eq!((queue.capacity(), queue.message_size()), (2, 8));
    let start = Instant::now();
    assert_eq!(queue.recv(Deadline::Now), Err(Error::TimedOut));
    assert_eq!(queue.recv(Deadline::after_millis(20)), Err(Error::TimedOut));
    assert!(start.elapsed() >= Duration::from_millis(20));
    queue.send(b"1", 0, Deadline::after_millis(20)).unwrap();
    queue.send(b"2", 0, Deadline::Now).unwrap();
    let start = Instant::now();
    assert_eq!(queue.send(b"3", 9, Deadline::Now), Err(Error::TimedOut));
    assert_eq!(queue.send(b"3", 9, Deadline::after_millis(20)), Err(Error::TimedOut));
    assert!(start.elapsed() >= Duration::from_millis(20));
    assert_eq!(queue.len().unwrap(), 2);
    assert_eq!(queue.recv(Deadline::after_millis(20)).unwrap().0, b"1");
}

fn a_blocked_sender_and_receiver_go_on() {
    for deadline in [NEVER, Deadline::after(Duration::from_mins(1))] {
        let there = MessageQueue::anonymous(1, 8).unwrap();
        let back = MessageQueue::anonymous(1, 8).unwrap();
        let child = fork(|| {
            for _ in 0..200 {
                let (message, priority) = there.recv(deadline).unwrap();
                back.send(&message, priority, deadline).unwrap();
            }
            0
        })
        .unwrap();
        for i in 0..100_u32 {
            // The second one finds no room before the first one was received.
            there.send(&i.to_le_bytes(), i, deadline).unwrap();
            there.send(b"second", 0, deadline).unwrap();
            assert_eq!(back.recv(deadline).unwrap(), (i.to_le_bytes().to_vec(), i));
            assert_eq!(back.recv(deadline).unwrap().0, b"second");
        }
        joined(child);
    }
}

fn a_signal_is_no_message() {
    let queue = MessageQueue::anonymous(1, 8).unwrap();
    let go = MessageQueue::anonymous(1, 8).unwrap();
    let alarms = Disposition::count(Signal::SIGALRM, Calls::Interrupt).unwrap();
    let child = fork(|| {
        for message in [b"late", b"lata"] {
            go.recv(NEVER).unwrap();
            sleep(Duration::from_millis(40));
            queue.send(message, 0, NEVER).unwrap();
        }
        0
    })
    .unwrap();
    for (deadline, message) in
        [(NEVER, b"late"), (Deadline::after(Duration::from_mins(1)), b"lata")]
    {
        alarm(Duration::from_millis(5)).unwrap();
        go.send(b"", 0, NEVER).unwrap();
        assert_eq!(queue.recv(deadline).unwrap().0, message);
    }
    assert_eq!(alarms.seen(), 2);
    joined(child);
}

fn sizes_have_limits() {
    let queue = MessageQueue::anonymous(2, 8).unwrap();
    let too_large = queue.send(&[0; 9], 0, NEVER);
    assert_eq!(too_large, Err(Error::TooLarge { size: 9, limit: 8 }));
    queue.send(&[1; 8], 0, NEVER).unwrap();
    queue.send(&[], 0, NEVER).unwrap();
    assert_eq!(queue.recv(NEVER).unwrap().0, [1; 8]);
    assert_eq!(queue.recv(NEVER).unwrap().0, b"");
    let error = queue.send(b"", PRIORITIES, NEVER).unwrap_err();
    assert_eq!(error.errno(), Errno::EINVAL);
    assert!(error.to_string().contains("priority 32768, where 32767 is the highest"), "{error}");
}

fn a_poller_sees_messages_and_room() {
    let ready = |queue: &MessageQueue| {
        let mut fds = [PollFd::new(queue.as_fd(), PollFlags::POLLIN | PollFlags::POLLOUT)];
        poll(&mut fds, PollTimeout::ZERO).unwrap();
        fds[0].revents().unwrap()
    };
    let queue = MessageQueue::anonymous(1, 8).unwrap();
    assert_eq!(ready(&queue), PollFlags::POLLOUT);
    queue.send(b"", 0, NEVER).unwrap();
    assert_eq!(ready(&queue), PollFlags::POLLIN);
}

fn a_name_is_found_and_goes_with_its_creator() {
    let name = name("found");
    assert_eq!(errno(MessageQueue::open(&name)), Errno::ENOENT);
    let first = MessageQueue::create(&name, 3, 32).unwrap();
    let child = fork(|| {
        // It is found, and is as it was made.
        let second = MessageQueue::create(&name, 7, 77).unwrap();
        assert_eq!((second.capacity(), second.message_size()), (3, 32));
        second.send(b"from a stranger", 0, NEVER).unwrap();
        0
    })
    .unwrap();
    joined(child);
    assert_eq!(first.recv(Deadline::Now).unwrap().0, b"from a stranger");
    assert_eq!(errno(MessageQueue::create_new(&name, 3, 32)), Errno::EEXIST);
    assert!(exists(&name));
    drop(first);
    assert!(!exists(&name));
}

fn whoever_finds_a_name_leaves_it() {
    let name = name("finder");
    let creator = MessageQueue::create_new(&name, 1, 8).unwrap();
    drop(MessageQueue::open(&name).unwrap());
    drop(MessageQueue::create(&name, 1, 8).unwrap());
    assert!(exists(&name));
    MessageQueue::unlink(&name).unwrap();
    assert!(!exists(&name));
    creator.send(b"unnamed", 0, NEVER).unwrap();
    assert_eq!(creator.recv(NEVER).unwrap().0, b"unnamed");
    assert_eq!(errno(MessageQueue::unlink(&name)), Errno::ENOENT);
}

fn a_kept_queue_survives_its_creator() {
    let name = name("kept");
    let child = fork(|| {
        let queue = MessageQueue::create_new(&name, 2, 8).unwrap().keep();
        queue.send(b"a letter", 3, NEVER).unwrap();
        0
    })
    .unwrap();
    joined(child);
    let queue = MessageQueue::open(&name).unwrap();
    MessageQueue::unlink(&name).unwrap();
    assert_eq!(queue.recv(Deadline::Now).unwrap(), (b"a letter".to_vec(), 3));
}

fn a_child_does_not_unlink_its_parents_name() {
    let name = name("child");
    let queue = MessageQueue::create_new(&name, 1, 8).unwrap();
    let mut copy = Some(queue);
    let child = fork(|| {
        drop(copy.take());
        0
    })
    .unwrap();
    joined(child);
    assert!(exists(&name));
    drop(copy.take());
    assert!(!exists(&name));
}

fn a_name_that_was_taken_over_is_left_alone() {
    let name = name("taken");
    let old = MessageQueue::create_new(&name, 1, 8).unwrap();
    MessageQueue::unlink(&name).unwrap();
    let new = MessageQueue::create_new(&name, 1, 8).unwrap();
    drop(old);
    assert!(exists(&name));
    drop(new);
    assert!(!exists(&name));
}

fn an_anonymous_queue_has_no_name() {
    let taken = MessageQueue::create_new(&format!("/ipc-{}-0", getpid()), 1, 8).unwrap();
    let queue = MessageQueue::anonymous(1, 8).unwrap();
    queue.send(b"for us", 0, NEVER).unwrap();
    assert!(taken.is_empty().unwrap());
    for number in 1..4 {
        assert!(!exists(&format!("/ipc-{}-{number}", getpid())));
    }
}

fn names_have_rules() {
    let long = format!("/{}", "n".repeat(255));
    let queue = MessageQueue::create_new(&long, 1, 8).unwrap();
    drop(queue);
    assert_eq!(errno(MessageQueue::create(&format!("{long}n"), 1, 8)), Errno::ENAMETOOLONG);
    for name in ["", "jobs", "/", "/a/b", "//a", "/a\0b", "/.", "/.."] {
        for error in [
            MessageQueue::create(name, 1, 8).unwrap_err(),
            MessageQueue::create_new(name, 1, 8).unwrap_err(),
            MessageQueue::open(name).unwrap_err(),
            MessageQueue::unlink(name).unwrap_err(),
        ] {
            assert_eq!(error.errno(), Errno::EINVAL, "{name:?}: {error}");
            assert!(error.to_string().contains("a name is a slash"), "{error}");
        }
    }
}

fn limits_are_named() {
    let name = name("limits");
    for (capacity, size) in [(0, 8), (1, 0), (usize::MAX, 8), (1, usize::MAX), (65_537, 8)] {
        let error = MessageQueue::create(&name, capacity, size).unwrap_err();
        assert_eq!(error.errno(), Errno::EINVAL, "{error}");
        assert!(error.to_string().contains("fs.mqueue.msg_max is "), "{error}");
        assert!(error.to_string().contains("fs.mqueue.msgsize_max is "), "{error}");
    }
    setrlimit(Resource::RLIMIT_MSGQUEUE, 1000, 1000).unwrap();
    let error = MessageQueue::create(&name, 10, 1000).unwrap_err();
    assert_eq!(error.errno(), Errno::EMFILE, "{error}");
    assert!(error.to_string().contains("RLIMIT_MSGQUEUE"), "{error}");
    assert!(!exists(&name));
}

fn queues_close_on_exec() {
    let queue = MessageQueue::anonymous(1, 8).unwrap();
    let flags = fcntl(&queue, FcntlArg::F_GETFD).unwrap();
    assert_eq!(flags & nix::libc::FD_CLOEXEC, nix::libc::FD_CLOEXEC);
}

fn a_killed_receiver_takes_nothing() {
    let queue = MessageQueue::anonymous(1, 8).unwrap();
    let mut child = fork(|| {
        let _ = queue.recv(NEVER);
        stay()
    })
    .unwrap();
    let pid = child.pid().as_raw().cast_unsigned();
    let receive = nix::libc::SYS_mq_timedreceive;
    testkit::until("the child waits for a message", || {
        testkit::proc::asleep_in(pid, pid).filter(|call| *call == receive)
    });
    child.kill().unwrap();
    child.join(NEVER).unwrap();
    queue.send(b"later", 0, NEVER).unwrap();
    assert_eq!(queue.recv(Deadline::Now).unwrap().0, b"later");
}
