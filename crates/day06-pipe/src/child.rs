//! A child that does one thing and ends.

use cli::Outcome;
use process::{Child, Deadline, Process};

/// Starts it. It ends with its parent, whatever that dies of: it holds copies of the very ends on
/// which it waits, so that no end would ever tell it.
pub(crate) fn start(work: impl FnOnce() -> Outcome) -> Outcome<Child> {
    let process = Process::new(|| i32::from(work().is_err()));
    Ok(process.daemon(true).start()?.into_child())
}

/// Waits for its end, and fails when it did.
pub(crate) fn finish(mut child: Child) -> Outcome {
    match child.join(Deadline::Never)? {
        Some(exit) if exit.success() => Ok(()),
        exit => Err(format!("the child failed: {exit:?}").into()),
    }
}
