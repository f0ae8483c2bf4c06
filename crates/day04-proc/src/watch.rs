//! The role `watch`: the states of one process, until it is gone.

use std::io::{self, Write as _};
use std::thread;
use std::time::Duration;

use cli::{Outcome, Role};

use crate::letters;
use crate::stat::Stat;
use crate::tree;

/// /proc tells nobody that something has changed: one has to look again. What is shorter than this
/// may be missed.
const EVERY: Duration = Duration::from_millis(10);

pub(crate) const ROLE: Role = Role {
    name: "watch",
    args: &["PID"],
    help: "its STAT at each change, until it is gone or Ctrl-C; looks every 10 ms",
    run: |args| watch(&args[0]),
};

fn watch(pid: &str) -> Outcome {
    let pid = tree::pid(pid)?;
    let first = Stat::of(pid)?.ok_or_else(|| format!("there is no process {pid}"))?;
    let mut out = io::stdout();
    writeln!(out, "{pid} {}", first.name)?;
    let mut shown = String::new();
    // The same number with another beginning is another process.
    while let Some(stat) = Stat::of(pid)?.filter(|stat| stat.start == first.start) {
        let letters = letters::of(&stat);
        if letters != shown {
            writeln!(out, "  {letters}")?;
            shown = letters;
        }
        thread::sleep(EVERY);
    }
    writeln!(out, "  gone")?;
    Ok(())
}
