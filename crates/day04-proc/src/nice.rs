//! Niceness: -20 takes the most, 19 gives way to everybody.

use std::io::{self, Write as _};
use std::process::Stdio;

use cli::{Outcome, Role};
use nix::sys::resource::{Resource, setrlimit};
use nix::unistd::{Pid, Uid, getpid, setuid};

use crate::being::this_program;
use crate::priority::{SELF, add, get, set};
use crate::stat::Stat;
use crate::status;

pub(crate) const ROLE: Role =
    Role { name: "nice", args: &[], help: "changes its own niceness", run: |_| change() };

/// In a process of its own: who has become nicer stays so.
pub(crate) fn run() -> Outcome {
    let mut command = this_program()?;
    let done = command.arg("nice").stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    io::stdout().write_all(&done.stdout)?;
    if done.status.success() { Ok(()) } else { Err(format!("nice: {}", done.status).into()) }
}

fn change() -> Outcome {
    let mut out = io::stdout();
    let first = get(SELF)?;
    writeln!(out, "niceness {first} was inherited")?;

    // A failure of this call is -1 and an errno, which stays where it is.
    writeln!(out, "  of a process that does not exist: {:?}", get(Pid::from_raw(i32::MAX)))?;
    // Downwards is for the privileged, or as far as RLIMIT_NICE allows.
    let answer = match set(SELF, -1) {
        Ok(()) => format!("allowed here, and getpriority gives {:?}", get(SELF)),
        Err(errno) => format!("{errno:?}"),
    };
    writeln!(out, "  set to -1: {answer}")?;
    // Upwards is always allowed.
    set(SELF, first.max(-1))?;

    let steps = [add(9)?, add(5)?, add(100)?];
    writeln!(out, "  9 more: {}; 5 more: {}; 100 more: {}", steps[0], steps[1], steps[2])?;
    let stat = Stat::of(getpid())?.ok_or("there is no /proc")?;
    writeln!(out, "  /proc says {}, and PR in top is {}", stat.nice, stat.priority)?;

    // Without any privilege the way back is closed. And nobody changes other people's processes,
    // not even to what they have already.
    let others = Pid::from_raw(1);
    let theirs = get(others)?;
    let owner = status::line(others, "Uid").unwrap_or_default();
    let owner = owner.split(' ').next().unwrap_or_default();
    setrlimit(Resource::RLIMIT_NICE, 0, 0)?;
    if Uid::effective().is_root() {
        // 65534 is nobody. Where root may not become nobody, it is a root without privileges.
        let _ = setuid(Uid::from_raw(65534));
    }
    let us = Uid::effective();
    writeln!(out, "without privilege, user {us} makes itself less nice: {:?}", add(-1))?;
    writeln!(out, "  and changes PID 1 of user {owner}: {:?}", set(others, theirs))?;
    Ok(())
}
