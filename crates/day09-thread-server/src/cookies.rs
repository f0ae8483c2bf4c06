//! The day's cookies: what is this name? Python's os.listdir, os.path.isfile and os.path.isdir.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use cli::Outcome;

use crate::files::shown;

/// isfile and isdir follow a symbolic link, to a file elsewhere, or to nothing. The type that stands
/// in the directory does not, and mostly costs no call of its own (d_type, readdir(3)).
pub(crate) fn show(dir: &Path) -> Outcome {
    let mut out = io::stdout();
    let mut entries = fs::read_dir(dir)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    writeln!(out, "{:<14}{:<15}{:<9}is_dir", "name", "file_type", "is_file")?;
    for entry in entries {
        let (kind, path) = (entry.file_type()?, entry.path());
        let kind = match kind {
            kind if kind.is_file() => "ordinary file",
            kind if kind.is_dir() => "directory",
            kind if kind.is_symlink() => "symbolic link",
            _ => "something else",
        };
        let (file, folder) = (path.is_file(), path.is_dir());
        writeln!(out, "{:<14}{kind:<15}{file:<9}{folder}", shown(&entry.file_name()))?;
    }
    Ok(())
}
