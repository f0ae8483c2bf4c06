//! Only the thread that calls fork goes on in the child.

use std::io::{self, Read as _, Write as _};
use std::process::{Command, Stdio};
use std::thread;

use cli::{Outcome, Role};
use nix::libc;
use nix::sys::stat::stat;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, fork};

use crate::child::keep_statuses;

pub(crate) const ROLE: Role =
    Role { name: "threads", args: &[], help: "forks beside another thread", run: beside };

/// A process of its own for it: nothing else of this lesson forks with threads.
pub(crate) fn run() -> Outcome {
    let mut command = Command::new(std::env::current_exe()?);
    let done = command.arg("threads").stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    io::stdout().write_all(&done.stdout)?;
    if done.status.success() { Ok(()) } else { Err("the threads have failed".into()) }
}

fn beside(_: &[String]) -> Outcome {
    keep_statuses()?;
    let (mut reader, writer) = io::pipe()?;
    let other = thread::spawn(move || reader.read_to_end(&mut Vec::new()));
    let ours = count()?;
    // A lock that the other thread holds at this moment is locked in the child for ever, malloc's
    // too: until exec or _exit a child may only make async-signal-safe calls.
    // SAFETY: the child makes two system calls, with arguments that stand ready, and leaves.
    match unsafe { fork() }? {
        ForkResult::Child => {
            let code = count().unwrap_or(-1);
            // SAFETY: _exit(2) takes a number and does not come back.
            unsafe { libc::_exit(code) }
        }
        ForkResult::Parent { child } => {
            let end = loop {
                match waitpid(child, None) {
                    Err(nix::errno::Errno::EINTR) => {}
                    end => break end?,
                }
            };
            drop(writer);
            other.join().map_err(|_| "the other thread panicked")??;
            let WaitStatus::Exited(_, theirs) = end else {
                return Err(format!("the child failed: {end:?}").into());
            };
            writeln!(io::stdout(), "threads: parent {ours}, child {theirs}")?;
            Ok(())
        }
    }
}

/// The directory of our threads has two links and one more for each of them. One stat(2), and
/// nothing is allocated.
fn count() -> nix::Result<i32> {
    let links = stat(c"/proc/self/task")?.st_nlink;
    Ok(i32::try_from(links).unwrap_or(i32::MAX) - 2)
}
