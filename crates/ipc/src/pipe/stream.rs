//! The two kinds of stream below the messages.

use std::io::{IoSlice, PipeReader, PipeWriter, Read as _, Write as _};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use nix::poll::PollFlags;
use syscall::{Context as _, Deadline, Errno, IntoErrno as _, retry};

use crate::error::Result;
use crate::passing;
use crate::ready::ready;

/// A stream to write to.
pub(super) trait Sink: AsFd {
    /// Writes as much as there is room for, and never waits: EAGAIN when there is none.
    fn put(&self, parts: &[IoSlice<'_>], fds: &[BorrowedFd<'_>]) -> nix::Result<usize>;
    /// The call that this is.
    const WRITE: &'static str;
}

impl Sink for PipeWriter {
    const WRITE: &'static str = "writev";

    fn put(&self, parts: &[IoSlice<'_>], fds: &[BorrowedFd<'_>]) -> nix::Result<usize> {
        debug_assert!(fds.is_empty(), "no public function sends descriptors through a pipe");
        let mut writer = self;
        if let [part] = parts {
            return retry(|| writer.write(part)).map_err(std::io::Error::into_errno);
        }
        retry(|| writer.write_vectored(parts)).map_err(std::io::Error::into_errno)
    }
}

impl Sink for UnixStream {
    const WRITE: &'static str = "sendmsg";

    fn put(&self, parts: &[IoSlice<'_>], fds: &[BorrowedFd<'_>]) -> nix::Result<usize> {
        // A peer that goes and leaves messages unread resets the stream, which is told once; from
        // then on it is EPIPE. One fact needs one name.
        retry(|| passing::send(self.as_fd(), parts, fds)).map_err(|errno| match errno {
            Errno::ECONNRESET => Errno::EPIPE,
            other => other,
        })
    }
}

/// A stream to read from.
pub(super) trait Source: AsFd {
    /// The call that this is.
    const READ: &'static str;

    /// Reads at least one byte, or none at the end. Descriptors that came with the bytes go to
    /// `sets`, as one set.
    fn take(
        &self,
        buffer: &mut [u8],
        deadline: Deadline,
        sets: &mut Vec<Vec<OwnedFd>>,
    ) -> Result<usize>;
}

impl Source for PipeReader {
    const READ: &'static str = "read";

    fn take(
        &self,
        buffer: &mut [u8],
        deadline: Deadline,
        _: &mut Vec<Vec<OwnedFd>>,
    ) -> Result<usize> {
        // read(2) has no flag "not now". There is one reader, so what poll has seen is still
        // there when it is read.
        if deadline != Deadline::Never {
            ready(self, PollFlags::POLLIN, deadline)?;
        }
        let mut reader = self;
        Ok(retry(|| reader.read(buffer)).call(Self::READ)?)
    }
}

impl Source for UnixStream {
    const READ: &'static str = "recvmsg";

    fn take(
        &self,
        buffer: &mut [u8],
        deadline: Deadline,
        sets: &mut Vec<Vec<OwnedFd>>,
    ) -> Result<usize> {
        let wait = deadline == Deadline::Never;
        loop {
            match retry(|| passing::receive(self.as_fd(), buffer, wait)) {
                Ok(received) => {
                    sets.extend(received.fds);
                    return Ok(received.bytes);
                }
                Err(Errno::EAGAIN) => ready(self, PollFlags::POLLIN, deadline)?,
                // The peer has gone without reading all that was sent to it. What it had sent
                // itself came before this: it is the end of the stream.
                Err(Errno::ECONNRESET) => return Ok(0),
                Err(errno) => return Err(syscall::Error::new(Self::READ, errno).into()),
            }
        }
    }
}
