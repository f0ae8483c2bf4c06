//! A folder for the cases of one run. Each gets an empty one below it.

use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

/// More than this is no exercise, but a loop that writes: the disk is everybody's.
pub(super) const MOST: u64 = 256 << 20;

/// A new folder. Its path is short, because that of a socket has 107 bytes at most (unix(7)).
pub(super) fn make() -> io::Result<PathBuf> {
    let (place, pid) = (std::env::temp_dir(), std::process::id());
    // One may have been left by a process with the same number that nobody could end properly.
    let mut names = (0..100).map(|number| place.join(format!("nd-{pid}-{number}")));
    let made = names.find_map(|path| match fs::DirBuilder::new().mode(0o700).create(&path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => None,
        done => Some(done.map(|()| path)),
    });
    made.unwrap_or_else(|| Err(io::ErrorKind::AlreadyExists.into()))
}

/// Removes a folder with all that is in it, also what nobody may look into.
pub(super) fn remove(folder: &Path) {
    if fs::remove_dir_all(folder).is_err() {
        open_up(folder);
        // Nothing more can be done about what is still there.
        let _ = fs::remove_dir_all(folder);
    }
}

fn open_up(folder: &Path) {
    let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o700));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open_up(&entry.path());
        }
    }
}

/// Whether more was written into a folder than any exercise needs.
pub(super) fn is_too_full(folder: &Path) -> bool {
    let mut left = MOST;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(metadata) = entry.metadata() else { continue };
            // Blocks of 512 bytes: a file with holes takes less than its length.
            let size = std::os::unix::fs::MetadataExt::blocks(&metadata) * 512 + 64;
            left = left.saturating_sub(size);
            if metadata.is_dir() {
                folders.push(entry.path());
            }
        }
        if left == 0 {
            return true;
        }
    }
    false
}

/// Names in the file system that outlive the sockets and queues they were made for.
pub(super) fn left_names(folder: &Path) -> Vec<String> {
    let mut left = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        let name = entry.file_name().to_string_lossy().into_owned();
        if kind.is_socket() {
            left.push(format!(
                "the socket file {name:?} was left behind: closing a socket removes no name, \
                 unlink(2) does (unix(7)); the next bind to it fails with EADDRINUSE"
            ));
        } else if kind.is_fifo() {
            left.push(format!("the FIFO {name:?} was left behind: unlink(2) removes it (fifo(7))"));
        }
    }
    left
}
