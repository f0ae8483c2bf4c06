//! Tries out a change in a child, which has a memory of its own.

use std::io::{self, Write};

use nix::unistd::Pid;

/// A child that has ended by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Who it was.
    pub child: Pid,
    /// Its exit status: what `work` has returned, 101 after a panic, 1 when it could not write.
    pub code: i32,
}

/// Calls `work` with the `a` of a child and waits for its end. Both write to `log`, each line once.
/// An error when a signal has ended the child, or a call has failed.
pub fn trial(
    a: &mut i32,
    log: &mut impl Write,
    work: impl FnOnce(&mut i32) -> i32,
) -> io::Result<Trial> {
    todo!()
}
