//! A file's media type, by its name.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

/// The value of Content-Type, in two halves. Text is said to be UTF-8, in which the web is written.
/// What nobody knows is bytes, which no browser shows or runs.
pub fn of(name: &[u8]) -> (&'static str, &'static str) {
    let kind = mime_guess::from_path(Path::new(OsStr::from_bytes(name)))
        .first_raw()
        .unwrap_or("application/octet-stream");
    (kind, if is_text(kind) { "; charset=utf-8" } else { "" })
}

/// XML says its charset itself, and would not be believed against ours (RFC 7303, 3). JSON is UTF-8
/// by definition and knows no such parameter (RFC 8259, 11).
fn is_text(kind: &str) -> bool {
    kind.starts_with("text/") && kind != "text/xml" || kind == "application/javascript"
}
