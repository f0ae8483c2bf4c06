//! What a program with a segment leaves behind when it has ended.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;
use std::time::SystemTime;

use cli::{Outcome, Role};

use crate::owner::Owner;
use crate::segment;

pub(crate) const MAKE: Role = Role {
    name: "make",
    args: &["NAME"],
    help: "makes a segment, such as /hello, and stays until Ctrl-D; Ctrl-C leaves it",
    run: |args| make(&args[0]),
};

pub(crate) const UNLINK: Role = Role {
    name: "unlink",
    args: &["NAME"],
    help: "removes a segment that was left",
    run: |args| Ok(segment::unlink(&args[0])?),
};

fn make(name: &str) -> Outcome {
    let owner = Owner::create(name)?;
    owner.counter.store(41, Ordering::SeqCst);
    writeln!(io::stdout(), "{name} holds 41")?;
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(writeln!(io::stdout(), "{name} holds {}", owner.counter.load(Ordering::SeqCst))?)
}

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let name = new_name();
    let mut command = Command::new(std::env::current_exe()?);
    let command = command.args(["make", &name]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut program = command.spawn()?;
    // Its input ends when this is dropped: on every way out it ends by itself.
    let input = program.stdin.take();
    let mut said = BufReader::new(program.stdout.take().ok_or("no pipe")?);
    let mut first = String::new();
    said.read_line(&mut first)?;
    let added = segment::open(&name).map(|counter| counter.fetch_add(1, Ordering::SeqCst));
    drop(input);
    let mut last = String::new();
    said.read_to_string(&mut last)?;
    let status = program.wait()?;

    // Whatever is left is collected before the first word, so that it goes in any case.
    let left = fs::metadata(path(&name)).ok().map(|file| file.len());
    let holds = segment::open(&name).ok().map(|counter| counter.load(Ordering::SeqCst));
    let removed = segment::unlink(&name);
    let there = fs::exists(path(&name))?;
    added?;
    writeln!(out, "another program has made a segment, we add 1, it sees:")?;
    writeln!(out, "  {} → {}", number(&first), number(&last))?;
    writeln!(out, "it has ended ({status}); in /dev/shm:")?;
    match (left, holds) {
        (Some(bytes), Some(holds)) => {
            writeln!(out, "  its segment, {bytes} bytes, and nobody uses it; it holds {holds}")?;
            removed?;
            writeln!(out, "  after shm_unlink: {}", if there { "still there" } else { "nothing" })?;
        }
        _ => writeln!(out, "  nothing")?,
    }
    Ok(())
}

/// Where Linux keeps segments: a file system in memory. That is no promise of POSIX.
pub(crate) fn path(name: &str) -> String {
    format!("/dev/shm{name}")
}

/// A name that nobody else has.
pub(crate) fn new_name() -> String {
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_nanos());
    format!("/day06-shm-{}-{now}", std::process::id())
}

fn number(line: &str) -> &str {
    line.trim().rsplit(' ').next().unwrap_or_default()
}
