//! What fork gives, who goes on where, and what a failure looks like.

use std::io::{self, Read as _, Write as _};

use cli::Outcome;
use nix::sys::resource::{Resource, setrlimit};
use nix::unistd::{ForkResult, Uid, fork, getpid, getppid, setuid};

use crate::child::{ask, reap, start};

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let us = getpid();

    // The child could always ask for its parent's pid, the parent has no other way to learn the
    // child's than this result. So the child gets 0 (here: ForkResult::Child), which is no pid.
    // It tells both pids in one write: how often its parent reads must not depend on their digits.
    let (mut reader, mut writer) = io::pipe()?;
    let child = start(|| Ok(writer.write_all(format!("{} {}", getpid(), getppid()).as_bytes())?))?;
    drop(writer);
    let mut told = String::new();
    reader.read_to_string(&mut told)?;
    reap(child)?;
    let same = told == format!("{child} {us}");
    writeln!(out, "this is process {us}; fork gave it {child}, and 0 to the child")?;
    writeln!(out, "  the child says \"{told}\": its own pid and its parent's: {same}")?;

    // The child is a copy, also of the place where the program stands. What is in front of the
    // call has been done once, what is behind it is done twice.
    let (mut reader, mut writer) = io::pipe()?;
    writer.write_all(b"1")?;
    let child = start(|| Ok(writer.write_all(b"2")?))?;
    writer.write_all(b"2")?;
    drop(writer);
    let mut told = String::new();
    reader.read_to_string(&mut told)?;
    reap(child)?;
    writeln!(out, "before fork 1, behind it 2: the two wrote {told}")?;

    // Which of the two runs first is not defined. Who needs an order makes it: here the child
    // waits for the end of a pipe, so it has to close its own copy of the writing end.
    let (mut reader, writer) = io::pipe()?;
    let mut ours = Some(writer);
    let child = start(|| {
        ours = None;
        reader.read_to_end(&mut Vec::new())?;
        Ok(writeln!(io::stdout(), "  child: second, it waited for the end of the pipe")?)
    })?;
    writeln!(out, "  parent: first")?;
    drop(ours);
    reap(child)?;

    // The course's notes look for a negative number. That is C; Rust's fork gives Err(errno), as
    // Python's raises an exception. A child of ours may have no process: its own limit is 0.
    let answer = ask(|| {
        setrlimit(Resource::RLIMIT_NPROC, 0, 0)?;
        // The limit holds for users, and root is above it: 65534 is nobody. Where root may not
        // become nobody (a user namespace that has no such user), the limit is tried as it is.
        if Uid::effective().is_root() {
            let _ = setuid(Uid::from_raw(65534));
        }
        // SAFETY: one thread, as before; a child that comes into being all the same leaves the
        // program at the end of this closure, by _exit.
        Ok(match unsafe { fork() } {
            Err(errno) => format!("Err({errno:?})"),
            Ok(ForkResult::Child) => String::new(),
            Ok(ForkResult::Parent { child }) => {
                reap(child)?;
                "Ok, this machine has no such limit".into()
            }
        })
    })?;
    writeln!(out, "fork where no process is left: {answer}")?;
    Ok(())
}
