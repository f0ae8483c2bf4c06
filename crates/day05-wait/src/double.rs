//! The double fork: a grandchild that nobody in this program has to wait for.

use std::io::{self, Write as _};

use cli::Outcome;
use nix::sys::prctl::set_child_subreaper;
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::{getpid, getppid, getsid, setsid};

use crate::child::{hear, leave, start, tell};
use crate::orphan::{said, say};

pub(crate) fn run() -> Outcome {
    // It saves the parent the waiting and nobody else: the duty moves to the subreaper. We are
    // that too, so that we see it.
    set_child_subreaper(true)?;
    let (middle, line) = start(|line| {
        // A session of its own: no terminal's Ctrl-C and no hang-up reaches it any more.
        if setsid().is_err() {
            return 1;
        }
        let to_lesson = &line;
        let started = start(|from_middle| {
            hear(&from_middle);
            // Whatever stands here is the work.
            hear(to_lesson);
            let session = getsid(None).unwrap_or(getpid());
            let _ = say(to_lesson, &[getpid(), getppid(), session]);
            hear(to_lesson);
            5
        });
        // _exit and not return: up there is the parent's program, which must not run twice. The
        // middle child has no other task than to end, so the parent's wait takes no time.
        leave(i32::from(started.is_err()))
    })?;
    let waited = waitpid(middle, None)?;
    tell(&line)?;
    let [pid, parent, session] = said(&line)?;
    let running = waitpid(pid, Some(WaitPidFlag::WNOHANG))?;
    tell(&line)?;
    let collected = waitpid(pid, None)?;
    set_child_subreaper(false)?;

    let mut out = io::stdout();
    writeln!(out, "double fork: the middle child: {waited:?}")?;
    writeln!(out, "  the grandchild works on: {running:?}")?;
    writeln!(out, "  adopted by this subreaper: {}", parent == getpid())?;
    // The leader of the session is the middle child, which is gone: a grandchild that is no
    // leader can never get a controlling terminal by opening one.
    let (leader, ours) = (session == pid, Some(session) == getsid(None).ok());
    writeln!(out, "  in our session: {ours}, leader of its own: {leader}")?;
    writeln!(out, "  its end goes to whoever has adopted it: {collected:?}")?;
    Ok(())
}
