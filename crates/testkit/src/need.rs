//! What a machine may lack. A test that cannot run here says so and why, so that a green run
//! cannot hide it.

use std::io::Write as _;
use std::path::PathBuf;

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Leaves the test, with the reason on standard error.
#[macro_export]
macro_rules! skip {
    ($($reason:tt)*) => {{
        $crate::need::say_skipped(&format!($($reason)*));
        return;
    }};
}

/// Written to the descriptor itself: libtest captures what `eprintln!` says in a test that passes,
/// and a skipped test must be heard. A case of an exercise tells its harness.
pub fn say_skipped(reason: &str) {
    #[cfg(feature = "trace")]
    if crate::exercise::skip(reason) {
        return;
    }
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("a test");
    // Without a standard error nobody can hear it, and the test has nothing to add.
    let _ = writeln!(std::io::stderr(), "SKIPPED {name}: {reason}");
}

/// Where a program is, if this machine has it.
pub fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|file| file.is_file())
}

/// Raises this process's limit of open descriptors to `count`, as far as the hard limit allows.
///
/// # Errors
/// A sentence for [`skip!`], when the hard limit is lower.
pub fn descriptors(count: u64) -> Result<(), String> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).map_err(|e| e.to_string())?;
    if hard < count {
        return Err(format!("needs {count} descriptors, the hard limit is {hard} (ulimit -Hn)"));
    }
    if soft < count {
        setrlimit(Resource::RLIMIT_NOFILE, count, hard).map_err(|e| e.to_string())?;
    }
    Ok(())
}
