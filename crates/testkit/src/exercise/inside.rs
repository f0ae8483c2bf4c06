//! The process of a case.

use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::sync::OnceLock;
use std::sync::atomic::Ordering;
use std::time::Duration;

use nix::sys::resource::{Resource, UsageWho, getrlimit, getrusage, setrlimit};
use nix::sys::signal::{SigSet, Signal};
use nix::unistd::{getpid, getppid, setsid};

use super::page::{Page, State};
use super::{Case, guard, judge, left, panics};
use crate::leaks::Holdings;
use crate::program;

/// The argument that says that this process is one.
pub(super) const FLAG: &str = "--case";

static PAGE: OnceLock<&'static Page> = OnceLock::new();
static ROOT: OnceLock<&'static str> = OnceLock::new();

/// The folder of the exercise whose case this process runs.
pub(super) fn root() -> &'static str {
    ROOT.get().copied().unwrap_or_default()
}

/// Notes a step that has gone well; [`step!`](crate::step) is shorter.
pub fn note(what: &str) {
    if let Some(page) = PAGE.get() {
        page.steps.add(what);
    }
}

/// A name for an IPC object (shared memory, a semaphore, a message queue) that no other test
/// has, with its slash. That it is gone when the case has ended is checked.
pub fn name(what: &str) -> String {
    let name = format!("/nd-{}-{what}", getpid());
    if let Some(page) = PAGE.get() {
        page.names.add(&name);
    }
    name
}

/// Why this case leaves without a result; whether this is a case at all.
pub(crate) fn skip(reason: &str) -> bool {
    PAGE.get().map(|page| page.skipped.add(reason)).is_some()
}

/// What is shown with a failure, from other processes of the case.
pub(super) fn aside(what: &str) {
    if let Some(page) = PAGE.get() {
        page.asides.add(what);
    }
}

pub(super) fn run(root: &'static str, case: &Case, page: &Path) -> ExitCode {
    let Ok(page) = Page::open(page) else { return ExitCode::FAILURE };
    let _ = PAGE.set(page);
    let _ = ROOT.set(root);
    let pid = getpid();
    if let Err(errno) = settle(getppid()) {
        page.verdict.add(&format!("the harness could not prepare this process: {errno}"));
        page.set_state(State::Failed);
        return ExitCode::FAILURE;
    }
    panics::keep();
    let limit = getrlimit(Resource::RLIMIT_NOFILE);
    let before = Holdings::now();
    page.pid.store(pid.as_raw().cast_unsigned(), Ordering::Relaxed);
    page.set_state(State::Running);

    let result = catch_unwind(AssertUnwindSafe(case.function));
    if getpid() != pid {
        stray(result.is_err());
    }
    if let Ok((soft, hard)) = limit {
        // Lower ones are the case's own affair, and make looking at what is left impossible.
        let _ = setrlimit(Resource::RLIMIT_NOFILE, soft, hard);
    }
    let state = match result {
        Err(_) => {
            page.verdict.add(&panics::last());
            State::Failed
        }
        Ok(()) => verdict(page, case, &before),
    };
    // Without a standard output nobody waits for the rest of it.
    let _ = std::io::stdout().flush();
    page.set_state(state);
    if state == State::Left {
        // Until it has been looked at and killed.
        loop {
            nix::unistd::pause();
        }
    }
    leave(0)
}

/// A session of its own, an end with the harness, and no harm to others.
fn settle(harness: nix::unistd::Pid) -> nix::Result<()> {
    nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
    if getppid() != harness {
        leave(0);
    }
    // EPERM: the tracer has made it the leader of a group already.
    let _ = setsid();
    SigSet::empty().thread_set_mask()?;
    program::heed_signals()?;
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    // A system without it leaves a case as unprotected as any other program.
    let _ = guard::protect_others();
    Ok(())
}

fn verdict(page: &Page, case: &Case, before: &Holdings) -> State {
    let used = processor_time();
    let left = left::over(before);
    if let Some(left) = left {
        page.verdict.add(&left);
        return State::Left;
    }
    if let Some(most) = case.cpu.filter(|&most| used > most) {
        page.verdict.add(&judge::too_busy(most));
        return State::Failed;
    }
    State::Passed
}

/// Of this process, and of its children that were waited for.
fn processor_time() -> Duration {
    let of = |who| {
        let usage = getrusage(who).ok()?;
        let times = [usage.user_time(), usage.system_time()];
        let micros = times.map(|time| time.tv_sec() * 1_000_000 + time.tv_usec());
        Some(Duration::from_micros(micros.iter().sum::<i64>().cast_unsigned()))
    };
    of(UsageWho::RUSAGE_SELF).unwrap_or_default()
        + of(UsageWho::RUSAGE_CHILDREN).unwrap_or_default()
}

/// A forked child that has come back: into the rest of the test, which it must not run.
pub(super) fn stray(panicked: bool) -> ! {
    let pid = getpid();
    let words = if panicked {
        format!(
            "child {pid} panicked, and the panic left the code that had forked it: what its parent \
             has on its stack was dropped in the child, too. {}",
            panics::last()
        )
    } else {
        format!(
            "child {pid} came back into the test: behind fork(2) the same code goes on in two \
             processes. A child ends where its work ends, with _exit(2)"
        )
    };
    if let Some(page) = PAGE.get() {
        page.strays.add(&words);
    }
    leave(101)
}

/// _exit(2), the end of a forked child: without the destructors and buffers of whoever has forked
/// it.
pub fn leave(code: i32) -> ! {
    // SAFETY: _exit(2) does not return, and runs nothing.
    unsafe { libc::_exit(code) }
}
