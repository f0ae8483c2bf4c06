//! Three processes with names of their own choice. Each sleeps, and each is a child of ours.

use std::fs;
use std::io::{self, Write as _};

use cli::Outcome;

use crate::being::{Being, until};
use crate::fields::split;
use crate::status;

pub(crate) fn run() -> Outcome {
    let mut rows = Vec::new();
    for name in ["plain", "two words", "a) R (b"] {
        let being = Being::start("plain", name)?;
        let pid = being.pid();
        // The other file has a line for each fact: there nothing can be confused.
        let truth = until("a process that sleeps", || {
            Ok(Some(status::line(pid, "State")?).filter(|state| state.starts_with('S')))
        })?;
        let parent = status::line(pid, "PPid")?;
        let line = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let (read, fields) = split(&line).ok_or("a line that is no line of stat")?;
        rows.push(format!("  {name:<10} is in state {truth}, child of {parent}"));
        let field = |index| fields.get(index).copied().unwrap_or_default();
        rows.push(format!("    stat: name '{read}', state {}, parent {}", field(0), field(1)));
    }
    let mut out = io::stdout();
    writeln!(out, "names, and what is read from /proc/PID/stat")?;
    for row in rows {
        writeln!(out, "{row}")?;
    }
    Ok(())
}
