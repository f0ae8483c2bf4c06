//! The process that `cargo test` has started. It watches the harness, which a case can kill, stop
//! or take along, and which must not take the learner's shell along: signals from the terminal
//! come here.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use nix::errno::Errno;
use nix::sys::prctl;
use nix::sys::signal::{SigSet, Signal, kill, raise};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork};
use trace::signal_name;

use super::harness::say;
use super::page::Page;
use super::{Case, clear, folder, harness, inside};

/// Those by which a user ends the tests.
const ENDS: [Signal; 4] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT];

pub(super) fn run(root: &'static str, cases: &[Case]) -> ExitCode {
    keep(Path::new(root), cases).unwrap_or_else(|error| {
        say(&format!("the tests could not be run: {error}\n"));
        ExitCode::FAILURE
    })
}

fn keep(root: &Path, cases: &[Case]) -> io::Result<ExitCode> {
    close_the_rest();
    let folder = folder::make()?;
    let (file, page) = Page::new()?;
    prctl::set_child_subreaper(true)?;
    let ends: SigSet = ENDS.into_iter().collect();
    let mut all = ends;
    all.add(Signal::SIGCHLD);
    // From here on they are waited for; the harness waits for the same ones.
    all.thread_block()?;
    // SAFETY: nothing has started a thread yet: this is the beginning of main.
    let child = match unsafe { fork() }? {
        ForkResult::Parent { child } => child,
        ForkResult::Child => {
            let done = harness::run(root, cases, &folder, (&file, page), &ends);
            let code = done.unwrap_or_else(|error| {
                say(&format!("the tests could not be run: {error}\n"));
                ExitCode::FAILURE
            });
            // When the keeper is gone, nobody else removes it.
            folder::remove(&folder);
            inside::leave(i32::from(code != ExitCode::SUCCESS));
        }
    };
    let ended = wait(&all, child)?;
    clear::everybody();
    folder::remove(&folder);
    Ok(match ended {
        Ended::Code(0) => ExitCode::SUCCESS,
        Ended::Code(_) => ExitCode::FAILURE,
        Ended::Harmed(how) => {
            say(&format!(
                "FAILED   {}\n\n  the harness itself was {how}: this case has signalled its parent, \
                 or the group of its parent. A process signals those whose pid fork(2) has given \
                 it, and nobody else; see kill(2) for what 0 and negative numbers mean\n\n",
                page.case.get()
            ));
            ExitCode::FAILURE
        }
        Ended::Told(signal) => {
            // As a program ends that has no handler for it: the shell then knows why.
            ends.thread_unblock()?;
            raise(signal)?;
            ExitCode::FAILURE
        }
    })
}

/// What this process was started with beyond 0, 1 and 2, such as the pipe of cargo's job server, is
/// not for the cases.
fn close_the_rest() {
    // SAFETY: no pointers, and nothing is closed before an execve(2); 4 is CLOSE_RANGE_CLOEXEC. An
    // old kernel cannot do it: then each case begins with a few descriptors more.
    unsafe { libc::syscall(libc::SYS_close_range, 3, u32::MAX, 4) };
}

enum Ended {
    Code(i32),
    /// By a signal that nobody but a case can have sent.
    Harmed(String),
    /// By the user.
    Told(Signal),
}

fn wait(signals: &SigSet, harness: Pid) -> io::Result<Ended> {
    loop {
        let signal = signals.wait()?;
        if signal != Signal::SIGCHLD {
            return Ok(Ended::Told(signal));
        }
        match waitpid(harness, Some(WaitPidFlag::WNOHANG | WaitPidFlag::WUNTRACED)) {
            Ok(WaitStatus::Exited(_, code)) => return Ok(Ended::Code(code)),
            Ok(WaitStatus::Signaled(_, signal, _)) => {
                return Ok(Ended::Harmed(format!("ended by {}", signal_name(signal as i32))));
            }
            Ok(WaitStatus::Stopped(_, signal)) => {
                // What it runs is cleared with it.
                let _ = kill(harness, Signal::SIGKILL);
                return Ok(Ended::Harmed(format!("stopped by {}", signal_name(signal as i32))));
            }
            Err(errno) if errno != Errno::EINTR => return Err(errno.into()),
            _ => {}
        }
    }
}
