//! A file that nobody sees yet.
//!
//! Usually it has no name at all (O_TMPFILE), so that the kernel itself removes it with the last
//! descriptor, whatever happens to us. Two things need a name that begins with a dot: to replace a
//! file, because linkat(2) replaces nothing and rename(2) takes names; and file systems without
//! O_TMPFILE, such as FAT and NFS. A draft with a name is locked (flock(2)) for as long as somebody
//! works on it, which is how the [sweep](super::sweep) tells the living from the dead.

use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::os::fd::AsRawFd as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::sync::atomic::{AtomicU64, Ordering};

use jail::Dir;
use nix::fcntl::{AT_FDCWD, AtFlags, OFlag, RenameFlags, openat, renameat, renameat2};
use nix::sys::stat::{Mode, SFlag, fstatat};
use nix::unistd::{UnlinkatFlags, linkat, unlinkat};
use syscall::{Errno, retry};

/// What the names of drafts begin with. No peer can say such a name.
const PREFIX: &str = ".capstone-tftp-";

/// What open(2) makes of it is the umask's to say, as for any other file.
const MODE: Mode = Mode::from_bits_truncate(0o666);

/// Whether this is the name of a draft.
pub(super) fn is_name(name: &[u8]) -> bool {
    name.starts_with(PREFIX.as_bytes())
}

/// Dropped, it is gone.
#[derive(Debug)]
pub(super) struct Draft {
    folder: Dir,
    file: File,
    /// The name beginning with a dot, while it has one.
    name: Option<String>,
}

impl Draft {
    /// An empty one, on the file system of this folder.
    pub(super) fn new(folder: Dir) -> Result<Self, Errno> {
        let flags = OFlag::O_TMPFILE | OFlag::O_WRONLY | OFlag::O_CLOEXEC;
        let (file, name) = match retry(|| openat(&folder, ".", flags, MODE)) {
            Ok(file) => (File::from(file), None),
            // The file system has no such thing; old kernels say EISDIR.
            Err(Errno::EOPNOTSUPP | Errno::EISDIR) => named(&folder)?,
            Err(errno) => return Err(errno),
        };
        // Without a name it is locked before anybody can find it; with one, it is locked already.
        // Where a file system has no locks, nothing is ever swept.
        let _ = file.try_lock();
        Ok(Self { folder, file, name })
    }

    /// For its content.
    pub(super) fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// The folder that it is for.
    pub(super) fn folder(&self) -> &Dir {
        &self.folder
    }

    /// Takes a name that nobody has. Of several that try, the kernel lets one succeed.
    ///
    /// # Errors
    /// EEXIST: somebody has it. ENOENT: the folder was removed.
    pub(super) fn appear(&mut self, name: &[u8]) -> Result<(), Errno> {
        let name = OsStr::from_bytes(name);
        let Some(own) = self.name.as_deref() else {
            return self.link(name);
        };
        let folder = &self.folder;
        match renameat2(folder, own, folder, name, RenameFlags::RENAME_NOREPLACE) {
            // A file system that cannot, such as NFS: a second name, and Drop removes the first.
            Err(Errno::EINVAL | Errno::ENOSYS) => {
                linkat(folder, own, folder, name, AtFlags::empty())
            }
            Ok(()) => {
                self.name = None;
                Ok(())
            }
            Err(errno) => Err(errno),
        }
    }

    /// Takes a name, and the place of the file that has it.
    ///
    /// # Errors
    /// EISDIR: it is a folder. ENOENT: the folder was removed.
    pub(super) fn replace(&mut self, name: &[u8]) -> Result<(), Errno> {
        let own = match self.name.take() {
            Some(own) => own,
            None => loop {
                let own = fresh_name();
                match self.link(OsStr::new(&own)) {
                    Err(Errno::EEXIST) => {}
                    linked => break linked.map(|()| own)?,
                }
            },
        };
        let own = self.name.insert(own).as_str();
        renameat(&self.folder, own, &self.folder, OsStr::from_bytes(name))?;
        self.name = None;
        Ok(())
    }

    /// A first name for what has none, by the way that linkat(2) shows: with AT_EMPTY_PATH, older
    /// kernels let only root do it.
    fn link(&self, name: &OsStr) -> Result<(), Errno> {
        let own = format!("/proc/self/fd/{}", self.file.as_raw_fd());
        linkat(AT_FDCWD, own.as_str(), &self.folder, name, AtFlags::AT_SYMLINK_FOLLOW)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(own) = &self.name {
            // Whatever is left in spite of this, the next start sweeps.
            let _ = unlinkat(&self.folder, own.as_str(), UnlinkatFlags::NoRemoveDir);
        }
    }
}

/// What lies in the folder under this name; a symbolic link is one.
///
/// # Errors
/// ENOENT, EACCES and others of stat(2).
pub(super) fn kind(folder: &Dir, name: &[u8]) -> Result<SFlag, Errno> {
    let stat = retry(|| fstatat(folder, OsStr::from_bytes(name), AtFlags::AT_SYMLINK_NOFOLLOW))?;
    Ok(SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT)
}

/// A draft with a name, locked.
fn named(folder: &Dir) -> Result<(File, Option<String>), Errno> {
    let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_WRONLY | OFlag::O_CLOEXEC;
    loop {
        let name = fresh_name();
        let file: File = match retry(|| openat(folder, name.as_str(), flags, MODE)) {
            Err(Errno::EEXIST) => continue,
            opened => opened?.into(),
        };
        // Not locked yet, it looks like one whose owner was killed: if somebody starts a server at
        // this very moment, he is sweeping it, or has done so.
        let sweeping = matches!(file.try_lock(), Err(TryLockError::WouldBlock));
        if !sweeping && file.metadata().is_ok_and(|it| it.nlink() > 0) {
            return Ok((file, Some(name)));
        }
    }
}

/// Unique as long as the process lives; what another one of this number has left is EEXIST.
fn fresh_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{PREFIX}{}-{number}", std::process::id())
}
