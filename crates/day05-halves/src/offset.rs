//! What two processes share of a file, and what not.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use cli::Outcome;
use nix::errno::Errno;
use nix::libc;
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, fork};

pub(crate) fn run() -> Outcome {
    let scratch = tempfile::tempdir()?;
    let path = scratch.path().join("letters");
    fs::write(&path, "abcdefghij")?;
    // fork copies the descriptor, and both copies lead to one open file with one offset. Opened
    // in the child, it is another open file of the same name. pread leaves the offset alone.
    let before = after_child(&path, |mut file, _| file.read_exact(&mut [0; 4]))?;
    let anew = after_child(&path, |_, path| File::open(path)?.read_exact(&mut [0; 4]))?;
    let pread = after_child(&path, |file, _| file.read_exact_at(&mut [0; 4], 0))?;
    drop(scratch);

    let mut out = io::stdout();
    writeln!(out, "the child reads 4 bytes, and the parent's offset is")?;
    writeln!(out, "  opened before the fork       {before}")?;
    writeln!(out, "  opened anew in the child     {anew}")?;
    writeln!(out, "  pread, opened before         {pread}")?;
    Ok(())
}

/// Our offset in a file that was opened before the fork, when the child has read and ended.
fn after_child(path: &Path, read: fn(&File, &Path) -> io::Result<()>) -> Outcome<u64> {
    let mut file = File::open(path)?;
    // SAFETY: this program has one thread, so the child finds no lock that nobody will open.
    match unsafe { fork() }? {
        ForkResult::Child => {
            let code = i32::from(read(&file, path).is_err());
            // SAFETY: _exit takes an integer and does not return.
            unsafe { libc::_exit(code) }
        }
        ForkResult::Parent { child } => {
            while waitpid(child, None) == Err(Errno::EINTR) {}
            Ok(file.stream_position()?)
        }
    }
}
