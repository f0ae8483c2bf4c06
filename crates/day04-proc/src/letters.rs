//! STAT as ps prints it: the state, and what is special about the process.

use std::io::{self, Write as _};

use cli::Outcome;

use crate::being::Being;
use crate::stat::Stat;

/// In the order in which ps has them. Its `L`, pages locked in memory, stands in another file.
pub(crate) fn of(stat: &Stat) -> String {
    let mut text = stat.state.to_string();
    for (holds, letter) in [
        (stat.nice < 0, '<'),
        (stat.nice > 0, 'N'),
        // A leader's PID is the number of the session.
        (stat.session == stat.pid, 's'),
        // The notes say "has a link to other processes". It means threads: CLONE_THREAD.
        (stat.threads > 1, 'l'),
        (stat.foreground == stat.group, '+'),
    ] {
        if holds {
            text.push(letter);
        }
    }
    text
}

pub(crate) fn run() -> Outcome {
    let mut rows = Vec::new();
    for (kind, what) in [
        ("plain", "nothing special"),
        ("parent", "has a child of its own"),
        ("threads", "has two threads"),
        ("nice", "niceness raised by 5"),
        ("less-nice", "niceness lowered by 5"),
        ("session", "leads a session"),
        ("terminal", "in front of a terminal of its own"),
        ("all", "nice, two threads, leads a session"),
    ] {
        let being = Being::start(kind, kind)?;
        let stat = Stat::until(being.pid(), 'S')?;
        // Less nice than before is a privilege; here and there no terminal is to be had.
        let said = if being.said == "ready" { "" } else { &being.said };
        rows.push(format!("  {what:<42} {:<6} {said}", of(&stat)));
    }
    let mut out = io::stdout();
    writeln!(out, "the letters of ps, each for a process that is like this")?;
    for row in rows {
        writeln!(out, "{}", row.trim_end())?;
    }
    Ok(())
}
