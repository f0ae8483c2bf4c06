//! Default actions: what signals do to a process that has not said what it wants.

use std::io::{self, Write as _};

use cli::Outcome;
use nix::sys::signal::Signal;

use crate::default::observe;

/// `kill -l` prints all names. Real-time signals have no names of their own, and nix's `Signal`
/// does not know them.
const ROWS: [(Signal, &str); 15] = [
    (Signal::SIGHUP, "the terminal has gone"),
    (Signal::SIGINT, "Ctrl-C"),
    (Signal::SIGQUIT, "Ctrl-\\"),
    (Signal::SIGILL, "no such instruction"),
    (Signal::SIGABRT, "abort()"),
    (Signal::SIGFPE, "1/0 in C; Rust panics"),
    (Signal::SIGKILL, "cannot be handled"),
    (Signal::SIGUSR1, "yours"),
    (Signal::SIGPIPE, "a write without reader"),
    (Signal::SIGALRM, "alarm()"),
    (Signal::SIGTERM, "kill without a name"),
    (Signal::SIGCHLD, "a child has changed"),
    (Signal::SIGCONT, "fg, bg"),
    (Signal::SIGSTOP, "cannot be handled"),
    (Signal::SIGTSTP, "Ctrl-Z"),
];

pub(crate) fn run() -> Outcome {
    let rows: Vec<_> = ROWS
        .into_iter()
        .map(|(signal, sent_by)| Ok((signal, sent_by, observe(signal)?)))
        .collect::<Outcome<_>>()?;

    let mut out = io::stdout();
    // The names of a shell's `kill -l`, which are those of signal(7).
    writeln!(out, "signal   number  meaning                 a child that was sent one")?;
    for (signal, sent_by, seen) in rows {
        writeln!(out, "{:<8} {:>6}  {sent_by:<23} {seen}", signal.as_str(), signal as i32)?;
    }
    // The kernel knows a kind of its own for these four, and what is a program's fault.
    writeln!(
        out,
        "QUIT, ILL, ABRT and FPE write a core too, but not where RLIMIT_CORE is 0, as here"
    )?;
    Ok(())
}
