//! When does a pipe end? When the last copy of its write end has been closed.

use std::fs;
use std::io::{self, PipeReader, PipeWriter, Read as _, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use cli::Outcome;

use crate::child::{finish, start};
use crate::reader::read_all;

pub(crate) fn run() -> Outcome {
    let (reader, writer) = io::pipe()?;
    let pipe = fs::read_link(format!("/proc/self/fd/{}", reader.as_raw_fd()))?;
    let (mut told, tell) = io::pipe()?;
    let (wait, mut go) = io::pipe()?;
    let before = write_ends(&pipe)?;

    // fork copies the descriptors. In an Option, each process can take its own copies out.
    let mut ends = Some((reader, writer));
    let child = start(|| {
        let (reader, writer) = ends.take().ok_or("the ends are gone")?;
        work(reader, writer, &pipe, &wait, &tell)
    })?;
    drop(tell);
    let in_parent = write_ends(&pipe)?;
    let (reader, mut writer) = ends.ok_or("the ends are gone")?;
    // Whoever writes closes the read end: so that he gets EPIPE when the reader has gone.
    drop(reader);
    writer.write_all(b"hello")?;
    drop(writer);
    let after = write_ends(&pipe)?;
    // A byte and no close: the child has a copy of this write end, too.
    go.write_all(b"!")?;
    let mut lines = String::new();
    told.read_to_string(&mut lines)?;
    finish(child)?;

    let mut out = io::stdout();
    writeln!(out, "write ends of one pipe")?;
    writeln!(out, "  before the fork: {before}, behind it in the parent: {in_parent}")?;
    writeln!(out, "  the parent has written 5 bytes and closed: {after}")?;
    write!(out, "{lines}")?;
    Ok(())
}

/// The child. It does not begin before the parent has no end left.
fn work(
    reader: PipeReader,
    writer: PipeWriter,
    pipe: &Path,
    mut wait: &PipeReader,
    mut tell: &PipeWriter,
) -> Outcome {
    let inherited = write_ends(pipe)?;
    wait.read_exact(&mut [0])?;
    let report = read_all(reader, writer, pipe)?;
    writeln!(tell, "  the child, which has inherited {inherited}: {report}")?;
    Ok(())
}

/// How many descriptors of this process write to the pipe with this name in /proc. The mode of
/// the link says what the descriptor is open for: `ls -l /proc/self/fd` shows l-wx.
pub(crate) fn write_ends(pipe: &Path) -> io::Result<usize> {
    let mut count = 0;
    for entry in fs::read_dir("/proc/self/fd")? {
        let link = entry?.path();
        // The descriptor that lists the folder is closed behind it, which makes it no failure.
        let writes = fs::symlink_metadata(&link).is_ok_and(|m| m.permissions().mode() & 0o200 != 0);
        count += usize::from(writes && fs::read_link(&link).is_ok_and(|target| target == pipe));
    }
    Ok(count)
}
