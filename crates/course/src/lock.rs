//! One command that builds exercises at a time: two in one clone would run into each other's files
//! in `target/`, and a test whose program is replaced while it runs cannot start itself again.
//!
//! flock(2), so that the lock ends with its owner, whatever ends him. Children do not get it: it is
//! close-on-exec.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::Path;

/// Held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock(#[expect(dead_code, reason = "it is held, and not used")] Option<File>);

impl Lock {
    /// Waits for its turn, and says so. `target` is where cargo builds. Where there can be no such
    /// file (a disk that is full or read-only) there is no lock either: what comes next says why.
    pub(crate) fn of(target: &Path) -> Self {
        let Ok(file) = open(&target.join("course")) else { return Self(None) };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                // When standard error is gone, nobody wonders why it takes so long.
                let _ = writeln!(
                    io::stderr(),
                    "course: another course command is building here; waiting"
                );
                // A signal that ends the program ends the waiting, too: nobody has a handler yet.
                let _ = file.lock();
            }
            // A file system without locks: better built without than not at all.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        Self(Some(file))
    }
}

/// Nothing is ever written to it. One that somebody else has made may be no more than readable, and
/// that will do.
fn open(folder: &Path) -> io::Result<File> {
    let path = folder.join("lock");
    File::open(&path).or_else(|_| {
        fs::create_dir_all(folder)?;
        File::options().create(true).append(true).open(&path)
    })
}
