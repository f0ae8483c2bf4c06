//! The interest table of the back ends that name descriptors by number.
//!
//! epoll keeps its own, in the kernel, and knows when a number has come to mean another file.
//! select and poll know numbers only, so this table remembers which file each number stood for
//! (its device and inode, fstat(2)) and gives the answers that epoll_ctl(2) would give. What it
//! cannot tell apart are two files without an inode of their own, such as two eventfds.

use std::os::fd::{AsRawFd as _, BorrowedFd, RawFd};

use nix::sys::stat::fstat;

use crate::error::{Error, Result};
use crate::poller::{Interest, Token};

/// One registration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) fd: RawFd,
    pub(crate) token: Token,
    pub(crate) interest: Interest,
    file: (u64, u64),
}

/// Registrations, dense, and found by number: `place[fd]` is where the entry of `fd` stands.
#[derive(Debug, Default)]
pub(crate) struct Table {
    entries: Vec<Entry>,
    place: Vec<Option<usize>>,
}

/// A change of the dense part, so that an array kept in the same order can follow.
#[derive(Debug)]
pub(crate) enum Change {
    /// A new entry stands at the end.
    Pushed,
    /// The entry at this place was replaced or changed.
    Set(usize),
}

impl Table {
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Adds a registration. An entry of the same number whose file has gone is replaced.
    pub(crate) fn insert(
        &mut self,
        fd: BorrowedFd<'_>,
        token: Token,
        interest: Interest,
    ) -> Result<Change> {
        let entry = Entry { fd: fd.as_raw_fd(), token, interest, file: file_of(fd)? };
        let index = index(entry.fd);
        if self.place.len() <= index {
            self.place.resize(index + 1, None);
        }
        match self.place[index] {
            Some(at) if self.entries[at].file == entry.file => {
                Err(Error::AlreadyRegistered(entry.fd))
            }
            Some(at) => {
                self.entries[at] = entry;
                Ok(Change::Set(at))
            }
            None => {
                self.place[index] = Some(self.entries.len());
                self.entries.push(entry);
                Ok(Change::Pushed)
            }
        }
    }

    /// Changes a registration and gives its place.
    pub(crate) fn update(
        &mut self,
        fd: BorrowedFd<'_>,
        token: Token,
        interest: Interest,
    ) -> Result<usize> {
        let at = self.find(fd)?;
        self.entries[at].token = token;
        self.entries[at].interest = interest;
        Ok(at)
    }

    /// Where the entry of `fd` stands, if it is registered and still the same file.
    pub(crate) fn find(&self, fd: BorrowedFd<'_>) -> Result<usize> {
        let number = fd.as_raw_fd();
        let file = file_of(fd)?;
        let at = self.place.get(index(number)).copied().flatten();
        at.filter(|&at| self.entries[at].file == file).ok_or(Error::NotRegistered(number))
    }

    /// Takes out the entry at a place; the last one moves there (`Vec::swap_remove`).
    pub(crate) fn swap_remove(&mut self, at: usize) -> Entry {
        let gone = self.entries.swap_remove(at);
        self.place[index(gone.fd)] = None;
        if let Some(moved) = self.entries.get(at) {
            self.place[index(moved.fd)] = Some(at);
        }
        gone
    }
}

/// A descriptor is never negative: std's types exclude -1, and the kernel gives no others.
fn index(fd: RawFd) -> usize {
    usize::try_from(fd).unwrap_or(usize::MAX)
}

fn file_of(fd: BorrowedFd<'_>) -> Result<(u64, u64)> {
    let stat = fstat(fd).map_err(|_| Error::NotOpen(fd.as_raw_fd()))?;
    Ok((stat.st_dev, stat.st_ino))
}
