//! What peers may do.

/// What peers may do, and how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Whether anything may be uploaded.
    pub writable: bool,
    /// Whether an upload may take the place of a file.
    pub overwrite: bool,
    /// The longest upload, in bytes.
    pub longest: u64,
    /// An upload adds no name to a folder that has so many: files, and folders with them. Replacing
    /// a file adds none.
    pub files: u64,
}

impl Default for Rules {
    /// Uploads of up to 4 GiB that replace nothing, into folders of up to 10,000 names.
    fn default() -> Self {
        Self { writable: true, overwrite: false, longest: 4 << 30, files: 10_000 }
    }
}
