//! Runs a demo that cargo builds, and passes its exit status on.
//!
//! The keys of the terminal are the demo's: Ctrl-C and Ctrl-\ reach the whole foreground group,
//! and a demo that handles them must not lose the program that waits for it.

use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitCode, ExitStatus};

use cli::Outcome;

use crate::demo::Demo;
use crate::progress::{self, Fact};
use crate::{build, sys, workspace};

/// Only the whole lesson counts as run, not one of its roles (`-- server`) and not `-- --help`.
pub(crate) fn demo(demo: &Demo, args: &[OsString]) -> Outcome<ExitCode> {
    sys::outlive_the_keys()?;
    let program = build::program(&demo.name, "bin", &demo.name)?;
    let status = Command::new(program).args(args).status();
    let status = status.map_err(|e| format!("{} cannot be started: {e}", demo.name))?;
    if status.success() && args.is_empty() {
        progress::remember(&workspace::root(), Fact::Demo(&demo.name));
    }
    Ok(ExitCode::from(code(status)))
}

/// As a shell has it: the status, or 128 and the number of the signal.
pub(crate) fn code(status: ExitStatus) -> u8 {
    let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_the_shells() {
        let of = |raw| code(ExitStatus::from_raw(raw));
        assert_eq!([of(0), of(7 << 8), of(255 << 8)], [0, 7, 255]);
        assert_eq!([of(2), of(9), of(6 | 0x80)], [130, 137, 134]);
    }
}
