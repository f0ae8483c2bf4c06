//! A pipe from a parent to its child.

use std::io::{self, BufRead as _, BufReader, PipeReader, Read as _, Write as _};

use cli::Outcome;
use process::procfs::{Stat, State};

use crate::child::{finish, start};

pub(crate) fn run() -> Outcome {
    // std::io::pipe is pipe2(2) with O_CLOEXEC: two descriptors, the first reads, the second
    // writes. The ends have no name: whoever shall have one must inherit it.
    let (reader, mut writer) = io::pipe()?;
    let (told, tell) = io::pipe()?;
    writer.write_all(b"one")?;
    writer.write_all(b"two")?;
    let child = start(|| read_twice(&reader, &tell))?;
    drop(tell);

    let mut told = BufReader::new(told);
    let mut lines = String::new();
    told.read_line(&mut lines)?;
    // The child has read all there is, and reads again: an empty pipe puts it to sleep.
    let mut state = Stat::of(child.pid())?.state;
    while !matches!(state, State::Sleeping | State::Zombie) {
        std::thread::yield_now();
        state = Stat::of(child.pid())?.state;
    }
    writer.write_all(b"three")?;
    told.read_to_string(&mut lines)?;
    finish(child)?;

    // A pipe has one direction. For std it is a matter of types: a PipeReader has no write. For
    // the kernel it is how the descriptor was opened.
    let refused = nix::unistd::write(&reader, b"x");

    let mut out = io::stdout();
    writeln!(out, "a pipe to the child, \"one\" and \"two\" were written before the fork")?;
    write!(out, "{lines}")?;
    writeln!(out, "  in between, the pipe is empty and the child in state {state}")?;
    writeln!(out, "  writing to the read end: {refused:?}")?;
    Ok(())
}

/// The child. Two writes arrive in one read: a pipe keeps bytes in order, and no borders.
fn read_twice(mut reader: &PipeReader, mut tell: &io::PipeWriter) -> Outcome {
    for _ in 0..2 {
        let mut bytes = [0; 64];
        let n = reader.read(&mut bytes)?;
        writeln!(tell, "  a read gives {n} bytes: {}", bytes[..n].escape_ascii())?;
    }
    Ok(())
}
