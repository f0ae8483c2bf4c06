//! Beginnings of other versions of a file.

use std::fs::{self, OpenOptions};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use nix::fcntl::OFlag;

/// Removes them: the file is there, whole, and nobody will go on with another version of it. One that
/// somebody is writing to is locked, and stays; so does what cannot be removed.
pub(super) fn remove(target: &Path) {
    let Some(name) = target.file_name() else { return };
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    for entry in fs::read_dir(folder.unwrap_or(Path::new("."))).into_iter().flatten().flatten() {
        if is_part_of(entry.file_name().as_bytes(), name.as_bytes()) {
            remove_unlocked(&entry.path());
        }
    }
}

/// Whether this is `.NAME.MARK.part`.
fn is_part_of(part: &[u8], name: &[u8]) -> bool {
    let mark = part.strip_prefix(b".").and_then(|rest| rest.strip_prefix(name));
    let mark = mark.and_then(|rest| rest.strip_prefix(b".")?.strip_suffix(b".part"));
    mark.is_some_and(|mark| !mark.is_empty() && mark.iter().all(u8::is_ascii_hexdigit))
}

fn remove_unlocked(path: &Path) {
    let flags = (OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK).bits();
    let Ok(file) = OpenOptions::new().read(true).custom_flags(flags).open(path) else { return };
    let is_file = file.metadata().is_ok_and(|file| file.is_file());
    if is_file && file.try_lock().is_ok() {
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_meant() {
        assert!(is_part_of(b".a.txt.09af.part", b"a.txt"));
        for other in [
            &b".a.txt.part"[..],
            b".a.txt..part",
            b".a.txt.1.2.part",
            b".b.txt.09af.part",
            b"a.txt.09af.part",
            b".a.txt.09ag.part",
            b".a.txt.09af.part~",
        ] {
            assert!(!is_part_of(other, b"a.txt"));
        }
    }
}
