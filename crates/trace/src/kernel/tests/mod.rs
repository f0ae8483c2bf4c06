//! What is made here in a known state is what a look shows.

/// Leaves a test that asks duplicates, where a sandbox refuses them.
macro_rules! needs_duplicates {
    () => {
        if !$crate::kernel::tests::duplicates() {
            testkit::skip!("pidfd_getfd(2) is refused here");
        }
    };
}

mod denied;
mod files;
mod measure;
mod processes;
mod sockets;
mod unix;

use std::os::fd::{AsFd, AsRawFd as _};

use crate::pid::Pid;
use crate::state::{Descriptor, Object, Socket};
use crate::sys::Tid;

fn duplicates() -> bool {
    let (reader, _writer) = std::io::pipe().unwrap();
    super::duplicate::Source::open(me()).duplicate(reader.as_raw_fd()).is_some()
}

/// This very process.
fn me() -> Tid {
    std::process::id().cast_signed()
}

/// A descriptor of this process.
fn of(fd: impl AsFd) -> Descriptor {
    let mut state = super::look(&[me()], |_| false);
    let mut process = state.processes.remove(&Pid::Number(me())).unwrap();
    process.descriptors.remove(&fd.as_fd().as_raw_fd()).unwrap()
}

fn object(fd: impl AsFd) -> Object {
    of(fd).object
}

#[track_caller]
fn socket(fd: impl AsFd) -> Socket {
    match object(fd) {
        Object::Socket(socket) => socket,
        other => panic!("{other:?} is no socket"),
    }
}
