//! What a parent does about a child that it needs no longer.

use cli::Outcome;
use nix::sys::wait::waitpid;
use nix::unistd::Pid;

/// Waits for its end and throws the status away. The wait itself is what nobody else can do.
pub(crate) fn finish(child: Pid) -> Outcome {
    waitpid(child, None)?;
    Ok(())
}
