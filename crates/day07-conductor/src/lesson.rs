//! The lesson that needs nobody at the keyboard.

use std::error::Error;
use std::io::{self, BufReader, Read as _, Write as _};

use cli::{Outcome, Role};
use nix::pty::PtyMaster;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::{Pid, setpgid, write};
use process::signals::Disposition;
use process::{Deadline, fork};

use crate::play::play;
use crate::ride::ride;
use crate::terminal;

pub(crate) const ROLES: &[Role] = &[
    Role { name: "live", args: &[], help: "at your terminal: ^C, ^\\, and ^Z to end", run: live },
    Role { name: "kill", args: &[], help: "the lesson without a terminal", run: by_kill },
];

/// Ends with ^Z. From elsewhere: `kill -INT -- -GROUP`, as the terminal does it.
fn live(_: &[String]) -> Outcome {
    // Started with SIGCHLD ignored, nobody would learn how a child has ended.
    let _children = Disposition::default(Signal::SIGCHLD)?;
    ride(&mut io::stdout())
}

pub(crate) fn run() -> Outcome {
    match terminal::open() {
        Ok((keyboard, name)) => at_terminal(keyboard, &name),
        Err(error) => {
            writeln!(io::stdout(), "no pseudo-terminal here ({error}): signals by kill instead")?;
            by_kill(&[])
        }
    }
}

/// What a child does about an error: the sentence, and a code that is not 0.
#[allow(clippy::needless_pass_by_value, reason = "the shape that map_or_else wants")]
pub(crate) fn failed(error: Box<dyn Error + Send + Sync>) -> i32 {
    let _ = writeln!(io::stderr(), "{error}");
    1
}

/// With real keys, which the kernel turns into signals.
fn at_terminal(keyboard: PtyMaster, name: &str) -> Outcome {
    let _children = Disposition::default(Signal::SIGCHLD)?;
    let (lines, to_lines) = io::pipe()?;
    let (mut report, to_report) = io::pipe()?;
    let mut keyboard = Some(keyboard);
    let ours = &mut keyboard;
    let mut shell = fork(move || {
        // A keyboard that somebody else held too would not be gone when we are.
        drop(ours.take());
        terminal::shell(name, to_lines, to_report).map_or_else(failed, |()| 0)
    })?;
    let mut lines = BufReader::new(lines);
    let keyboard = keyboard.ok_or("the keyboard is gone")?;
    let played = play(&mut lines, |byte, _| {
        write(&keyboard, &[byte])?;
        Ok(())
    });
    // Whatever has happened: without its terminal nobody stays, and then the pipes end.
    if played.is_err() {
        drop(keyboard);
    }
    let mut told = String::new();
    lines.read_to_string(&mut told)?;
    report.read_to_string(&mut told)?;
    shell.join(Deadline::Never)?;
    played?;
    write!(io::stdout(), "{told}")?;
    Ok(())
}

/// What the terminal does, done by hand: kill(2) with the number of a group.
fn by_kill(_: &[String]) -> Outcome {
    let _children = Disposition::default(Signal::SIGCHLD)?;
    let (lines, mut to_lines) = io::pipe()?;
    let mut driver = fork(move || {
        let done = setpgid(Pid::from_raw(0), Pid::from_raw(0))
            .map_err(Into::into)
            .and_then(|()| ride(&mut to_lines));
        done.map_or_else(failed, |()| 0)
    })?;
    let group = driver.pid();
    let played = play(&mut BufReader::new(lines), |_, signal| Ok(killpg(group, signal)?));
    if played.is_err() {
        // The driver was not waited for, so the number is still that of his group.
        let _ = killpg(group, Signal::SIGKILL);
    }
    let end = driver.join(Deadline::Never)?.map_or_else(String::new, |exit| exit.to_string());
    played?;
    writeln!(io::stdout(), "the end of the driver: {end}")?;
    Ok(())
}
