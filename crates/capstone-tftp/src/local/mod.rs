//! The client's own files.
//!
//! A name that comes from outside never decides where something is written: without a name of the
//! user's own a download goes into the current directory, under the last part of the name that the
//! user has asked for. And a file appears under its final name when it is whole, or not at all:
//! what has come so far lies beside it, as a [`Part`].

mod part;

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

pub use part::Part;

/// Where a download goes: to the file that the user has named, into the directory that he has named,
/// or here.
///
/// # Errors
/// The name ends in nothing that could be a file's name; a file is there already, and may not be
/// replaced; what is there is a device, a FIFO or a socket, which nothing replaces.
pub fn target(remote: &[u8], local: Option<&Path>, overwrite: bool) -> Result<PathBuf, String> {
    let target = match local {
        Some(local) if !local.is_dir() => local.to_owned(),
        folder => {
            let last = remote.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
            if matches!(last, b"" | b"." | b"..") || last.contains(&0) {
                return Err("it has no name that a file here could have".into());
            }
            folder.unwrap_or(Path::new("")).join(OsStr::from_bytes(last))
        }
    };
    if target.is_dir() {
        return Err("there is a directory of that name here".into());
    }
    match target.symlink_metadata() {
        // A rename would put a file into the place of /dev/null, and root may do that.
        Ok(there) if !there.is_file() && !there.is_symlink() => {
            Err("what has that name here is no \
            ordinary file; with - it goes to standard output, which can lead there"
                .into())
        }
        Ok(_) if !overwrite => Err(exists().to_string()),
        _ => Ok(target),
    }
}

/// What is told about a file that is in the way.
fn exists() -> io::Error {
    let why = "there is a file of that name here, which only --overwrite replaces";
    io::Error::new(io::ErrorKind::AlreadyExists, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_name_leads_nowhere_else() {
        for (remote, here) in [
            (&b"a.txt"[..], Ok("a.txt")),
            (b"/pxelinux.cfg/default", Ok("default")),
            (b"../../etc/passwd", Ok("passwd")),
            (b"a\n\x1b[2Jb", Ok("a\n\x1b[2Jb")),
            (b"", Err(())),
            (b"a/", Err(())),
            (b"a/..", Err(())),
            (b".", Err(())),
            (b"a\0b", Err(())),
        ] {
            let found = target(remote, None, false);
            assert_eq!(found.map_err(drop), here.map(PathBuf::from), "{remote:?}");
        }
    }

    #[test]
    fn a_directory_is_gone_into_and_a_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        assert_eq!(target(b"b/a", Some(folder.path()), false).as_ref(), Ok(&file));
        assert_eq!(target(b"x", Some(&file), false).as_ref(), Ok(&file));
        std::fs::write(&file, "mine").unwrap();
        let refused = target(b"b/a", Some(folder.path()), false).unwrap_err();
        assert!(refused.contains("--overwrite"), "{refused}");
        assert_eq!(target(b"b/a", Some(folder.path()), true).as_ref(), Ok(&file));
        let fifo = folder.path().join("fifo");
        nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).unwrap();
        for special in [&fifo, Path::new("/dev/null")] {
            let refused = target(b"x", Some(special), true).unwrap_err();
            assert!(refused.contains("no ordinary file"), "{refused}");
        }
        // A link that leads nowhere is somebody's, too.
        let link = folder.path().join("link");
        std::os::unix::fs::symlink("nowhere", &link).unwrap();
        assert!(target(b"x", Some(&link), false).is_err());
    }
}
