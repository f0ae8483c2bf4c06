//! The life of a segment: made, left, found again by its name, unlinked.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;

use cli::{Outcome, Role};
use nix::unistd::{Uid, setuid};
use syscall::Errno;

use crate::left::{new_name, path};
use crate::owner::Owner;
use crate::segment;
use crate::worker::Worker;

pub(crate) const ADD: Role = Role {
    name: "add",
    args: &["NAME"],
    help: "adds 1 to the counter of a segment that somebody has made",
    run: |args| {
        let counter = segment::open(&args[0])?;
        let before = counter.fetch_add(1, Ordering::SeqCst);
        Ok(writeln!(io::stdout(), "{}", before + 1)?)
    },
};

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let name = new_name();
    // It removes the name, whatever happens from here on.
    let owner = Owner::create(&name)?;
    let file = fs::metadata(path(&name))?;
    let mode = file.permissions().mode() & 0o777;
    writeln!(out, "a segment in /dev/shm: {} bytes, mode {mode:o}", file.len())?;

    // Who has the name can open it: this very program once more, which execve has made a
    // stranger. An anonymous mapping does not survive that.
    let mut command = Command::new(std::env::current_exe()?);
    let done = command.args(["add", &name]).stdin(Stdio::null()).output()?;
    let told = String::from_utf8_lossy(&done.stdout);
    writeln!(out, "  opened by another program, which adds 1: {}", told.trim())?;

    // And who may: root passes every check, so it plays another user here.
    if Uid::effective().is_root() {
        Worker::start(|line| {
            setuid(Uid::from_raw(65534))?;
            let refused = segment::open(&name).err().map(|error| error.errno());
            if refused == Some(Errno::EACCES) { line.tell() } else { Ok(()) }
        })
        .and_then(|other| other.hear())?;
        writeln!(out, "  opened by another user: EACCES")?;
    }

    // Unmapped and closed everywhere, as after the end of all who have used it: it stays.
    drop(segment::open(&name)?);
    let again = segment::open(&name)?;
    writeln!(out, "  unmapped and opened again: {}", again.load(Ordering::SeqCst))?;

    // shm_unlink takes the name. The memory lives on in those who have it mapped.
    drop(owner);
    again.fetch_add(1, Ordering::SeqCst);
    let (there, holds) = (fs::exists(path(&name))?, again.load(Ordering::SeqCst));
    let gone = segment::open(&name).err().map(|error| format!("{:?}", error.errno()));
    writeln!(out, "  unlinked: in /dev/shm: {there}, opening it: {}", gone.unwrap_or_default())?;
    writeln!(out, "  whoever has it mapped goes on: {holds}")?;
    Ok(())
}
