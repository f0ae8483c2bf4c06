//! Five jobs, a child for each: what is left of them?

use std::io::{self, Write as _};

use cli::Outcome;
use nix::errno::Errno;
use nix::sys::wait::waitpid;
use nix::unistd::{Pid, getpid};

use crate::child::{look, tell, until_ended, until_told};
use crate::finish::finish;

pub(crate) fn run() -> Outcome {
    let mut children = Vec::new();
    for _ in 0..5 {
        let (child, line) = until_told(0)?;
        tell(&line)?;
        finish(child)?;
        children.push(child);
    }
    for &child in &children {
        until_ended(child)?;
    }
    let left = zombies()?;
    // Nothing stays behind, whatever was forgotten above.
    for child in children {
        match waitpid(child, None) {
            Ok(_) | Err(Errno::ECHILD) => {}
            Err(error) => return Err(error.into()),
        }
    }
    writeln!(io::stdout(), "5 jobs, 5 children have ended, {left} zombies in /proc")?;
    Ok(())
}

/// How many of our children are in state Z.
fn zombies() -> Outcome<usize> {
    let mut count = 0;
    for entry in std::fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
        count += usize::from(look(Pid::from_raw(pid)) == Some(('Z', getpid())));
    }
    Ok(count)
}
