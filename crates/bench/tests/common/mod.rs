//! What a benchmark that starts servers may have left in its temporary folder.

use std::fs;
use std::path::Path;

/// Those that were started with this path among their arguments, as all servers are.
pub(crate) fn is_anybody_in(folder: &Path) -> bool {
    let path = folder.to_str().expect("a path of letters");
    let lines = testkit::proc::pids().into_iter();
    lines
        .filter_map(|pid| fs::read(format!("/proc/{pid}/cmdline")).ok())
        .any(|line| String::from_utf8_lossy(&line).contains(path))
}

/// Whether no file is left either.
pub(crate) fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).expect("it is there").next().is_none()
}
