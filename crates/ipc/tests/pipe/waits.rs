//! How long a call waits: until a deadline, a whole message, an end; a signal is none of these.

use std::fs::File;
use std::io::Write as _;
use std::os::fd::AsFd;
use std::thread::sleep;
use std::time::{Duration, Instant};

use ipc::pipe::{LIMIT, Receiver, Sender};
use ipc::{Deadline, Error, Pipe, Result};
use nix::fcntl::{FcntlArg, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::Signal;
use process::signals::{Calls, Disposition, alarm};
use process::{Child, fork};

use crate::bare::{NEVER, frame, joined, with_bare_writer};

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

pub(crate) fn a_deadline_passes_under_a_dripping_peer() {
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
pub(crate) fn a_deadline_that_has_passed_reads_once() {
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
pub(crate) fn a_deadline_passes_under_a_peer_that_drips_fast() {
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

pub(crate) fn a_deadline_passes_where_there_is_no_room() {
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

pub(crate) fn a_signal_is_no_end() {
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

pub(crate) fn poll_waits_for_whole_messages() {
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

pub(crate) fn a_poller_sees_the_end() {
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
