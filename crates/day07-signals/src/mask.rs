//! What a process passes on: to a child by fork, to another program by exec.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::process::{Command, Stdio};

use cli::{Outcome, Role};
use nix::sys::signal::{SaFlags, SigSet, Signal};
use process::fork;

use crate::child::{start, succeeded};
use crate::handler::{handle, ignore};

pub(crate) const ROLE: Role =
    Role { name: "mask", args: &[], help: "what it has inherited", run: print };

const SHOWN: [Signal; 3] = [Signal::SIGUSR1, Signal::SIGUSR2, Signal::SIGHUP];

pub(crate) fn run() -> Outcome {
    let program = std::env::current_exe()?;
    let (child, mut line) = start(|mut line| {
        SigSet::from(Signal::SIGUSR1).thread_block()?;
        ignore(Signal::SIGUSR2)?;
        handle(Signal::SIGHUP, SaFlags::SA_RESTART)?;
        writeln!(line, "set           {}", row()?)?;
        let forked = fork(|| {
            let said = row().and_then(|row| Ok(writeln!(line, "  after fork  {row}")?));
            i32::from(said.is_err())
        })?;
        succeeded(forked, "")?;
        // Of the handler's code nothing is left after exec, so the kernel goes back to the
        // default. The mask stays: a program that blocks a signal for its signalfd starts others
        // that cannot be ended by it. std's Command leaves all this as it is, except SIGPIPE.
        let told = Command::new(program).arg("mask").stdin(Stdio::null()).output()?;
        write!(line, "  after exec  {}", String::from_utf8_lossy(&told.stdout))?;
        Ok(())
    })?;
    let mut told = String::new();
    line.read_to_string(&mut told)?;
    succeeded(child, &told)?;
    let mut out = io::stdout();
    writeln!(out, "inherited     SIGUSR1  SIGUSR2  SIGHUP\n{}", told.trim_end())?;
    Ok(())
}

fn print(_: &[String]) -> Outcome {
    Ok(writeln!(io::stdout(), "{}", row()?)?)
}

fn row() -> Outcome<String> {
    let status = fs::read_to_string("/proc/self/status")?;
    let has = |field: &str, signal: Signal| {
        let line = status.lines().find_map(|line| line.strip_prefix(field));
        let set = line.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).unwrap_or(0);
        // Signal 1 is bit 0.
        set >> (signal as u32 - 1) & 1 == 1
    };
    let mut row = String::new();
    for signal in SHOWN {
        let word = match signal {
            _ if has("SigBlk:", signal) => "blocked",
            _ if has("SigIgn:", signal) => "ignored",
            _ if has("SigCgt:", signal) => "handled",
            _ => "default",
        };
        write!(row, "{word:<9}")?;
    }
    Ok(row.trim_end().into())
}
