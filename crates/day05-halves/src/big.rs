//! A size that 32 bits cannot express.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;

use cli::Outcome;

use crate::copy::copy;

const SIZE: u64 = 5 * 1024 * 1024 * 1024 + 1;

pub(crate) fn run() -> Outcome {
    let scratch = tempfile::tempdir()?;
    let (from, to) = (scratch.path().join("from"), scratch.path().join("to"));
    let file = File::create_new(&from)?;
    // A hole: it has a size, and no block on the disk.
    let made = file.set_len(SIZE);
    let line = match made {
        Ok(()) => copied(&file, &from, &to)?,
        // Not every file system has room for such a number.
        Err(error) => format!("no file of {SIZE} bytes here: {error}"),
    };
    drop(scratch);
    writeln!(io::stdout(), "a file with a hole: {line}")?;
    Ok(())
}

fn copied(file: &File, from: &Path, to: &Path) -> Outcome<String> {
    // Six letters across the middle, six at the very end.
    let places = [SIZE / 2 - 3, SIZE - 6];
    for at in places {
        file.write_all_at(b"middle", at)?;
    }
    copy(from, to)?;
    let (target, mut bytes, mut equal) = (File::open(to)?, [0; 6], true);
    for at in places {
        target.read_exact_at(&mut bytes, at)?;
        equal &= bytes == *b"middle";
    }
    let about = fs::metadata(to)?;
    let (size, small) = (about.len(), about.blocks() * 512 < 1024 * 1024);
    Ok(format!("{size} bytes, equal in the middle and at the end: {equal}, under 1 MiB: {small}"))
}
