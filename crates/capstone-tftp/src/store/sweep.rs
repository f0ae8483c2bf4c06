//! What killed servers have left.

use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::ffi::OsStrExt as _;

use jail::Dir;
use nix::sys::stat::SFlag;
use nix::unistd::{UnlinkatFlags, unlinkat};

use super::draft::{self, kind};

/// Removes every draft in the folder, and in the folders beneath it, whose owner has ended.
///
/// Symbolic links are not followed: where they lead inside, the sweep comes anyway. What cannot be
/// read or removed stays: a forgotten draft is no reason not to serve files.
pub(super) fn sweep(root: &Dir) {
    // Names, not descriptors, so that a deep tree does not use up the latter.
    let mut waiting = vec![b".".to_vec()];
    while let Some(path) = waiting.pop() {
        let Ok(folder) = root.directory(&path) else { continue };
        for name in folder.names().unwrap_or_default() {
            if draft::is_name(&name) {
                // Locked until it is gone: who has just made it sees the lock, and makes another.
                if let Some(_locked) = dead(&folder, &name) {
                    let name = OsStr::from_bytes(&name);
                    let _ = unlinkat(&folder, name, UnlinkatFlags::NoRemoveDir);
                }
            } else if kind(&folder, &name) == Ok(SFlag::S_IFDIR) {
                waiting.push([&path, b"/".as_slice(), &name].concat());
            }
        }
    }
}

/// The draft, locked, if nobody else has a lock on it: the kernel opens an owner's when that ends,
/// whatever of.
fn dead(folder: &Dir, name: &[u8]) -> Option<File> {
    let (file, _) = folder.file(name).ok()?;
    file.try_lock_shared().ok().map(|()| file)
}
