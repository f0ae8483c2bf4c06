//! Adopting the orphans among one's own descendants (prctl(2), PR_SET_CHILD_SUBREAPER).

use nix::sys::prctl::{get_child_subreaper, set_child_subreaper};
use syscall::{Context as _, Result};

/// While it lives, this process adopts its descendants when their parents end, in the place of
/// process 1. It must reap them too: [`crate::Child::adopt`]. Children do not inherit it.
#[derive(Debug)]
#[must_use = "dropping it restores what was before"]
pub struct Subreaper {
    before: bool,
}

impl Subreaper {
    /// From now on.
    ///
    /// # Errors
    /// None since Linux 3.4.
    pub fn new() -> Result<Self> {
        let before = get_child_subreaper().call("prctl")?;
        set_child_subreaper(true).call("prctl")?;
        Ok(Self { before })
    }
}

impl Drop for Subreaper {
    fn drop(&mut self) {
        // It has worked before. Whoever was adopted already stays.
        let _ = set_child_subreaper(self.before);
    }
}
