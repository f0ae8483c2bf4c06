//! Folders: where they are, and what they show.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jail::Dir;
use nix::fcntl::AtFlags;
use nix::sys::stat::{SFlag, fstatat};

use crate::files::listing::{self, Order, Row};
use crate::message::uri;

/// The one name with a dot that is no secret.
const WELL_KNOWN: &[u8] = b".well-known";

/// Whether a part of it begins with a dot: but for what is meant for everybody to find, at the top
/// (RFC 8615).
pub(super) fn is_hidden(name: &[u8]) -> bool {
    let mut parts = name.split(|&byte| byte == b'/');
    let first = parts.next().unwrap_or_default();
    first.starts_with(b".") && first != WELL_KNOWN || parts.any(|part| part.starts_with(b"."))
}

/// Where the folder of this name is. It begins with one slash and a name, so that it is on this
/// site: `//host` would be another.
pub(super) fn location(name: &[u8], query: Option<&[u8]>) -> Vec<u8> {
    let mut to = Vec::with_capacity(name.len() + 16);
    uri::encode_path(name, &mut to);
    to.push(b'/');
    if let Some(query) = query {
        to.push(b'?');
        to.extend_from_slice(query);
    }
    to
}

/// The page that lists the folder. Of a huge one only the names are read, and some files looked at.
pub(super) fn list(jail: &Dir, name: &[u8], order: Order) -> jail::Result<Vec<u8>> {
    let folder = jail.directory(if name.is_empty() { b"." } else { name })?;
    let mut names = folder.names()?;
    names.retain(|name| !name.starts_with(b"."));
    names.sort_unstable();
    let left_out = names.len().saturating_sub(listing::MOST);
    names.truncate(listing::MOST);
    let rows = names.into_iter().filter_map(|name| row(&folder, name)).collect();
    Ok(listing::page(name, rows, order, left_out))
}

/// Links that lead out, devices, and what vanishes meanwhile cannot be had: they are not offered.
fn row(folder: &Dir, name: Vec<u8>) -> Option<Row> {
    // One call for what lies there itself, where the jail's way takes three: a loop stands still for
    // as long as a folder is looked at.
    let it = fstatat(folder, OsStr::from_bytes(&name), AtFlags::AT_SYMLINK_NOFOLLOW).ok()?;
    let kind = it.st_mode & SFlag::S_IFMT.bits();
    if kind == SFlag::S_IFLNK.bits() {
        return behind_a_link(folder, name);
    }
    let is_folder = kind == SFlag::S_IFDIR.bits();
    let modified = time(it.st_mtime, it.st_mtime_nsec)?;
    let row = Row { name, folder: is_folder, size: it.st_size.try_into().ok()?, modified };
    (is_folder || kind == SFlag::S_IFREG.bits()).then_some(row)
}

/// Only the jail knows where it leads.
fn behind_a_link(folder: &Dir, name: Vec<u8>) -> Option<Row> {
    let found = folder.find(&name).ok()?;
    let it = found.metadata();
    let row = Row { name, folder: it.is_dir(), size: it.len(), modified: it.modified().ok()? };
    (it.is_file() || it.is_dir()).then_some(row)
}

fn time(seconds: i64, nanoseconds: i64) -> Option<SystemTime> {
    let fraction = Duration::from_nanos(nanoseconds.try_into().ok()?);
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let second =
        if seconds < 0 { UNIX_EPOCH.checked_sub(whole) } else { UNIX_EPOCH.checked_add(whole) };
    second?.checked_add(fraction)
}
