//! What waitpid(2) has answered, in words.

use cli::Outcome;
use nix::libc;

/// `pid` is what the call returned, `status` the number that it filled in.
#[allow(clippy::unnecessary_wraps, reason = "the demo's signature")]
pub(crate) fn verdict(_pid: i32, status: i32) -> Outcome<String> {
    // WRONG: "status = exit code * 256" is true of a normal end only, and nobody looks whether
    // it was one. A signal leaves 0 in this byte, and so does WNOHANG's "not yet".
    Ok(match libc::WEXITSTATUS(status) {
        0 => "success".into(),
        code => format!("failed with {code}"),
    })
}
