//! The course's five calls for files: what is there, is it a file, how big, and away with it.

use std::fs;
use std::io::{self, Write as _};

use cli::Outcome;

pub(crate) fn run() -> Outcome {
    let scratch = tempfile::tempdir()?;
    let (file, dir) = (scratch.path().join("letter"), scratch.path().join("drawer"));
    fs::write(&file, "你好")?;
    fs::create_dir(&dir)?;
    // os.listdir: in no order, as the file system has them.
    let mut rows = Vec::new();
    for entry in fs::read_dir(scratch.path())? {
        let entry = entry?;
        // os.path.isfile and os.path.getsize: one stat(2) for both. The size is in bytes: two
        // characters of Chinese are six.
        let about = entry.metadata()?;
        let size = about.is_file().then_some(about.len());
        rows.push((entry.file_name().to_string_lossy().into_owned(), about.is_file(), size));
    }
    rows.sort();
    // os.path.exists is an answer about the past: between it and the next call the file may
    // come or go. Removing, and looking at the error, is one call.
    let before = file.try_exists()?;
    fs::remove_file(&file)?;
    let after = file.try_exists()?;
    let again = fs::remove_file(&file).map_err(|error| error.kind());
    drop(scratch);

    let mut out = io::stdout();
    for (name, is_file, size) in rows {
        let size = size.map_or("-".into(), |size| size.to_string());
        writeln!(out, "{name}: is a file: {is_file}, size {size}")?;
    }
    writeln!(out, "letter exists: {before}; removed, it exists: {after}; once more: {again:?}")?;
    Ok(())
}
