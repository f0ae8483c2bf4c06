//! Messages go in whole and come out whole, whatever their size and whoever writes.

use std::io::Write as _;
use std::os::fd::AsFd;
use std::time::Duration;

use ipc::pipe::{ATOMIC, Carrier, Connection, LIMIT};
use ipc::{Deadline, Error, Pipe, Result};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use process::{Child, fork};
use testkit::cases::stay;

use crate::bare::{NEVER, frame, joined, with_bare_writer};

/// The three kinds of end, as far as they are equal.
trait End: AsFd {
    fn send(&mut self, message: &[u8], deadline: Deadline) -> Result<()>;
    fn recv(&mut self, deadline: Deadline) -> Result<Vec<u8>>;
}

macro_rules! end {
    ($($type:ty),*) => { $(impl End for $type {
        fn send(&mut self, message: &[u8], deadline: Deadline) -> Result<()> {
            self.send(message, deadline)
        }
        fn recv(&mut self, deadline: Deadline) -> Result<Vec<u8>> {
            self.recv(deadline)
        }
    })* };
}

end!(Connection, Carrier);

fn sizes() -> impl Iterator<Item = usize> {
    let special =
        [0, 1, 7, 8, 9, 503, 504, 505, ATOMIC, ATOMIC + 1, 16_376, 16_384, 65_536, 200_000];
    special.into_iter().chain((0..300).map(|i| i * 37 % 1000))
}

fn message(index: usize, size: usize) -> Vec<u8> {
    (0..size).map(|i| (index + i * 7 % 251).to_le_bytes()[0]).collect()
}

pub(crate) fn messages_never_merge() {
    fn test<E: End>((mut here, mut there): (E, E)) {
        let child = fork(|| {
            for (i, size) in sizes().enumerate() {
                there.send(&message(i, size), NEVER).unwrap();
            }
            let all: usize = sizes().map(|_| there.recv(NEVER).unwrap().len()).sum();
            i32::from(all != sizes().sum::<usize>())
        })
        .unwrap();
        drop(there);
        for (i, size) in sizes().enumerate() {
            assert!(here.recv(NEVER).unwrap() == message(i, size), "{size} bytes");
        }
        for size in sizes() {
            here.send(&message(0, size), NEVER).unwrap();
        }
        joined(child);
        assert_eq!(here.recv(NEVER), Err(Error::Ended));
    }
    test(Pipe::duplex().unwrap());
    test(Pipe::carrier().unwrap());
}

pub(crate) fn an_empty_message_is_a_message() {
    let (mut receiver, mut sender) = Pipe::simplex().unwrap();
    for _ in 0..3 {
        sender.send(b"", NEVER).unwrap();
    }
    drop(sender);
    for _ in 0..3 {
        assert_eq!(receiver.recv(NEVER).unwrap(), b"");
    }
    assert_eq!(receiver.recv(NEVER), Err(Error::Ended));
    assert_eq!(receiver.recv(NEVER), Err(Error::Ended), "and so it stays");
}

pub(crate) fn a_message_may_be_cut_at_every_byte() {
    let bytes = [frame(b"first"), frame(b""), frame(&[7; 30]), frame(b"last")].concat();
    let ends = [13, 21, 59, 71];
    for cut in 0..=bytes.len() {
        with_bare_writer(|recv, mut writer| {
            writer.write_all(&bytes[..cut]).unwrap();
            let whole = ends.iter().filter(|end| **end <= cut).count();
            let mut got: Vec<_> = (0..whole).map(|_| recv(Deadline::Now).unwrap()).collect();
            assert_eq!(recv(Deadline::Now), Err(Error::TimedOut), "cut at {cut}");
            assert_eq!(recv(Deadline::after_millis(1)), Err(Error::TimedOut), "cut at {cut}");
            writer.write_all(&bytes[cut..]).unwrap();
            got.extend((whole..4).map(|_| recv(NEVER).unwrap()));
            assert_eq!(got, [&b"first"[..], b"", &[7; 30], b"last"], "cut at {cut}");
        });
    }
}

pub(crate) fn sixteen_mebibytes_come_whole() {
    fn test<E: End>((mut here, mut there): (E, E)) {
        let large = message(3, 16 * 1024 * 1024);
        let child = fork(|| {
            let received = there.recv(NEVER).unwrap();
            there.send(&received, Deadline::after(Duration::from_mins(1))).unwrap();
            0
        })
        .unwrap();
        drop(there);
        here.send(&large, Deadline::after(Duration::from_mins(1))).unwrap();
        assert!(here.recv(Deadline::after(Duration::from_mins(1))).unwrap() == large);
        joined(child);
    }
    test(Pipe::duplex().unwrap());
    test(Pipe::carrier().unwrap());
}

pub(crate) fn what_is_too_large_is_refused_on_both_sides() {
    let (mut receiver, mut sender) = Pipe::simplex().unwrap();
    let too_large = Error::TooLarge { size: LIMIT + 1, limit: LIMIT };
    assert_eq!(sender.send(&vec![0; LIMIT + 1], NEVER), Err(too_large.clone()));
    assert_eq!(too_large.errno(), Errno::EMSGSIZE);
    sender.send(b"still of use", NEVER).unwrap();
    assert_eq!(receiver.recv(NEVER).unwrap(), b"still of use");
    with_bare_writer(|recv, mut writer| {
        writer.write_all(&[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]).unwrap();
        let size = u32::MAX as usize;
        for _ in 0..2 {
            assert_eq!(recv(NEVER), Err(Error::TooLarge { size, limit: LIMIT }));
        }
    });
}

pub(crate) fn many_writers_do_not_mix() {
    let (mut receiver, mut sender) = Pipe::simplex().unwrap();
    let children: Vec<Child> = (0..4_u8)
        .map(|writer| {
            fork(|| {
                for i in 0..500_u32 {
                    let size = (i * 97) as usize % (ATOMIC - 4);
                    let message = [&i.to_le_bytes()[..], &vec![writer; size + 1]].concat();
                    assert!(message.len() <= ATOMIC);
                    sender.send(&message[..], NEVER).unwrap();
                }
                0
            })
            .unwrap()
        })
        .collect();
    drop(sender);
    let mut next = [0_u32; 4];
    for _ in 0..2000 {
        let message = receiver.recv(NEVER).unwrap();
        let (number, rest) = message.split_first_chunk().unwrap();
        let writer = rest[0];
        assert!(rest.iter().all(|byte| *byte == writer), "mixed");
        assert_eq!(u32::from_le_bytes(*number), next[usize::from(writer)]);
        next[usize::from(writer)] += 1;
    }
    assert_eq!(receiver.recv(NEVER), Err(Error::Ended));
    children.into_iter().for_each(joined);
}

pub(crate) fn both_directions_and_their_halves() {
    let (here, mut there) = Pipe::duplex().unwrap();
    let (mut receiver, mut sender) = here.split();
    sender.send(b"question", NEVER).unwrap();
    drop(sender);
    assert_eq!(there.recv(NEVER).unwrap(), b"question");
    assert_eq!(there.recv(NEVER), Err(Error::Ended));
    there.send(b"answer", NEVER).unwrap();
    assert_eq!(receiver.recv(NEVER).unwrap(), b"answer");
}

pub(crate) fn the_end_is_told_from_a_torn_message_at_every_byte() {
    let bytes = frame(&[1; 20]);
    for done in 0..bytes.len() {
        with_bare_writer(|recv, mut writer| {
            writer.write_all(&frame(b"whole")).unwrap();
            writer.write_all(&bytes[..done]).unwrap();
            drop(writer);
            assert_eq!(recv(NEVER).unwrap(), b"whole");
            let end = if done == 0 { Error::Ended } else { Error::Torn { done } };
            for deadline in [NEVER, Deadline::Now, Deadline::after_millis(50)] {
                assert_eq!(recv(deadline), Err(end.clone()), "{done} bytes");
            }
        });
    }
    let kind = |error| std::io::Error::from(error).kind();
    assert_eq!(kind(Error::Ended), std::io::ErrorKind::UnexpectedEof);
    assert_eq!(Error::Torn { done: 1 }.errno(), Errno::EBADMSG);
}

pub(crate) fn a_killed_peer_is_an_end_or_a_tear() {
    fn test<E: End>(pair: fn() -> Result<(E, E)>) {
        let (mut here, mut there) = pair().unwrap();
        let mut idle = fork(|| {
            there.send(b"here I am", NEVER).unwrap();
            stay()
        })
        .unwrap();
        drop(there);
        assert_eq!(here.recv(NEVER).unwrap(), b"here I am");
        // It has not read this: a socket is reset, and that is no reason for another error.
        here.send(b"unread", NEVER).unwrap();
        idle.kill().unwrap();
        assert_eq!(here.recv(NEVER), Err(Error::Ended));
        idle.join(NEVER).unwrap();

        let (mut here, mut there) = pair().unwrap();
        let mut busy = fork(|| i32::from(there.send(&vec![1; 10_000_000], NEVER).is_ok())).unwrap();
        drop(there);
        // It has begun, and cannot end before we read.
        poll(&mut [PollFd::new(here.as_fd(), PollFlags::POLLIN)], PollTimeout::NONE).unwrap();
        busy.kill().unwrap();
        busy.join(NEVER).unwrap();
        let Err(Error::Torn { done }) = here.recv(NEVER) else { panic!("no tear") };
        assert!((1..10_000_008).contains(&done));
    }
    test(Pipe::duplex);
    test(Pipe::carrier);
}

pub(crate) fn sending_to_nobody_is_epipe() {
    let (receiver, mut sender) = Pipe::simplex().unwrap();
    drop(receiver);
    for size in [0, 10, 100_000] {
        let error = sender.send(&vec![0; size], NEVER).unwrap_err();
        assert_eq!(error.errno(), Errno::EPIPE, "{error}");
    }
    let (mut here, there) = Pipe::carrier().unwrap();
    here.send(b"never read", NEVER).unwrap();
    drop(there);
    for _ in 0..3 {
        assert_eq!(here.send(b"more", NEVER).unwrap_err().errno(), Errno::EPIPE);
    }
    assert_eq!(here.recv(NEVER), Err(Error::Ended));
}
