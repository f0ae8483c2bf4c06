//! Where the tasks of running processes are: stops them for a moment, walks their stacks, lets
//! them go on. For processes that nobody has started under a tracer, such as one that hangs.
//!
//! A sleeping task is woken by this and sleeps on: the kernel begins its call again. A few calls
//! cannot be begun again and fail with EINTR (epoll_wait, msgrcv, semop and others, see signal(7),
//! "Interruption of system calls … by stop signals").

mod stand;
mod task;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use syscall::Context as _;

use crate::engine::Error;
use crate::symbols::Symbols;
use crate::sys::Tid;
pub use stand::Standing;
use task::Looked;

/// One that sleeps too deeply to be stopped is told without its line.
const PATIENCE: Duration = Duration::from_millis(500);

/// Where every task of these processes is, process by process. The source below `root` is the
/// one that lines are told of. Processes that have ended, or end meanwhile, are left out.
///
/// The tasks are stopped together, looked at and let go. Whatever a task was, asleep, running or
/// stopped by a signal, it is again afterwards, and a signal that comes meanwhile is not lost.
///
/// # Errors
/// [`Error::Denied`]: they are somebody else's, or traced already, or the system does not allow
/// tracing. ENOENT: there is no `root`.
pub fn where_are(pids: &[i32], root: impl AsRef<Path>) -> Result<Vec<Standing>, Error> {
    let root = root.as_ref();
    let root: PathBuf = fs::canonicalize(root).call_on("realpath", root.display())?;
    let tasks = pids.iter().flat_map(|&pid| tids(pid).into_iter().map(move |tid| (pid, tid)));
    // Each is let go when its value is dropped, whatever happens to the others.
    let mut looked = Vec::new();
    for (pid, tid) in tasks {
        match Looked::at(pid, tid) {
            Ok(found) => looked.extend(found),
            Err(error) => return Err(Error::of_start(error, tid)),
        }
    }
    let end = Instant::now() + PATIENCE;
    while looked.iter_mut().any(Looked::is_coming) && Instant::now() < end {
        thread::sleep(Duration::from_micros(100));
    }
    let mut symbols = Symbols::new(vec![root]);
    Ok(looked.into_iter().filter_map(|task| task.tell(&mut symbols)).collect())
}

/// The tasks of a process, the first one first.
fn tids(pid: Tid) -> Vec<Tid> {
    let Ok(entries) = fs::read_dir(format!("/proc/{pid}/task")) else { return Vec::new() };
    let mut tids: Vec<Tid> =
        entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    tids.sort_unstable();
    tids
}
