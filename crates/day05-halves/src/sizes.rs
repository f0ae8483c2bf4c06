//! Files of all sizes, copied and compared; and a half that fails.

use std::fs::{self, File};
use std::io::{self, Write as _};

use cli::Outcome;

use crate::copy::{copy, halves};

pub(crate) fn run() -> Outcome {
    let scratch = tempfile::tempdir()?;
    let mut rows = Vec::new();
    for size in [0, 1, 2, 3, 200_001] {
        let (from, to) = (scratch.path().join("from"), scratch.path().join("to"));
        // No byte of it is 0.
        let bytes: Vec<u8> = (1..=u8::MAX).cycle().take(size).collect();
        fs::write(&from, &bytes)?;
        copy(&from, &to)?;
        // os.path.getsize of the notes.
        let length = fs::metadata(&to)?.len();
        let copied = fs::read(&to)?;
        // What nobody has written reads as 0.
        let zeros = copied.iter().take(size / 2).filter(|byte| **byte == 0).count();
        rows.push((size, length, copied == bytes, zeros));
        fs::remove_file(&to)?;
    }

    // The size was asked for, and then the file has become shorter by one byte. Our half is
    // complete; only the child can know, and its status says so.
    let (from, to) = (scratch.path().join("from"), scratch.path().join("half"));
    let size = fs::metadata(&from)?.len() + 1;
    let failed = halves(&File::open(&from)?, &File::create_new(&to)?, size);
    drop(scratch);

    let mut out = io::stdout();
    writeln!(out, "copied by halves: size, size of the copy, equal, zeros in its first half")?;
    for (size, length, equal, zeros) in rows {
        writeln!(out, "  {size:>6} {length:>6} {equal:<5} {zeros:>6}")?;
    }
    let told = failed.map_or_else(|error| error.to_string(), |()| "success".into());
    writeln!(out, "  a byte is missing at the end: {told}")?;
    Ok(())
}
