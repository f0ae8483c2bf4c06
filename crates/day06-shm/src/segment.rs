//! Shared memory with a name (shm_overview(7)): for processes that are no relatives.

use std::os::fd::OwnedFd;
use std::sync::atomic::AtomicU64;

use nix::fcntl::OFlag;
use nix::sys::mman::{shm_open, shm_unlink};
use nix::sys::stat::Mode;
use nix::unistd::ftruncate;
use syscall::{Context as _, Result};

use crate::map::Map;

/// A counter in a segment. Dropping it unmaps the memory; the name and the content stay.
pub(crate) type Counter = Map<AtomicU64>;

/// A new segment: it is made with 0 bytes, and its size is set like that of a file.
///
/// O_EXCL: a name that is taken is somebody else's. The mode is that of a file too: here, to read
/// and write for one's own user, and nobody else.
pub(crate) fn create(name: &str) -> Result<Counter> {
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    let flags = OFlag::O_RDWR | OFlag::O_CREAT | OFlag::O_EXCL;
    let segment: OwnedFd = shm_open(name, flags, mode).call_on("shm_open", name)?;
    // From here to its end the segment has a name and perhaps no content: who opens it now finds
    // it too short, which `Map::of` refuses.
    ftruncate(&segment, 8).call_on("ftruncate", name)?;
    // The mapping does not need the descriptor any more. shm_open has set FD_CLOEXEC by itself.
    Map::of(&segment)
}

/// An existing one, by whoever knows the name and may.
pub(crate) fn open(name: &str) -> Result<Counter> {
    let segment = shm_open(name, OFlag::O_RDWR, Mode::empty()).call_on("shm_open", name)?;
    Map::of(&segment)
}

/// Takes the name away. Who has it mapped keeps it; with the last of them the memory goes.
pub(crate) fn unlink(name: &str) -> Result<()> {
    shm_unlink(name).call_on("shm_unlink", name)
}
