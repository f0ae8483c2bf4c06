//! Descriptors are copied, the open file behind them is not.

use std::fs::{self, File};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::time::SystemTime;

use cli::Outcome;

use crate::child::ask;
use crate::first::first;

pub(crate) fn run() -> Outcome {
    let mut out = io::stdout();
    let mut file = nameless(b"0123456789")?;

    let child = ask(|| Ok(first(&file)?))?;
    let parent = first(&file)?;
    writeln!(out, "the first 4 bytes of a file: child {child}, parent {parent}")?;

    // The offset belongs to the open file description, and both descriptors refer to the same.
    file.rewind()?;
    ask(|| Ok((&file).seek(SeekFrom::Start(6))?.to_string()))?;
    writeln!(out, "the child has moved to 6, the parent is at {}", file.stream_position()?)?;
    Ok(())
}

/// A file that has no name any more: it goes away with its last descriptor.
fn nameless(content: &[u8]) -> Outcome<File> {
    let now = SystemTime::UNIX_EPOCH.elapsed().map_or(0, |time| time.as_nanos());
    let path = std::env::temp_dir().join(format!("day04-fork-{}-{now}", std::process::id()));
    let mut file = File::options().read(true).write(true).create_new(true).open(&path)?;
    fs::remove_file(&path)?;
    file.write_all(content)?;
    file.rewind()?;
    Ok(file)
}
