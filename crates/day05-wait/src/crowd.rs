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
    let left = children.iter().filter(|&&child| is_zombie(child)).count();
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

/// Whether the kernel still keeps it, as our child and in state Z.
fn is_zombie(child: Pid) -> bool {
    look(child) == Some(('Z', getpid()))
}
