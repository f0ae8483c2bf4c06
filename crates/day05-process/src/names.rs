//! Names, numbers, and whether it lives.

use std::fs;
use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _};

use cli::Outcome;
use process::{Deadline, Process, current};

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();

    // The default counts all processes that this one has made: Process-1, with a capital. A name
    // is for people: it may be given twice, and nothing is found by it.
    let (mut said, say) = io::pipe()?;
    let (hold, mut let_go) = io::pipe()?;
    let process = Process::new(move || told(say, hold)).name("copier");
    let mut process = process.start()?;
    // It is called so for the kernel too: that is what ps shows, 15 bytes of it.
    let mut words = String::new();
    said.read_to_string(&mut words)?;
    let comm = fs::read_to_string(format!("/proc/{}/comm", process.pid()))?;
    writeln!(out, "names: this is {}, the child says: {words}", current())?;
    writeln!(out, "  the handle says {}, /proc says {}", process.name(), comm.trim_end())?;

    // is_alive looks and does not wait. It reaps what has ended: asking is not free of effects.
    writeln!(out, "  alive: {}", process.is_alive()?)?;
    let_go.write_all(b"!")?;
    process.join(Deadline::Never)?;
    writeln!(out, "  alive after join: {}", process.is_alive()?)?;
    Ok(())
}

/// In the child: says its name and that of its own next child, then waits for a byte.
fn told(mut say: PipeWriter, mut hold: PipeReader) -> i32 {
    // Its own children count from 1 again, behind the number that it has itself.
    let Ok(child) = Process::new(|| 0).start() else { return 1 };
    let told = write!(say, "I am {}, my child is {}", current(), child.name());
    drop(say);
    i32::from(told.is_err() || hold.read_exact(&mut [0]).is_err())
}
