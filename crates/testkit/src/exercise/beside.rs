//! Something of the learner's that runs beside the test and never ends by itself: a server.

use std::fmt::Debug;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, fork, getpid, getppid};

use super::inside::{aside, leave, stray};
use super::{errno, panics};
use crate::leaks::Holdings;
use crate::proc;

/// So long it may take to say why it ends.
const DYING: Duration = Duration::from_millis(200);

/// A process of its own that runs beside the test. Dropping it kills and reaps it.
#[derive(Debug)]
pub struct Beside {
    pid: Pid,
    reaped: bool,
}

/// Runs `work` in a forked child, so that it can be ended, however it is written, and so that its
/// descriptors, threads and children can be told from the test's own ([`Beside::holdings`]). It
/// has a copy of all that the test holds at this moment.
///
/// When the case fails, it is told that `work` has panicked, or what it has returned.
///
/// # Panics
/// When the test has threads (a lock that one of them holds would never be opened in the child),
/// or there can be no more processes.
#[track_caller]
pub fn beside<T: Debug>(work: impl FnOnce() -> T) -> Beside {
    let test = getpid();
    assert!(proc::tasks(std::process::id()).len() == 1, "beside() comes before any thread");
    // SAFETY: the process has one thread, so the child is a whole process.
    match unsafe { fork() }.expect("a process") {
        ForkResult::Parent { child } => Beside { pid: child, reaped: false },
        ForkResult::Child => {
            let _ = prctl::set_pdeathsig(Signal::SIGKILL);
            if getppid() != test {
                leave(0);
            }
            let me = getpid();
            let result = catch_unwind(AssertUnwindSafe(|| format!("{:?}", work())));
            if getpid() != me {
                stray(result.is_err());
            }
            let told = match &result {
                Ok(value) => returned(me, value),
                Err(_) => panicked(me, panics::last()),
            };
            aside(&told);
            let _ = std::io::stdout().flush();
            leave(if result.is_ok() { 0 } else { 101 })
        }
    }
}

/// A server mostly returns because of an error: that is what has to be known of it.
fn returned(process: Pid, value: &str) -> String {
    let told = format!("process {process}, which runs your code, has returned from it");
    if value == "()" {
        return told;
    }
    let meanings = errno::in_text(value).into_iter();
    [format!("{told}: {value}")].into_iter().chain(meanings).collect::<Vec<_>>().join("\n")
}

/// Whose body is not written yet does not ask which process has run it.
fn panicked(process: Pid, why: String) -> String {
    if why.ends_with(panics::TODO) {
        return why;
    }
    format!("process {process}, which runs your code, has ended: {why}")
}

impl Beside {
    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.pid.as_raw().cast_unsigned()
    }

    /// What it holds now.
    pub fn holdings(&self) -> Holdings {
        Holdings::of(self.pid())
    }

    /// Its children that have ended and that it has not waited for.
    pub fn zombies(&self) -> Vec<u32> {
        let children = proc::pids().into_iter().filter_map(|pid| Some((pid, proc::stat(pid)?)));
        let zombies = children.filter(|(_, stat)| stat.parent == self.pid() && stat.state == 'Z');
        zombies.map(|(pid, _)| pid).collect()
    }

    /// It and its children, but for those that have ended.
    pub fn processes(&self) -> Vec<u32> {
        let children = self.holdings().children.into_keys();
        let lives = |pid: &u32| proc::stat(*pid).is_some_and(|stat| stat.state != 'Z');
        [self.pid()].into_iter().chain(children).filter(lives).collect()
    }

    /// Nobody of these runs, in several looks: more will happen only when somebody speaks to them.
    pub fn is_quiet(&self) -> bool {
        let asleep = |task: u32| proc::stat(task).is_none_or(|stat| stat.state == 'S');
        (0..5).all(|_| {
            thread::yield_now();
            self.processes().into_iter().flat_map(proc::tasks).all(asleep)
        })
    }

    /// Whether it still runs.
    pub fn runs(&self) -> bool {
        proc::stat(self.pid()).is_some_and(|stat| stat.state != 'Z')
    }

    /// Sends it a signal.
    ///
    /// # Panics
    /// When it cannot be sent.
    pub fn signal(&self, signal: Signal) {
        kill(self.pid, signal).expect("it is not reaped yet");
    }

    /// Waits for its end. The exit status is 0 when `work` has returned, 101 when it panicked.
    ///
    /// # Panics
    /// When somebody else has waited for it.
    pub fn join(mut self) -> WaitStatus {
        self.reaped = true;
        waitpid(self.pid, None).expect("nobody else waits for it")
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.reaped {
            // A test that fails because this one panics is often the first to be seen.
            let start = Instant::now();
            while thread::panicking() && self.runs() && start.elapsed() < DYING {
                thread::sleep(Duration::from_millis(1));
            }
            // That it is gone already, or reaped by somebody who waits for any child, is no news.
            let _ = kill(self.pid, Signal::SIGKILL);
            let _ = waitpid(self.pid, None);
        }
    }
}
