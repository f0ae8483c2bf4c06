//! The same thing again and again.

use std::io::{Read as _, Write as _, pipe, stdin};
use std::os::fd::AsFd as _;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::wait::wait;

use crate::Done;
use crate::output::say;
use crate::processes::child;

/// A hundred bytes into a pipe that nobody reads.
pub(crate) fn fill() -> Done {
    let (_reader, mut writer) = pipe()?;
    for _ in 0..100 {
        writer.write_all(&[7])?;
    }
    say("full")
}

/// A server: whatever comes from outside, it waits for it and takes it, in the same way.
pub(crate) fn serve() -> Done {
    let mut byte = [0];
    loop {
        let input = stdin();
        poll(&mut [PollFd::new(input.as_fd(), PollFlags::POLLIN)], PollTimeout::NONE)?;
        // A buffer would take all at once.
        if nix::unistd::read(&input, &mut byte)? == 0 {
            return say("served");
        }
    }
}

/// Two hundred children who fork on, each as often as it can. A child costs a byte of a pipe, of
/// which there are two hundred, so there never are more, and it ends by itself.
pub(crate) fn bomb() -> Done {
    let (reader, mut writer) = pipe()?;
    writer.write_all(&[0; 200])?;
    drop(writer);
    let born = burst(&reader);
    say(if born { "it is over" } else { "no children" })
}

fn burst(mut fuse: &std::io::PipeReader) -> bool {
    let mut born = false;
    while matches!(fuse.read(&mut [0]), Ok(1)) {
        let one = child(|| {
            burst(fuse);
            0
        });
        born |= one.is_ok();
    }
    while wait().is_ok() {}
    born
}
