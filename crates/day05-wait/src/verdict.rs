//! What waitpid(2) has answered, in words.

use cli::Outcome;
use nix::sys::wait::WaitStatus;
use nix::unistd::Pid;

/// `pid` is what the call returned, `status` the number that it filled in. A program of Rust
/// never sees the two: nix's waitpid makes a WaitStatus out of them, as here, and the compiler
/// asks about each case.
pub(crate) fn verdict(pid: i32, status: i32) -> Outcome<String> {
    // 0 from WNOHANG is no child's id: nobody has ended, and the number means nothing.
    if pid == 0 {
        return Ok("still running".into());
    }
    Ok(match WaitStatus::from_raw(Pid::from_raw(pid), status)? {
        WaitStatus::Exited(_, 0) => "success".into(),
        WaitStatus::Exited(_, code) => format!("failed with {code}"),
        WaitStatus::Signaled(_, signal, _) => format!("killed by {signal}"),
        other => format!("{other:?}"),
    })
}
