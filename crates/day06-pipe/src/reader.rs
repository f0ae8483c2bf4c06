//! The reader's way to the end of a pipe.

use std::io::{PipeReader, PipeWriter, Read as _};
use std::os::fd::AsFd as _;
use std::path::Path;

use cli::Outcome;
use nix::poll::{PollFd, PollFlags, poll};

use crate::ends::write_ends;

/// Reads until the end, and gives a report. The child has inherited both ends.
pub(crate) fn read_all(mut reader: PipeReader, writer: PipeWriter, pipe: &Path) -> Outcome<String> {
    // Whoever reads closes the write end. Otherwise he is a writer himself, and the kernel does
    // not know that he will never write.
    drop(writer);
    let (mut bytes, mut count) = ([0; 64], 0);
    loop {
        // A plain read would do; with poll, the twin of this lesson ends too.
        let mut fds = [PollFd::new(reader.as_fd(), PollFlags::POLLIN)];
        let ready = poll(&mut fds, 100_u8)?;
        let answer = fds[0].revents().unwrap_or(PollFlags::empty());
        let holding = write_ends(pipe)?;
        if ready == 0 {
            return Ok(format!("{count} bytes, {holding} write end here, no end within 100 ms"));
        }
        match reader.read(&mut bytes)? {
            0 => {
                let how = format!("poll says {answer:?}, read gives 0");
                return Ok(format!("{count} bytes, {holding} write ends here, {how}"));
            }
            n => count += n,
        }
    }
}
