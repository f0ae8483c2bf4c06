//! Descriptors that travel with messages: none is mixed up, lost unsaid, or left open.

use std::fs::File;
use std::io::{IoSlice, Read as _, Write as _, pipe};
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use ipc::pipe::MOST_DESCRIPTORS;
use ipc::{Deadline, Error, Pipe};
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::socket::{ControlMessage, MsgFlags, sendmsg};
use process::fork;

use crate::bare::{NEVER, frame, joined};

fn is_close_on_exec(fd: impl AsFd) -> bool {
    fcntl(fd, FcntlArg::F_GETFD).unwrap() & nix::libc::FD_CLOEXEC != 0
}

pub(crate) fn descriptors_work_on_the_other_side() {
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

pub(crate) fn descriptors_stay_with_their_messages() {
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

pub(crate) fn a_long_message_carries_its_descriptors_once() {
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

pub(crate) fn descriptors_survive_a_cut_at_every_byte() {
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

pub(crate) fn descriptors_that_nobody_takes_are_closed() {
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

pub(crate) fn descriptors_have_a_number_at_most() {
    let (mut here, mut there) = Pipe::carrier().unwrap();
    let file = named("x");
    let fds = vec![file.as_fd(); MOST_DESCRIPTORS + 1];
    let error = here.send_with(b"", &fds, NEVER).unwrap_err();
    assert_eq!(error.errno(), Errno::EINVAL, "{error}");
    here.send_with(b"all", &fds[1..], NEVER).unwrap();
    assert_eq!(there.recv_with(NEVER).unwrap().1.len(), MOST_DESCRIPTORS);
}

pub(crate) fn lost_descriptors_are_told() {
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

pub(crate) fn garbage_is_told() {
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

pub(crate) fn ends_close_on_exec() {
    let (receiver, sender) = Pipe::simplex().unwrap();
    let (left, right) = Pipe::carrier().unwrap();
    assert!(is_close_on_exec(receiver) && is_close_on_exec(sender));
    assert!(is_close_on_exec(left) && is_close_on_exec(right));
}
