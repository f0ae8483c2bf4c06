//! Several writers: up to PIPE_BUF bytes a write is atomic (pipe(7)).

use std::io::{self, PipeReader, Read as _, Write as _};

use cli::Outcome;
use nix::fcntl::{FcntlArg, fcntl};
use nix::libc::PIPE_BUF;
use nix::unistd::write;

use crate::child::{finish, start};
use crate::room::nonblocking;

pub(crate) fn run() -> Outcome {
    // Room for one page and not for two: whoever wants more than PIPE_BUF gets a part in.
    let (reader, writer) = nonblocking()?;
    fcntl(&writer, FcntlArg::F_SETPIPE_SZ(8192))?;
    let first = write(&writer, &[b'a'; PIPE_BUF]);
    let part = write(&writer, &[b'b'; PIPE_BUF + 1]);
    // Whatever somebody else writes now stands in the middle of it.
    let mut bytes = [0; PIPE_BUF];
    (&reader).read_exact(&mut bytes)?;
    write(&writer, b"c")?;
    (&reader).read_exact(&mut bytes)?;
    write(&writer, b"b")?;
    drop(writer);
    let mut rest = String::new();
    (&reader).read_to_string(&mut rest)?;
    let middle = char::from(bytes[PIPE_BUF - 1]).to_string() + &rest;

    // Up to PIPE_BUF it is all or nothing.
    let (_reader, writer) = nonblocking()?;
    fcntl(&writer, FcntlArg::F_SETPIPE_SZ(8192))?;
    write(&writer, &[b'a'; 5000])?;
    let whole = write(&writer, &[b'b'; PIPE_BUF]);
    let mixed = of_three_writers()?;

    let mut out = io::stdout();
    writeln!(out, "PIPE_BUF is {PIPE_BUF}; a pipe of 8192 bytes")?;
    writeln!(out, "  write {PIPE_BUF}: {first:?}, then {}: {part:?}", PIPE_BUF + 1)?;
    writeln!(out, "  where its rest begins, with another writer in between: {middle}")?;
    writeln!(out, "  with 3192 bytes free, write {PIPE_BUF}: {whole:?}")?;
    writeln!(out, "  3 processes, 600 writes of {PIPE_BUF} bytes: {mixed} mixed")?;
    Ok(())
}

/// Three children write at the same time, each its own letter.
fn of_three_writers() -> Outcome<usize> {
    let (reader, writer) = io::pipe()?;
    let mut children = Vec::new();
    for letter in *b"abc" {
        let mut writer = &writer;
        let mut write = || (0..200).try_for_each(|_| writer.write_all(&[letter; PIPE_BUF]));
        children.push(start(|| Ok(write()?))?);
    }
    drop(writer);
    let mixed = count_mixed(reader)?;
    children.into_iter().try_for_each(finish)?;
    Ok(mixed)
}

/// How many pieces of PIPE_BUF bytes are not of one letter.
fn count_mixed(mut reader: PipeReader) -> Outcome<usize> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    let pieces = bytes.chunks(PIPE_BUF);
    Ok(pieces.filter(|piece| piece.iter().any(|byte| *byte != piece[0])).count())
}
