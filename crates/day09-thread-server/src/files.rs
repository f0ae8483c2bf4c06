//! What is in a directory, and how it is told.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, DirEntry};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

/// The ordinary files, by name.
pub(crate) fn ordinary(dir: &Path) -> io::Result<Vec<DirEntry>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        // The entry's own type: a symbolic link is no file here, wherever it leads to. An error
        // means that the entry has gone in the meantime.
        if entry.file_type().is_ok_and(|kind| kind.is_file()) {
            files.push(entry);
        }
    }
    // The kernel gives them as the file system has them, which is no order.
    files.sort_by_key(DirEntry::file_name);
    Ok(files)
}

/// A name in one line of UTF-8. On Linux a name is bytes, all but `/` and NUL: a newline would be
/// one name too many in our protocol, and control characters would reach the client's terminal.
/// Different names stay different, because the backslash itself is doubled.
pub(crate) fn shown(name: &OsStr) -> String {
    let mut text = String::new();
    for chunk in name.as_bytes().utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                '"' | '\'' => text.push(letter),
                _ => text.extend(letter.escape_debug()),
            }
        }
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

/// "2 files", and then a line for each: the client knows how many lines to expect.
pub(crate) fn list(dir: &Path) -> io::Result<String> {
    let files = ordinary(dir)?;
    let mut answer = format!("{} files\n", files.len());
    for file in files {
        answer.push_str(&shown(&file.file_name()));
        answer.push('\n');
    }
    Ok(answer)
}

/// The name is looked for among those that are listed, and never used as a path: `../secret` is
/// just a name that nobody has.
pub(crate) fn size(dir: &Path, name: &[u8]) -> io::Result<String> {
    for file in ordinary(dir)? {
        if shown(&file.file_name()).as_bytes() == name {
            return Ok(format!("{} bytes\n", file.metadata()?.len()));
        }
    }
    Ok("no such file\n".into())
}
