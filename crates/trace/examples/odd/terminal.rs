//! A terminal.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::{FromRawFd as _, OwnedFd, RawFd};
use std::ptr::{null, null_mut};
use std::thread::spawn;

use nix::errno::Errno;

use crate::Done;
use crate::output::say;

/// Both ends of a new one.
fn open() -> Result<[File; 2], Errno> {
    let mut ends: [RawFd; 2] = [-1; 2];
    let [keyboard, screen] = &mut ends;
    let (name, look, size) = (null_mut(), null(), null());
    // SAFETY: openpty(3) stores a descriptor at each pointer; no name and no settings are given.
    let result = unsafe { libc::openpty(keyboard, screen, name, look, size) };
    Errno::result(result)?;
    // SAFETY: both are new, and nobody else's.
    Ok(ends.map(|end| File::from(unsafe { OwnedFd::from_raw_fd(end) })))
}

/// Somebody types, and somebody reads what a thread of the kernel's has carried.
pub(crate) fn typed() -> Done {
    let [mut keyboard, mut screen] = open()?;
    let reader = spawn(move || -> Done {
        let mut line = [0; 8];
        for _ in 0..20 {
            let n = screen.read(&mut line)?;
            say(str::from_utf8(&line[..n])?.trim_end())?;
        }
        Ok(())
    });
    for number in 0..20 {
        keyboard.write_all(format!("{number}\n").as_bytes())?;
        // The next line comes when this one was read, or before: that is seen in the steps.
        std::thread::yield_now();
    }
    reader.join().map_err(|_| "a thread has panicked")?
}
