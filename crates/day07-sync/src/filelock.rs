//! A lock for processes that have nothing in common but a file (flock(2)).

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use cli::{Outcome, Role};
use syscall::{Context as _, Errno, retry};

use crate::record;

pub(crate) const HOLD: Role = Role {
    name: "hold",
    args: &["FILE"],
    help: "locks a file until the end of its input (Ctrl-D); start it twice",
    run: |args| hold(&args[0]),
};

fn hold(path: &str) -> Outcome {
    let file = File::open(path).call_on("open", path)?;
    retry(|| flock(&file, libc::LOCK_EX)).call_on("flock", path)?;
    writeln!(io::stdout(), "locked by {}", std::process::id())?;
    io::copy(&mut io::stdin(), &mut io::sink())?;
    // Closing the last descriptor is the unlock.
    Ok(())
}

/// std has the same as File::lock.
fn flock(file: &File, operation: i32) -> Result<(), Errno> {
    // SAFETY: the descriptor is open, the file is borrowed; nothing else is passed.
    Errno::result(unsafe { libc::flock(file.as_raw_fd(), operation) }).map(drop)
}

/// A file of our own that goes away with us.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_nanos());
    let path = std::env::temp_dir().join(format!("day07-sync-{}-{now}", std::process::id()));
    let file = File::create_new(&path)?;
    let scratch = Scratch(path);
    let at_once = || flock(&file, libc::LOCK_EX | libc::LOCK_NB);

    // Another program, which has nothing of ours but the path.
    let mut command = Command::new(std::env::current_exe()?);
    let command = command.arg("hold").arg(&scratch.0).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut holder = command.spawn()?;
    // Its input is held open by `holder`; wherever this function ends, so does the program.
    let mut line = String::new();
    BufReader::new(holder.stdout.take().ok_or("no pipe")?).read_line(&mut line)?;
    if !line.starts_with("locked") {
        return Err("the other program could not lock the file".into());
    }
    let taken = at_once();
    // Killed, it says no word. The kernel closes its descriptors, and with the last one the lock
    // is gone.
    holder.kill()?;
    let end = holder.wait()?;
    let free = at_once();
    writeln!(out, "a file lock, held by another program: {taken:?}")?;
    // The next one gets it as if nothing had happened: no EOWNERDEAD tells of work half done.
    writeln!(out, "  that ends by signal {}: {free:?}", end.signal().unwrap_or(0))?;

    // It belongs to the open file, not to the process: the same file opened twice are two. And it
    // binds those who ask: anybody can write all the same.
    let second = File::options().write(true).open(&scratch.0)?;
    let again = flock(&second, libc::LOCK_EX | libc::LOCK_NB);
    let wrote = (&second).write(b"!")?;
    writeln!(out, "  opened once more by ourselves: {again:?}; written without it: {wrote} byte")?;
    record::run(&scratch.0)
}
