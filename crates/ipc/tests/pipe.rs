//! Pipes between real processes, after CPython's tests of multiprocessing connections.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

use std::fs::File;
use std::io::{IoSlice, Read as _, Write as _, pipe};
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use ipc::pipe::{ATOMIC, Carrier, Connection, LIMIT, MOST_DESCRIPTORS, Receiver, Sender};
use ipc::{Deadline, Error, Pipe, Result};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::Signal;
use nix::sys::socket::{ControlMessage, MsgFlags, sendmsg};
use process::signals::{Calls, Disposition, alarm};
use process::{Child, Exit, fork};
use testkit::cases::stay;

testkit::cases!(
    messages_never_merge,
    an_empty_message_is_a_message,
    a_message_may_be_cut_at_every_byte,
    sixteen_mebibytes_come_whole,
    what_is_too_large_is_refused_on_both_sides,
    the_end_is_told_from_a_torn_message_at_every_byte,
    a_killed_peer_is_an_end_or_a_tear,
    sending_to_nobody_is_epipe,
    a_deadline_passes_under_a_dripping_peer,
    a_deadline_passes_under_a_peer_that_drips_fast,
    a_deadline_that_has_passed_reads_once,
    a_deadline_passes_where_there_is_no_room,
    a_signal_is_no_end,
    many_writers_do_not_mix,
    poll_waits_for_whole_messages,
    a_poller_sees_the_end,
    both_directions_and_their_halves,
    descriptors_work_on_the_other_side,
    descriptors_stay_with_their_messages,
    a_long_message_carries_its_descriptors_once,
    descriptors_survive_a_cut_at_every_byte,
    descriptors_that_nobody_takes_are_closed,
    descriptors_have_a_number_at_most,
    lost_descriptors_are_told,
    garbage_is_told,
    ends_close_on_exec,
);

const NEVER: Deadline = Deadline::Never;

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

fn joined(mut child: Child) {
    assert_eq!(child.join(NEVER).unwrap(), Some(Exit::Code(0)));
}

/// Runs `test` with a receiving end and bare access to what it is connected with.
fn with_bare_writer(test: impl Fn(&mut dyn FnMut(Deadline) -> Result<Vec<u8>>, File)) {
    let (mut receiver, sender) = Pipe::simplex().unwrap();
    let bare = sender.as_fd().try_clone_to_owned().unwrap();
    drop(sender);
    test(&mut |deadline| receiver.recv(deadline), bare.into());
    let (mut receiver, sender) = Pipe::carrier().unwrap();
    let bare = sender.as_fd().try_clone_to_owned().unwrap();
    drop(sender);
    test(&mut |deadline| receiver.recv(deadline), bare.into());
}

fn frame(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&length[..], &[0; 4], message].concat()
}

fn sizes() -> impl Iterator<Item = usize> {
    let special =
        [0, 1, 7, 8, 9, 503, 504, 505, ATOMIC, ATOMIC + 1, 16_376, 16_384, 65_536, 200_000];
    special.into_iter().chain((0..300).map(|i| i * 37 % 1000))
}

fn message(index: usize, size: usize) -> Vec<u8> {
    (0..size).map(|i| (index + i * 7 % 251).to_le_bytes()[0]).collect()
}

fn messages_never_merge() {
    fn test<E: End>((mut here, mut there): (E, E)) {
        let child = fork(|| {
            for (i, size) in sizes().enumerate() {
                there.send(&message(i, size), NEVER).unwrap();
            }
            let all: usize = sizes().map(|_| there.recv(NEVER).unwrap().len()).sum();
            i32::from(all != sizes().sum())
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

fn an_empty_message_is_a_message() {
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

fn a_message_may_be_cut_at_every_byte() {
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

fn sixteen_mebibytes_come_whole() {
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

fn what_is_too_large_is_refused_on_both_sides() {
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

fn the_end_is_told_from_a_torn_message_at_every_byte() {
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

fn a_killed_peer_is_an_end_or_a_tear() {
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

fn sending_to_nobody_is_epipe() {
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

/// A child that sends a message of `size` bytes slowly.
fn dripping(mut writer: File, size: usize, pause: Duration) -> Child {
    fork(move || {
        for byte in frame(&vec![9; size]) {
            writer.write_all(&[byte]).unwrap();
            sleep(pause);
        }
        0
    })
    .unwrap()
}

fn a_deadline_passes_under_a_dripping_peer() {
    with_bare_writer(|recv, writer| {
        let child = dripping(writer, 200, Duration::from_millis(2));
        let start = Instant::now();
        assert_eq!(recv(Deadline::after_millis(30)), Err(Error::TimedOut));
        assert!(start.elapsed() >= Duration::from_millis(30));
        // Nothing of it was lost.
        assert_eq!(recv(NEVER).unwrap(), [9; 200]);
        joined(child);
    });
}

/// What has come is taken once and not again and again: there could be more every time.
fn a_deadline_that_has_passed_reads_once() {
    let (mut receiver, sender) = Pipe::simplex().unwrap();
    let mut bare = File::from(sender.as_fd().try_clone_to_owned().unwrap());
    bare.write_all(&frame(&vec![0; 100_000])[..60_000]).unwrap();
    let past = Deadline::At(Instant::now());
    assert_eq!(receiver.recv(past), Err(Error::TimedOut));
    let left = |receiver: &Receiver| {
        poll(&mut [PollFd::new(receiver.as_fd(), PollFlags::POLLIN)], PollTimeout::ZERO).unwrap()
    };
    assert_eq!(left(&receiver), 1);
    // "Now" is all that is there.
    assert_eq!(receiver.recv(Deadline::Now), Err(Error::TimedOut));
    assert_eq!(left(&receiver), 0);
}

/// Something is always ready here, so that no wait ever ends without result.
fn a_deadline_passes_under_a_peer_that_drips_fast() {
    let (mut receiver, sender) = Pipe::simplex().unwrap();
    let mut writer = File::from(sender.as_fd().try_clone_to_owned().unwrap());
    fcntl(&writer, FcntlArg::F_SETFL(nix::fcntl::OFlag::empty())).unwrap();
    drop(sender);
    let size = LIMIT;
    let mut child = fork(move || {
        writer.write_all(&frame(&vec![0; size])[..8]).unwrap();
        loop {
            writer.write_all(&[0]).unwrap();
        }
    })
    .unwrap();
    assert_eq!(receiver.recv(Deadline::after_millis(20)), Err(Error::TimedOut));
    assert!(!receiver.poll(Deadline::after_millis(20)).unwrap());
    // Not because the message has come, nor because the child has gone.
    assert!(child.is_alive().unwrap());
}

fn a_deadline_passes_where_there_is_no_room() {
    fn fill(send: &mut dyn FnMut(&[u8], Deadline) -> Result<()>) -> usize {
        let mut sent = 0;
        while send(&[5; 100], Deadline::Now) != Err(Error::TimedOut) {
            sent += 1;
        }
        let start = Instant::now();
        assert_eq!(send(&[5; 100], Deadline::after_millis(20)), Err(Error::TimedOut));
        assert!(start.elapsed() >= Duration::from_millis(20));
        sent
    }
    let (mut receiver, mut sender) = Pipe::simplex().unwrap();
    let sent = fill(&mut |message, deadline| sender.send(message, deadline));
    assert!(sent > 0);
    // Nothing of what was refused is there.
    for _ in 0..sent {
        assert_eq!(receiver.recv(Deadline::Now).unwrap(), [5; 100]);
    }
    assert_eq!(receiver.recv(Deadline::Now), Err(Error::TimedOut));
    // A message that has begun cannot be taken back.
    for deadline in [Deadline::after_millis(10), NEVER, Deadline::Now] {
        let torn = sender.send(&vec![6; 1_000_000], deadline);
        assert!(matches!(torn, Err(Error::Torn { .. })), "{torn:?}");
    }
    drop(sender);
    assert!(matches!(receiver.recv(NEVER), Err(Error::Torn { .. })));
    let (mut here, there) = Pipe::carrier().unwrap();
    assert!(fill(&mut |message, deadline| here.send(message, deadline)) > 0);
    drop(there);
}

fn a_signal_is_no_end() {
    let (mut here, mut there) = Pipe::duplex().unwrap();
    let (mut a, mut b) = Pipe::carrier().unwrap();
    let alarms = Disposition::count(Signal::SIGALRM, Calls::Interrupt).unwrap();
    let child = fork(|| {
        drop((here.recv(NEVER), a.recv(NEVER)));
        sleep(Duration::from_millis(40));
        here.send(b"late", NEVER).unwrap();
        sleep(Duration::from_millis(40));
        a.send(b"later", NEVER).unwrap();
        0
    })
    .unwrap();
    there.send(b"go", NEVER).unwrap();
    b.send(b"go", NEVER).unwrap();
    alarm(Duration::from_millis(5)).unwrap();
    assert_eq!(there.recv(NEVER).unwrap(), b"late");
    alarm(Duration::from_millis(5)).unwrap();
    assert_eq!(b.recv(Deadline::after(Duration::from_mins(1))).unwrap(), b"later");
    joined(child);
    assert_eq!(alarms.seen(), 2);
}

fn many_writers_do_not_mix() {
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

fn poll_waits_for_whole_messages() {
    let (mut receiver, mut sender) = Pipe::simplex().unwrap();
    assert!(!receiver.poll(Deadline::Now).unwrap());
    let start = Instant::now();
    assert!(!receiver.poll(Deadline::after_millis(20)).unwrap());
    assert!(start.elapsed() >= Duration::from_millis(20));
    let mut bare = File::from(sender.as_fd().try_clone_to_owned().unwrap());
    let bytes = frame(b"abc");
    bare.write_all(&bytes[..9]).unwrap();
    assert!(!receiver.poll(Deadline::Now).unwrap(), "a part of a message is none");
    bare.write_all(&bytes[9..]).unwrap();
    sender.send(b"second", NEVER).unwrap();
    assert!(receiver.poll(Deadline::Now).unwrap());
    assert!(receiver.poll(NEVER).unwrap(), "asking takes nothing away");
    assert_eq!(receiver.recv(Deadline::Now).unwrap(), b"abc");
    assert!(receiver.poll(Deadline::Now).unwrap(), "what was read ahead counts");
    assert_eq!(receiver.recv(Deadline::Now).unwrap(), b"second");
    drop((bare, sender));
    assert!(receiver.poll(NEVER).unwrap(), "the end is there");
    assert_eq!(receiver.recv(NEVER), Err(Error::Ended));
}

fn a_poller_sees_the_end() {
    fn ready(fd: impl AsFd) -> PollFlags {
        let mut fds = [PollFd::new(fd.as_fd(), PollFlags::POLLIN | PollFlags::POLLOUT)];
        poll(&mut fds, PollTimeout::ZERO).unwrap();
        fds[0].revents().unwrap()
    }
    let (receiver, mut sender): (Receiver, Sender) = Pipe::simplex().unwrap();
    assert_eq!(ready(&receiver), PollFlags::empty());
    assert_eq!(ready(&sender), PollFlags::POLLOUT);
    sender.send(b"", NEVER).unwrap();
    assert_eq!(ready(&receiver), PollFlags::POLLIN);
    drop(sender);
    assert_eq!(ready(&receiver), PollFlags::POLLIN | PollFlags::POLLHUP);
}

fn both_directions_and_their_halves() {
    let (here, mut there) = Pipe::duplex().unwrap();
    let (mut receiver, mut sender) = here.split();
    sender.send(b"question", NEVER).unwrap();
    drop(sender);
    assert_eq!(there.recv(NEVER).unwrap(), b"question");
    assert_eq!(there.recv(NEVER), Err(Error::Ended));
    there.send(b"answer", NEVER).unwrap();
    assert_eq!(receiver.recv(NEVER).unwrap(), b"answer");
}

fn is_close_on_exec(fd: impl AsFd) -> bool {
    fcntl(fd, FcntlArg::F_GETFD).unwrap() & nix::libc::FD_CLOEXEC != 0
}

fn descriptors_work_on_the_other_side() {
    let (mut here, mut there) = Pipe::carrier().unwrap();
    let child = fork(|| {
        let (message, descriptors) = there.recv_with(NEVER).unwrap();
        assert_eq!(message, b"two");
        let [file, writer]: [OwnedFd; 2] = descriptors.try_into().unwrap();
        assert!(is_close_on_exec(&file) && is_close_on_exec(&writer));
        let mut text = String::new();
        File::from(file).read_to_string(&mut text).unwrap();
        File::from(writer).write_all(text.as_bytes()).unwrap();
        0
    })
    .unwrap();
    drop(there);
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(b"through two processes").unwrap();
    std::io::Seek::rewind(&mut file).unwrap();
    let (mut reader, writer) = pipe().unwrap();
    here.send_with(b"two", &[file.as_fd(), writer.as_fd()], NEVER).unwrap();
    drop(writer);
    let mut text = String::new();
    // The end comes when the child has closed its copy, and there is no third one.
    reader.read_to_string(&mut text).unwrap();
    assert_eq!(text, "through two processes");
    joined(child);
}

/// A file by which its descriptors can be known.
fn named(text: &str) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn name(fd: OwnedFd) -> String {
    let mut text = String::new();
    let mut file = File::from(fd);
    std::io::Seek::rewind(&mut file).unwrap();
    file.read_to_string(&mut text).unwrap();
    text
}

fn descriptors_stay_with_their_messages() {
    let (mut here, mut there) = Pipe::carrier().unwrap();
    let (a, b, c) = (named("a"), named("b"), named("c"));
    let (a, b, c) = (a.as_fd(), b.as_fd(), c.as_fd());
    let large = vec![1; 100_000];
    let sent: [(&[u8], &[BorrowedFd<'_>]); 7] = [
        (b"none", &[]),
        (b"a", &[a]),
        (b"", &[b, c]),
        (b"none again", &[]),
        (&large, &[c]),
        (b"a, b, a", &[a, b, a]),
        (b"none at all", &[]),
    ];
    for (message, fds) in sent {
        here.send_with(message, fds, NEVER).unwrap();
    }
    for (message, names) in sent.iter().zip(["", "a", "bc", "", "c", "aba", ""]) {
        let (body, fds) = there.recv_with(NEVER).unwrap();
        assert!(body == message.0);
        assert_eq!(fds.into_iter().map(name).collect::<String>(), names);
    }
}

fn a_long_message_carries_its_descriptors_once() {
    let (mut here, mut there) = Pipe::carrier().unwrap();
    let file = named("x");
    let child = fork(|| {
        there.send_with(&vec![1; 3_000_000], &[file.as_fd(), file.as_fd()], NEVER).unwrap();
        0
    })
    .unwrap();
    drop(there);
    let (body, fds) = here.recv_with(NEVER).unwrap();
    assert_eq!((body.len(), fds.len()), (3_000_000, 2));
    assert_eq!(here.recv(NEVER), Err(Error::Ended));
    joined(child);
}

fn descriptors_survive_a_cut_at_every_byte() {
    let mut bytes = frame(b"abc");
    bytes[7] = 1;
    let file = named("x");
    let fds = [file.as_raw_fd()];
    for cut in 1..bytes.len() {
        let (here, mut there) = Pipe::carrier().unwrap();
        for _ in 0..2 {
            let rights = [ControlMessage::ScmRights(&fds)];
            let part = [IoSlice::new(&bytes[..cut])];
            let fd = here.as_fd().as_raw_fd();
            sendmsg::<()>(fd, &part, &rights, MsgFlags::empty(), None).unwrap();
            assert_eq!(there.recv(Deadline::Now), Err(Error::TimedOut));
            let mut bare = UnixStream::from(here.as_fd().try_clone_to_owned().unwrap());
            bare.write_all(&bytes[cut..]).unwrap();
            let (body, mut fds) = there.recv_with(NEVER).unwrap();
            assert_eq!((&body[..], fds.len()), (&b"abc"[..], 1), "cut at {cut}");
            assert_eq!(name(fds.remove(0)), "x");
        }
    }
}

fn descriptors_that_nobody_takes_are_closed() {
    let (mut here, mut there) = Pipe::carrier().unwrap();
    let (mut reader, writer) = pipe().unwrap();
    here.send_with(b"take it", &[writer.as_fd()], NEVER).unwrap();
    assert_eq!(there.recv(NEVER).unwrap(), b"take it");
    here.send_with(b"not received", &[writer.as_fd()], NEVER).unwrap();
    here.send_with(b"read ahead", &[writer.as_fd()], NEVER).unwrap();
    assert!(there.poll(NEVER).unwrap());
    drop((here, there, writer));
    assert_eq!(reader.read(&mut [0]).unwrap(), 0, "no copy of the writing end is left");
}

fn descriptors_have_a_number_at_most() {
    let (mut here, mut there) = Pipe::carrier().unwrap();
    let file = named("x");
    let fds = vec![file.as_fd(); MOST_DESCRIPTORS + 1];
    let error = here.send_with(b"", &fds, NEVER).unwrap_err();
    assert_eq!(error.errno(), Errno::EINVAL, "{error}");
    here.send_with(b"all", &fds[1..], NEVER).unwrap();
    assert_eq!(there.recv_with(NEVER).unwrap().1.len(), MOST_DESCRIPTORS);
}

fn lost_descriptors_are_told() {
    let (mut here, mut there) = Pipe::carrier().unwrap();
    let file = named("x");
    here.send_with(b"five", &[file.as_fd(); 5], NEVER).unwrap();
    here.send_with(b"none", &[], NEVER).unwrap();
    here.send_with(b"three", &[file.as_fd(); 3], NEVER).unwrap();
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    // Room for two more than there are, and then for none.
    let next = file.try_clone().unwrap();
    let lowest = u64::try_from(next.as_raw_fd()).unwrap();
    drop(next);
    setrlimit(Resource::RLIMIT_NOFILE, lowest + 2, hard).unwrap();
    let lost = there.recv_with(NEVER).unwrap_err();
    setrlimit(Resource::RLIMIT_NOFILE, lowest, hard).unwrap();
    let (none, three) = (there.recv_with(NEVER), there.recv_with(NEVER));
    setrlimit(Resource::RLIMIT_NOFILE, soft, hard).unwrap();
    assert_eq!(lost, Error::Lost { sent: 5, received: 2 });
    assert_eq!(lost.errno(), Errno::EMFILE);
    assert_eq!(none.unwrap().0, b"none");
    assert_eq!(three.unwrap_err(), Error::Lost { sent: 3, received: 0 });
    here.send_with(b"again", &[file.as_fd()], NEVER).unwrap();
    assert_eq!(there.recv_with(NEVER).unwrap().1.len(), 1);
}

fn garbage_is_told() {
    // A message that claims more descriptors than can come.
    let (here, mut there) = Pipe::carrier().unwrap();
    let mut bare = UnixStream::from(here.as_fd().try_clone_to_owned().unwrap());
    bare.write_all(&[0, 0, 0, 1, 0, 0, 1, 0, 7]).unwrap();
    assert_eq!(there.recv(NEVER).unwrap_err().errno(), Errno::EBADMSG);
    // One that sends descriptors with every byte.
    let (here, mut there) = Pipe::carrier().unwrap();
    let file = named("x");
    for byte in frame(b"abcdefgh") {
        let fds = [file.as_raw_fd()];
        let rights = [ControlMessage::ScmRights(&fds)];
        let fd = here.as_fd().as_raw_fd();
        sendmsg::<()>(fd, &[IoSlice::new(&[byte])], &rights, MsgFlags::empty(), None).unwrap();
    }
    assert_eq!(there.recv_with(NEVER).unwrap_err().errno(), Errno::EBADMSG);
    assert_eq!(there.recv_with(NEVER).unwrap_err().errno(), Errno::EBADMSG);
}

fn ends_close_on_exec() {
    let (receiver, sender) = Pipe::simplex().unwrap();
    let (left, right) = Pipe::carrier().unwrap();
    assert!(is_close_on_exec(receiver) && is_close_on_exec(sender));
    assert!(is_close_on_exec(left) && is_close_on_exec(right));
}
