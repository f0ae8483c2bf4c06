//! What fits into a pipe before its writer has to wait.

use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _};

use cli::Outcome;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::unistd::write;

pub(crate) fn run() -> Outcome {
    let mut rows = Vec::new();
    for size in [1, 1000, 4096] {
        let (_reader, writer) = nonblocking()?;
        // The size that the kernel names, and what it takes. Small writes share a page, but no
        // write begins in one page and ends in the next: the rest of that page stays empty.
        let capacity = fcntl(&writer, FcntlArg::F_GETPIPE_SZ)?;
        rows.push((size, capacity, fill(&writer, size)?));
    }

    // Room is counted in pages as well: one byte less is no room for one byte more.
    let (mut reader, writer) = nonblocking()?;
    fill(&writer, 4096)?;
    reader.read_exact(&mut [0])?;
    let one = write(&writer, b"x");
    reader.read_exact(&mut [0; 4095])?;
    let page = write(&writer, b"x");

    // Between one page and /proc/sys/fs/pipe-max-size its owner may choose.
    let (_reader, small) = nonblocking()?;
    let smallest = fcntl(&small, FcntlArg::F_SETPIPE_SZ(1))?;

    let mut out = io::stdout();
    writeln!(out, "writes until a pipe is full (where one without O_NONBLOCK would sleep)")?;
    for (size, capacity, taken) in rows {
        writeln!(out, "  of {size:>4} bytes: it has taken {taken}, F_GETPIPE_SZ says {capacity}")?;
    }
    writeln!(out, "  full, 1 byte read: writing 1: {one:?}; a page read: {page:?}")?;
    writeln!(out, "  the smallest pipe: {smallest}")?;
    Ok(())
}

/// A pipe with a writer that is told EAGAIN instead of being put to sleep.
pub(crate) fn nonblocking() -> Outcome<(PipeReader, PipeWriter)> {
    let (reader, writer) = io::pipe()?;
    fcntl(&writer, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;
    Ok((reader, writer))
}

/// Writes until there is no room, and gives how many bytes went in.
fn fill(writer: &PipeWriter, size: usize) -> Outcome<usize> {
    let (bytes, mut taken) = (vec![b'.'; size], 0);
    loop {
        match write(writer, &bytes) {
            Ok(n) => taken += n,
            Err(Errno::EAGAIN) => return Ok(taken),
            Err(errno) => return Err(errno.into()),
        }
    }
}
