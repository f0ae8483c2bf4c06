//! What the cases share: a pipe with bare access to one of its ends, and what stands on it.

use std::fs::File;
use std::os::fd::AsFd as _;

use ipc::{Deadline, Pipe, Result};
use process::{Child, Exit};

pub(crate) const NEVER: Deadline = Deadline::Never;

pub(crate) fn joined(mut child: Child) {
    assert_eq!(child.join(NEVER).unwrap(), Some(Exit::Code(0)));
}

/// Runs `test` with a receiving end and bare access to what it is connected with.
pub(crate) fn with_bare_writer(test: impl Fn(&mut dyn FnMut(Deadline) -> Result<Vec<u8>>, File)) {
    let (mut receiver, sender) = Pipe::simplex().unwrap();
    let bare = sender.as_fd().try_clone_to_owned().unwrap();
    drop(sender);
    test(&mut |deadline| receiver.recv(deadline), bare.into());
    let (mut receiver, sender) = Pipe::carrier().unwrap();
    let bare = sender.as_fd().try_clone_to_owned().unwrap();
    drop(sender);
    test(&mut |deadline| receiver.recv(deadline), bare.into());
}

pub(crate) fn frame(message: &[u8]) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&length[..], &[0; 4], message].concat()
}
