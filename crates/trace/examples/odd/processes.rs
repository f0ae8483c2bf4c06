//! Processes.

use std::io::{Read as _, Write as _, pipe};
use std::thread::sleep;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitStatus, wait, waitpid};
use nix::unistd::{ForkResult, Pid, fork, getppid, setsid};

use crate::Done;
use crate::output::say;

/// Runs `child` in a process of its own, which ends with what it gives.
pub(crate) fn child(child: impl FnOnce() -> i32) -> nix::Result<Pid> {
    // SAFETY: this process has no other threads, so the child may do what it likes.
    match unsafe { fork()? } {
        ForkResult::Parent { child } => Ok(child),
        ForkResult::Child => {
            let code = child();
            // SAFETY: does not return.
            unsafe { nix::libc::_exit(code) }
        }
    }
}

/// A parent waits for what its child writes.
pub(crate) fn fork_and_pipe() -> Done {
    let (mut reader, mut writer) = pipe()?;
    let pid = child(|| i32::from(writer.write_all(b"hello").is_err()))?;
    drop(writer);
    let mut text = String::new();
    reader.read_to_string(&mut text)?;
    say(&text)?;
    let status = waitpid(pid, None)?;
    say(if status == WaitStatus::Exited(pid, 0) { "ended" } else { "failed" })
}

/// A hundred children, who end when they like.
pub(crate) fn hundred_forks() -> Done {
    for n in 0..100 {
        child(|| n)?;
    }
    let mut sum = 0;
    while let Ok(WaitStatus::Exited(_, code)) = wait() {
        sum += code;
    }
    say(&sum.to_string())
}

/// Another program.
pub(crate) fn spawn() -> Done {
    let status = std::process::Command::new("/bin/echo").arg("from echo").status()?;
    say(&status.to_string())?;
    let missing = std::process::Command::new("/nowhere/at/all").status();
    say(if missing.is_err() { "not there" } else { "there" })
}

/// A grandchild outlives both.
pub(crate) fn daemon() -> Done {
    let pid = child(|| {
        let _ = setsid();
        let inner = child(|| {
            sleep(Duration::from_millis(200));
            i32::from(say("still here").is_err())
        });
        i32::from(inner.is_err())
    })?;
    waitpid(pid, None)?;
    say("parent leaves")
}

/// A child that touches what is not there.
pub(crate) fn crash() -> Done {
    let pid = child(|| {
        let nowhere = std::ptr::without_provenance_mut::<u8>(8);
        // SAFETY: there is none: to crash is what this program is for.
        unsafe { nowhere.write_volatile(1) };
        0
    })?;
    let status = waitpid(pid, None)?;
    let crashed = matches!(status, WaitStatus::Signaled(_, Signal::SIGSEGV, _));
    say(if crashed { "crashed" } else { "did not" })
}

/// Itself.
pub(crate) fn abort() -> Done {
    say("about to")?;
    std::process::abort()
}

/// A child that sleeps for ever is killed.
pub(crate) fn kill_child() -> Done {
    let pid = child(|| {
        loop {
            nix::unistd::pause();
        }
    })?;
    kill(pid, Signal::SIGKILL)?;
    let status = waitpid(pid, None)?;
    say(&format!("{:?}", matches!(status, WaitStatus::Signaled(_, Signal::SIGKILL, _))))
}

/// Two processes wait for each other.
pub(crate) fn hang() -> Done {
    let (mut reader, _writer) = pipe()?;
    let _parent = getppid();
    let pid = child(|| {
        loop {
            nix::unistd::pause();
        }
    })?;
    let mut byte = [0];
    reader.read_exact(&mut byte)?;
    waitpid(pid, None)?;
    Ok(())
}
