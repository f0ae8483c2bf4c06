//! The queue between processes: order, limits, the end, and processes that are killed anywhere.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::time::{Duration, Instant};

use ipc::{Deadline, Error, Queue, Semaphore};
use process::{Child, Exit, fork};
use syscall::Errno;
use testkit::proc::{asleep_in, tasks};
use testkit::until;

testkit::cases!(
    first_in_first_out_between_two_processes,
    many_senders_and_receivers_lose_nothing_and_keep_each_ones_order,
    lengths_of_all_kinds_come_back_whole,
    full_and_empty,
    a_deadline_ends_the_wait_and_no_earlier,
    what_is_too_large_is_refused,
    closed_is_drained_and_then_the_end,
    closing_wakes_all_who_wait,
    senders_killed_anywhere_leave_whole_messages_only,
    receivers_killed_anywhere_lose_at_most_what_they_had,
    killed_sleepers_are_replaced,
    threads_are_as_good_as_processes,
    sizes_that_are_none,
    a_side_can_be_kept,
    a_kept_side_is_no_childs_and_opens_when_its_owner_is_killed,
    a_forgotten_sender_harms_nobody,
);

fn done(mut child: Child) {
    assert_eq!(child.join(Deadline::Never).unwrap(), Some(Exit::Code(0)));
}

fn until_in_futex(child: &Child) {
    let pid = child.pid().as_raw().cast_unsigned();
    until("it sleeps", || asleep_in(pid, pid).filter(|call| *call == libc::SYS_futex));
}

/// A message that shows when it is torn: a sender, a number, and as many bytes made of both.
fn message(sender: u32, number: u32) -> Vec<u8> {
    let mut bytes = [sender.to_le_bytes(), number.to_le_bytes()].concat();
    let len = (number.wrapping_mul(7919) % 90) as usize;
    bytes.resize(8 + len, (sender ^ number).to_le_bytes()[0]);
    bytes
}

fn read(bytes: &[u8]) -> (u32, u32) {
    let at = |n: usize| u32::from_le_bytes(bytes[n..n + 4].try_into().unwrap());
    let (sender, number) = (at(0), at(4));
    assert_eq!(bytes, message(sender, number), "a torn message");
    (sender, number)
}

fn first_in_first_out_between_two_processes() {
    for slots in [1, 2, 7, 1000] {
        let queue = Queue::new(slots, 100).unwrap();
        let count = 100_000;
        let child = fork(|| {
            for n in 0..count {
                queue.put(&message(1, n), Deadline::Never).unwrap();
            }
            0
        })
        .unwrap();
        let mut buffer = Vec::new();
        for n in 0..count {
            queue.get_into(&mut buffer, Deadline::Never).unwrap();
            assert_eq!(read(&buffer), (1, n));
        }
        assert!(queue.is_empty());
        done(child);
    }
}

fn many_senders_and_receivers_lose_nothing_and_keep_each_ones_order() {
    for slots in [3, 300] {
        let (queue, results) = (Queue::new(slots, 100).unwrap(), Queue::new(10, 16).unwrap());
        let (count, senders) = (20_000, 3_u32);
        let send = |sender| {
            (0..count).for_each(|n| queue.put(&message(sender, n), Deadline::Never).unwrap());
            0
        };
        let receive = || {
            let mut next = [0; 3];
            let (mut got, mut sum) = (0_u64, 0_u64);
            loop {
                let limit = Deadline::after(testkit::LIMIT);
                match queue.get(limit) {
                    Ok(bytes) => {
                        let (sender, number) = read(&bytes);
                        let next = &mut next[sender as usize];
                        assert!(number >= *next, "one sender's messages out of order");
                        *next = number + 1;
                        got += 1;
                        sum += u64::from(number);
                    }
                    Err(error) => {
                        assert_eq!(error, Error::Closed);
                        break;
                    }
                }
            }
            let result = [got.to_le_bytes(), sum.to_le_bytes()].concat();
            results.put(&result, Deadline::Never).unwrap();
            0
        };
        let sending: Vec<_> = (0..senders).map(|n| fork(|| send(n)).unwrap()).collect();
        let receiving: Vec<_> = (0..3).map(|_| fork(receive).unwrap()).collect();
        sending.into_iter().for_each(done);
        queue.close();
        receiving.into_iter().for_each(done);
        let (mut got, mut sum) = (0, 0);
        for _ in 0..3 {
            let result = results.get(Deadline::Now).unwrap();
            got += u64::from_le_bytes(result[..8].try_into().unwrap());
            sum += u64::from_le_bytes(result[8..].try_into().unwrap());
        }
        let each = u64::from(count);
        assert_eq!((got, sum), (3 * each, 3 * each * (each - 1) / 2));
    }
}

fn lengths_of_all_kinds_come_back_whole() {
    let queue = Queue::new(1, 1000).unwrap();
    // Each start in the ring meets each length: what goes over the end goes on at the beginning.
    for round in 0..3_u8 {
        for len in 0..=1000 {
            let bytes: Vec<u8> =
                (0..len).map(|n: usize| n.to_le_bytes()[0].wrapping_add(round)).collect();
            queue.put(&bytes, Deadline::Now).unwrap();
            assert_eq!(queue.get(Deadline::Now).unwrap(), bytes, "{len}");
        }
    }
    let empty = Queue::new(4, 0).unwrap();
    (0..4).for_each(|_| empty.put(b"", Deadline::Now).unwrap());
    assert_eq!(empty.put(b"", Deadline::Now), Err(Error::TimedOut));
    assert_eq!((empty.len(), empty.get(Deadline::Now)), (4, Ok(vec![])));
}

fn full_and_empty() {
    let queue = Queue::new(3, 8).unwrap();
    assert_eq!((queue.len(), queue.limit(), queue.capacity()), (0, 8, 64));
    assert_eq!(queue.get(Deadline::Now), Err(Error::TimedOut));
    let mut fitted = 0_u64;
    while queue.put(&fitted.to_le_bytes(), Deadline::Now).is_ok() {
        fitted += 1;
    }
    assert_eq!((fitted, queue.len()), (4, 4));
    let mut kept = vec![1, 2, 3];
    for n in 0..4_u64 {
        queue.get_into(&mut kept, Deadline::Now).unwrap();
        assert_eq!(kept, n.to_le_bytes());
    }
    assert_eq!(queue.get_into(&mut kept, Deadline::Now), Err(Error::TimedOut));
    assert_eq!(kept, 3_u64.to_le_bytes(), "as it was");
    assert!(queue.is_empty());
}

fn a_deadline_ends_the_wait_and_no_earlier() {
    let queue = Queue::new(1, 8).unwrap();
    let limits = [1, 30, 1_100].map(Duration::from_millis);
    for limit in limits {
        let start = Instant::now();
        assert_eq!(queue.get(Deadline::after(limit)), Err(Error::TimedOut));
        assert!(start.elapsed() >= limit);
    }
    queue.put(b"full", Deadline::Now).unwrap();
    for limit in limits {
        let start = Instant::now();
        assert_eq!(queue.put(b"more", Deadline::after(limit)), Err(Error::TimedOut));
        assert!(start.elapsed() >= limit);
    }
    // Behind another one that waits as well.
    let first = fork(|| i32::from(queue.put(b"more", Deadline::Never).is_err())).unwrap();
    until_in_futex(&first);
    assert_eq!(queue.put(b"me", Deadline::Now), Err(Error::TimedOut));
    let start = Instant::now();
    assert_eq!(queue.put(b"me", Deadline::after(limits[1])), Err(Error::TimedOut));
    assert!(start.elapsed() >= limits[1]);
    assert_eq!(queue.get(Deadline::Never).unwrap(), b"full");
    assert_eq!(queue.get(Deadline::Never).unwrap(), b"more");
    done(first);
}

fn what_is_too_large_is_refused() {
    let queue = Queue::new(10, 100).unwrap();
    queue.put(&[1; 100], Deadline::Now).unwrap();
    let error = queue.put(&[1; 101], Deadline::Never).unwrap_err();
    assert_eq!(error, Error::TooLarge { size: 101, limit: 100 });
    assert_eq!(error.errno(), Errno::EMSGSIZE);
    assert_eq!(queue.len(), 1);
}

fn closed_is_drained_and_then_the_end() {
    let queue = Queue::new(10, 100).unwrap();
    queue.put(b"one", Deadline::Now).unwrap();
    queue.put(b"two", Deadline::Now).unwrap();
    done(
        fork(|| {
            queue.close();
            0
        })
        .unwrap(),
    );
    queue.close();
    assert!(queue.is_closed());
    assert_eq!(queue.put(b"three", Deadline::Now).unwrap_err().errno(), Errno::EPIPE);
    assert_eq!(queue.get(Deadline::Never).unwrap(), b"one");
    assert_eq!(queue.get(Deadline::Now).unwrap(), b"two");
    for deadline in [Deadline::Now, Deadline::Never] {
        assert_eq!(queue.get(deadline), Err(Error::Closed));
    }
}

fn closing_wakes_all_who_wait() {
    let (empty, full) = (Queue::new(1, 8).unwrap(), Queue::new(1, 8).unwrap());
    full.put(b"full", Deadline::Now).unwrap();
    let get = || i32::from(empty.get(Deadline::Never) != Err(Error::Closed));
    let put = || i32::from(full.put(b"more", Deadline::Never) != Err(Error::Closed));
    let mut waiting: Vec<_> = (0..3).map(|_| fork(get).unwrap()).collect();
    waiting.extend((0..3).map(|_| fork(put).unwrap()));
    waiting.iter().for_each(until_in_futex);
    empty.close();
    full.close();
    waiting.into_iter().for_each(done);
    assert_eq!(full.get(Deadline::Now).unwrap(), b"full");
}

fn senders_killed_anywhere_leave_whole_messages_only() {
    let queue = Queue::new(20, 100).unwrap();
    let mut last = 0;
    for round in 0..200 {
        let begun = Semaphore::new(0).unwrap();
        let child = fork(|| {
            begun.release().unwrap();
            let mut number = 0;
            loop {
                number += 1;
                queue.put(&message(round, number), Deadline::Never).unwrap();
            }
        })
        .unwrap();
        begun.acquire().forget();
        // Sometimes it is killed while it copies, sometimes asleep on a full queue.
        for _ in 0..round % 50 {
            let (sender, number) = read(&queue.get(Deadline::Never).unwrap());
            assert!(sender == round || number > 0);
        }
        drop(child);
        // What it has put is all there, in order, and others go on.
        queue.put(&message(1000, round), Deadline::after_millis(0)).ok();
        let mut before = 0;
        while let Ok(bytes) = queue.get(Deadline::Now) {
            let (sender, number) = read(&bytes);
            if sender == round {
                assert!(before == 0 || number == before + 1);
                before = number;
            } else {
                assert_eq!((sender, number), (1000, round));
                last = number;
            }
        }
        queue.put(&message(1000, round), Deadline::after(testkit::LIMIT)).unwrap();
        assert_eq!(read(&queue.get(Deadline::Never).unwrap()), (1000, round));
    }
    assert!(last > 0);
}

fn receivers_killed_anywhere_lose_at_most_what_they_had() {
    let queue = Queue::new(20, 100).unwrap();
    let mut number = 0;
    for round in 0..200 {
        let child = fork(|| {
            loop {
                read(&queue.get(Deadline::Never).unwrap());
            }
        })
        .unwrap();
        for _ in 0..round % 50 {
            number += 1;
            queue.put(&message(1, number), Deadline::Never).unwrap();
        }
        drop(child);
        // What is left is the newest, in order, without a gap.
        let left = queue.len();
        let first = number - u32::try_from(left).unwrap() + 1;
        for n in first..=number {
            assert_eq!(read(&queue.get(Deadline::after(testkit::LIMIT)).unwrap()), (1, n));
        }
        assert_eq!(queue.get(Deadline::Now), Err(Error::TimedOut));
    }
}

fn killed_sleepers_are_replaced() {
    let queue = Queue::new(1, 8).unwrap();
    let get = || i32::from(queue.get(Deadline::Never).unwrap() != b"for you");
    let first = fork(get).unwrap();
    until_in_futex(&first);
    let second = fork(get).unwrap();
    until_in_futex(&second);
    drop(first);
    queue.put(b"for you", Deadline::Never).unwrap();
    done(second);
    let put = || i32::from(queue.put(b"second", Deadline::Never).is_err());
    queue.put(b"first", Deadline::Never).unwrap();
    let killed = fork(put).unwrap();
    until_in_futex(&killed);
    let other = fork(put).unwrap();
    until_in_futex(&other);
    drop(killed);
    assert_eq!(queue.get(Deadline::Never).unwrap(), b"first");
    assert_eq!(queue.get(Deadline::Never).unwrap(), b"second");
    done(other);
}

fn threads_are_as_good_as_processes() {
    let queue = Queue::new(5, 100).unwrap();
    let sum = std::thread::scope(|scope| {
        let receivers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut sum = 0_u64;
                    while let Ok(bytes) = queue.get(Deadline::Never) {
                        sum += u64::from(read(&bytes).1);
                    }
                    sum
                })
            })
            .collect();
        let send = || {
            (0..10_000).for_each(|n| queue.put(&message(1, n), Deadline::Never).unwrap());
        };
        let senders: Vec<_> = (0..2).map(|_| scope.spawn(send)).collect();
        for sender in senders {
            sender.join().unwrap();
        }
        queue.close();
        receivers.into_iter().map(|receiver| receiver.join().unwrap()).sum::<u64>()
    });
    assert_eq!(sum, 2 * 10_000 * 9_999 / 2);
    // A thread that was joined may be in the list for a moment.
    until("the threads have ended", || (tasks(std::process::id()).len() == 1).then_some(()));
}

fn sizes_that_are_none() {
    for (messages, size) in [(0, 8), (1, usize::MAX), (usize::MAX, 1), (1 << 30, 8)] {
        assert_eq!(Queue::new(messages, size).unwrap_err().errno(), Errno::EINVAL);
    }
}

fn a_side_can_be_kept() {
    let queue = Queue::new(100, 100).unwrap();
    let child = fork(|| {
        let sender = queue.sender(Deadline::Never).unwrap();
        (0..100_000).for_each(|n| sender.put(&message(1, n), Deadline::Never).unwrap());
        0
    })
    .unwrap();
    let receiver = queue.receiver(Deadline::Now).unwrap();
    let mut buffer = Vec::new();
    for n in 0..100_000 {
        receiver.get_into(&mut buffer, Deadline::Never).unwrap();
        assert_eq!(read(&buffer), (1, n));
    }
    assert_eq!(receiver.get(Deadline::Now), Err(Error::TimedOut));
    done(child);
    let sender = queue.sender(Deadline::Now).unwrap();
    assert_eq!(sender.put(&[0; 101], Deadline::Now).unwrap_err().errno(), Errno::EMSGSIZE);
    assert_eq!(queue.put(b"", Deadline::Never).unwrap_err().errno(), Errno::EDEADLK);
    done(fork(|| i32::from(queue.put(b"", Deadline::Now) != Err(Error::TimedOut))).unwrap());
    drop(sender);
    queue.put(b"", Deadline::Now).unwrap();
}

fn a_kept_side_is_no_childs_and_opens_when_its_owner_is_killed() {
    let queue = Queue::new(100, 100).unwrap();
    let (sender, receiver) =
        (queue.sender(Deadline::Now).unwrap(), queue.receiver(Deadline::Now).unwrap());
    let is_refused = || {
        let put = sender.put(b"", Deadline::Never).unwrap_err().errno();
        let get = receiver.get(Deadline::Never).unwrap_err().errno();
        i32::from([put, get] != [Errno::EPERM; 2])
    };
    done(fork(is_refused).unwrap());
    sender.put(b"by its owner", Deadline::Now).unwrap();
    drop((sender, receiver));
    let kept = Semaphore::new(0).unwrap();
    let child = fork(|| {
        let sender = queue.sender(Deadline::Now).unwrap();
        sender.put(b"before", Deadline::Now).unwrap();
        kept.release().unwrap();
        testkit::cases::stay()
    })
    .unwrap();
    kept.acquire().forget();
    assert_eq!(queue.sender(Deadline::Now).unwrap_err(), Error::TimedOut);
    drop(child);
    queue.sender(Deadline::Now).unwrap().put(b"after", Deadline::Now).unwrap();
    for expected in [&b"by its owner"[..], b"before", b"after"] {
        assert_eq!(queue.get(Deadline::Now).unwrap(), expected);
    }
}

fn a_forgotten_sender_harms_nobody() {
    let (queue, next) = (Queue::new(1, 8).unwrap(), Queue::new(1, 8).unwrap());
    std::mem::forget(queue.sender(Deadline::Now).unwrap());
    drop(queue);
    next.put(b"", Deadline::Now).unwrap();
}
